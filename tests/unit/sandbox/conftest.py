"""A running tool and a running sandbox; every test gets both as new."""

import threading
from collections.abc import Callable, Iterator

import pytest
import requests
from unit.sandbox.peer import PROFILES, FakeTool, HandClock, Platform, QuietHandler
from werkzeug.serving import make_server

from lti_tool.sandbox import SandboxServer


@pytest.fixture(scope="session")
def fake_tool() -> Iterator[FakeTool]:
    tool = FakeTool()
    server = make_server("127.0.0.1", 0, tool.app(), threaded=True, request_handler=QuietHandler)
    tool.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tool
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def hands() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def running(fake_tool: FakeTool, hands: HandClock) -> Iterator[SandboxServer]:
    with SandboxServer(fake_tool.url, clock=hands) as server:
        fake_tool.auth_urls = {row.issuer: row.auth_login_url for row in server.registrations}
        yield server


@pytest.fixture
def tool(fake_tool: FakeTool) -> FakeTool:
    fake_tool.fresh()
    return fake_tool


@pytest.fixture
def sandbox(running: SandboxServer, tool: FakeTool, hands: HandClock) -> SandboxServer:
    """A sandbox as new, with the clock at now."""
    hands.ahead = 0.0
    requests.post(f"{running.base_url}/api/reset", timeout=10).raise_for_status()
    return running


@pytest.fixture
def platform_of(
    sandbox: SandboxServer, tool: FakeTool, hands: HandClock
) -> Callable[[str], Platform]:
    return lambda name: Platform(sandbox, sandbox.platforms[name], tool, hands)


@pytest.fixture(params=PROFILES)
def platform(request: pytest.FixtureRequest, platform_of: Callable[[str], Platform]) -> Platform:
    """Every platform in turn."""
    return platform_of(request.param)


@pytest.fixture
def strict(platform_of: Callable[[str], Platform]) -> Platform:
    return platform_of("strict")


@pytest.fixture
def moodle(platform_of: Callable[[str], Platform]) -> Platform:
    return platform_of("moodle")


@pytest.fixture
def canvas(platform_of: Callable[[str], Platform]) -> Platform:
    return platform_of("canvas")
