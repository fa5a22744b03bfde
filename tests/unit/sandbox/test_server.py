"""Starting a sandbox, and what a tool is told about it."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from unit.sandbox.peer import Platform

from lti_tool.sandbox import SandboxServer, SandboxSettings, create_sandbox, registrations
from lti_tool.sandbox.__main__ import main
from lti_tool.sandbox.profiles import PROFILES


def test_registrations_are_the_same_at_every_start() -> None:
    settings = SandboxSettings("http://localhost:8001/", "http://localhost:8000/")

    assert registrations(settings) == registrations(settings)
    assert [row.name for row in registrations(settings)] == ["strict", "moodle", "canvas"]
    for row in registrations(settings):
        assert row.issuer == f"http://localhost:8001/{row.name}"
        assert row.family == PROFILES[row.name].family
        assert bool(row.ws_token) is (row.name == "moodle")


def test_what_is_registered_is_what_is_served(platform: Platform) -> None:
    (row,) = [r for r in platform.server.registrations if r.name == platform.lms.name]

    assert requests.get(row.jwks_url, timeout=10).json()["keys"]
    assert requests.get(row.auth_login_url, timeout=10).status_code in (400, 404)
    assert platform.refused("auth") == "auth_client"
    assert requests.post(row.auth_token_url, timeout=10).status_code in (400, 401)
    assert platform.refused("token") == "token_media_type"


def test_each_platform_has_keys_of_its_own(platform_of: object) -> None:
    app = create_sandbox(SandboxSettings("http://localhost:1", "http://localhost:2"))
    kids = [lms.keys.active.kid for lms in app.extensions["sandbox"].values()]

    assert len(set(kids)) == 3


def test_only_the_chosen_platforms_are_served() -> None:
    settings = SandboxSettings("http://localhost:1", "http://localhost:2", profiles=("canvas",))
    client = create_sandbox(settings).test_client()

    assert client.get("/canvas/course").status_code == 200
    assert client.get("/moodle/course").status_code == 404


@pytest.mark.parametrize("profiles", [("blackboard",), ()])
def test_an_unknown_platform_is_named(profiles: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="strict, moodle, canvas"):
        SandboxSettings("http://localhost:1", "http://localhost:2", profiles=profiles)


def test_the_port_is_known_before_the_tool_is() -> None:
    server = SandboxServer()
    issuer = server.registrations[0].issuer
    with server:
        server.point_at("http://localhost:9/")

        assert issuer.startswith(server.base_url)
        assert server.platforms["strict"].client.launch_url == "http://localhost:9/lti/launch"
        assert requests.get(server.base_url, timeout=10).status_code == 200


def test_the_address_can_have_another_name_with_the_port_that_was_taken() -> None:
    server = SandboxServer(base_url="https://lms.localhost:{port}")
    port = server.base_url.rsplit(":", 1)[1]

    assert server.base_url.startswith("https://lms.localhost:")
    assert int(port) > 0
    server.stop()


def test_stopping_lets_go_of_calls_that_hang() -> None:
    server = SandboxServer().start()
    body = {"target": "jwks", "kind": "timeout", "seconds": 300}
    requests.post(f"{server.base_url}/api/strict/faults", json=body, timeout=10)
    began = time.monotonic()
    with pytest.raises(requests.RequestException):
        requests.get(server.platforms["strict"].url("jwks"), timeout=0.2)

    server.stop()

    assert time.monotonic() - began < 10


def test_the_command_prints_what_to_register(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--port", "0", "--base-url", "https://lms.example", "--registrations"]

    assert main(arguments) == 0

    rows = json.loads(capsys.readouterr().out)
    assert rows[1]["ws_url"] == "https://lms.example/moodle/webservice/rest/server.php"


def test_a_taken_port_is_said_in_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        assert main(["--port", str(taken.getsockname()[1])]) == 1

    assert "Traceback" not in capfd.readouterr().err


def test_it_runs_as_a_module() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "lti_tool.sandbox", "--port", "0", "--profiles", "moodle"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        assert requests.get(f"{address}/moodle/course", timeout=10).status_code == 200
    finally:
        process.terminate()
        process.communicate(timeout=10)
