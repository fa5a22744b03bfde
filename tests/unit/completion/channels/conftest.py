"""A platform on a local server, and a channel that talks to it for real."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from lti_tool.completion.channels.base import Channel, Delivery, Link, Outcome
from lti_tool.platforms.models import Platform
from lti_tool.services import services

Reply = tuple[int, dict[str, str], bytes]


def token(value: str = "t", **more: object) -> Reply:
    said = {"access_token": value, "token_type": "Bearer", "expires_in": 3600} | more
    return (200, {}, json.dumps(said).encode())


@dataclass
class Desk:
    """Where a test says what the platform answers, and sees what came."""

    server: object
    platform: Platform
    moment: object
    link: Link
    replies: dict[str, list[Reply]] = field(default_factory=dict)

    def answers(self, path: str, *replies: Reply) -> None:
        """Answer a path with these in turn; the last one stays."""
        waiting = list(replies)

        def reply(raw: object) -> None:
            status, headers, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            raw.send_response(status)
            for name, value in (
                {"Content-Length": str(len(body)), "Connection": "close"} | headers
            ).items():
                raw.send_header(name, value)
            raw.end_headers()
            raw.wfile.write(body)

        self.server.replies[path] = reply

    def channel(self, kind: type[Channel]) -> Channel:
        tool = services()
        return kind(tool.http, tool.tokens, tool.vault)

    def deliver(self, kind: type[Channel], sub: str = "4") -> Outcome:
        moment = self.moment
        delivery = Delivery(self.platform, self.link, sub, moment, moment + timedelta(minutes=9))
        return self.channel(kind).deliver(delivery)

    def sent(self, path: str) -> list[tuple[str, dict[str, str], bytes]]:
        return [
            (method, headers, body)
            for method, asked, headers, body in self.server.asked
            if asked.partition("?")[0] == path
        ]


@pytest.fixture
def desk(app, clock, local_server):
    services().keys.ensure()
    url = local_server.url
    made = Desk(
        local_server,
        Platform(
            name="lms",
            issuer=url,
            client_id="tool",
            auth_login_url=f"{url}/auth",
            auth_token_url=f"{url}/token",
            jwks_url=f"{url}/jwks",
            family="generic",
        ),
        clock(),
        Link("7", f"{url}/lineitems/7?type_id=1", f"{url}/completion/7"),
    )
    made.answers("/token", token())
    return made
