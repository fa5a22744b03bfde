"""A tool and the practice LMS on real sockets, with one clock that the tests turn."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from lti_tool import create_app
from lti_tool.completion import outbox, status, worker
from lti_tool.completion.models import Completion
from lti_tool.completion.status import Status
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.launch.models import Learner, ResourceLink
from lti_tool.platforms.models import Platform
from lti_tool.sandbox.server import SandboxServer
from lti_tool.sandbox.world.records import Activity, LineItem
from lti_tool.sandbox.world.store import Lms
from lti_tool.services import services

LATER = ("hidden", "allowed_attempts")
"""What a teacher sets on an activity after placing it."""


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        pass


class Tool:
    """The tool, served so that an LMS can fetch its keys."""

    def __init__(self, folder: Path, clock, database_url: str | None = None) -> None:
        self._server = make_server(
            "127.0.0.1", 0, Flask(__name__), threaded=True, request_handler=_Quiet
        )
        self.settings = Settings(
            base_url=f"http://127.0.0.1:{self._server.server_port}",
            database_url=database_url or f"sqlite:///{folder / 'tool.sqlite'}",
            secret_key="a-secret-for-tests-only-0123456789",
            keys_dir=folder / "keys",
            allow_private_platforms=True,
        )
        self.app = create_app(self.settings, clock=clock)
        self._server.app = self.app
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.server_close()


@dataclass
class World:
    """The tool and one platform of the practice LMS that it is registered with."""

    tool: Tool
    lms: Lms
    clock: object

    @property
    def app(self) -> Flask:
        return self.tool.app

    def activity(self, *, reports: bool = True, **wishes: object) -> Activity:
        """Place an activity in the course, and let the tool know its resource link."""
        if reports and self.lms.name != "moodle":
            wishes.setdefault("line_item", LineItem())
        later = {name: wishes.pop(name) for name in LATER if name in wishes}
        made = self.lms.add_activity(self.lms.client, "Oefening", **wishes)
        for name, value in later.items():
            setattr(made, name, value)
        self.know(made)
        return made

    def know(self, made: Activity) -> None:
        """Store the resource link, as a launch from this activity does."""
        platform = self.platform
        item = made.line_item
        url = self.lms.line_item_url(item, self.lms.client) if item else None
        db.session.add(
            ResourceLink(
                deployment_id=platform.deployments[0].id,
                link_id=made.resource_link_id,
                context_id=self.lms.habits.context_id,
                item="oefening",
                line_item=url,
                completion_url=(
                    self.lms.completion_url(made) if self.lms.offers_completion else None
                ),
            )
        )
        db.session.commit()

    @property
    def platform(self) -> Platform:
        return services().registry.by_name(self.lms.name)

    def link_of(self, activity: Activity) -> ResourceLink:
        return db.session.scalar(
            select(ResourceLink).where(ResourceLink.link_id == activity.resource_link_id)
        )

    def sub(self, who: str = "sam") -> str:
        return self.lms.people[who].sub

    def learner(self, who: str = "sam") -> Learner:
        tool, platform = services(), self.platform
        pseudonym = tool.vault.pseudonym(platform.issuer, self.sub(who))
        found = db.session.scalar(select(Learner).where(Learner.pseudonym == pseudonym))
        if found is None:
            found = Learner(
                platform_id=platform.id,
                pseudonym=pseudonym,
                sealed_sub=tool.vault.seal(self.sub(who)),
            )
            db.session.add(found)
            db.session.commit()
        return found

    def complete(self, activity: Activity, who: str = "sam") -> None:
        outbox.record(
            db.session(),
            learner_id=self.learner(who).id,
            link_id=self.link_of(activity).id,
            now=self.clock(),
        )
        db.session.commit()

    def done(self, activity: Activity, who: str = "sam") -> Completion:
        db.session.expire_all()
        return db.session.scalar(
            select(Completion).where(
                Completion.learner_id == self.learner(who).id,
                Completion.link_id == self.link_of(activity).id,
            )
        )

    def again(self, activity: Activity) -> None:
        """Press the teacher's button: report this activity's completions again."""
        outbox.resend(db.session(), link_id=self.link_of(activity).id, now=self.clock())
        db.session.commit()
        self.clock.turn(seconds=1)

    def learner_sees(self, activity: Activity, who: str = "sam") -> Status:
        link = self.link_of(activity)
        return status.of(
            db.session(),
            platform=self.platform,
            learner_id=self.learner(who).id,
            link_id=link.id,
            now=self.clock(),
        )

    def send(self) -> Counter[str]:
        return worker.drain(self.app)

    def send_until_quiet(self, rounds: int = 40) -> None:
        """Send, and let time pass until nothing waits any more."""
        for _ in range(rounds):
            self.send()
            if not db.session.scalar(
                select(Completion.id).where(Completion.due_at.is_not(None)).limit(1)
            ):
                return
            db.session.rollback()
            self.clock.turn(hours=6)
        raise AssertionError("something still waits")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@pytest.fixture
def turning(clock):
    """The shared clock, set to the real present: both sides must agree on it."""
    clock.moment = datetime.now(UTC).replace(microsecond=0)
    return clock


def connect(sandbox: SandboxServer, tool: Tool, clock) -> None:
    """Register the practice LMS with the tool, as an operator does, and empty it."""
    for row in sandbox.registrations:
        platform = services().registry.add(
            name=row.name,
            issuer=row.issuer,
            client_id=row.client_id,
            auth_login_url=row.auth_login_url,
            auth_token_url=row.auth_token_url,
            jwks_url=row.jwks_url,
            deployment_ids=(row.deployment_id,),
            family=row.family,
        )
        if row.ws_token:
            platform.ws_url = row.ws_url
            platform.ws_token = services().vault.seal(row.ws_token)
    db.session.commit()
    for lms in sandbox.platforms.values():
        lms.settings = replace(
            sandbox.settings, tool_url=tool.settings.base_url, clock=lambda: clock().timestamp()
        )
        lms.reset()


@pytest.fixture
def make_world(sandbox: SandboxServer, tmp_path: Path, turning):
    """Make a tool on a database, and worlds of it by profile.

    Asserts afterwards that no score field was ever sent.
    """
    with ExitStack() as stack:

        def make(database_url: str | None = None) -> Callable[[str], World]:
            tool = Tool(tmp_path, turning, database_url)
            stack.callback(tool.stop)
            stack.enter_context(tool.app.app_context())
            stack.callback(db.engine.dispose)
            stack.callback(db.session.remove)
            db.create_all()
            services().keys.ensure()
            connect(sandbox, tool, turning)
            return lambda profile: World(tool, sandbox.platforms[profile], turning)

        yield make
        for lms in sandbox.platforms.values():
            assert lms.memory.violations == []


@pytest.fixture
def world_of(make_world):
    """Worlds by profile, of a tool on SQLite."""
    return make_world()
