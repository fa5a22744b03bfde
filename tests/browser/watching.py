"""Looking over a browser's shoulder: what a page complains about, and whom it calls."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

LOCAL_SCHEMES = {"data", "blob", "about"}


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass
class Watch:
    """Collects what should not happen on any page.

    Attributes:
        home: the origins that pages may talk to.
        complaints: one line for each thing that happened and should not.
        requests: every request made, with its address.
    """

    home: tuple[str, ...]
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Look at every page, frame and window of `context` from now on."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def expect_refusals(self) -> None:
        """Chromium's console names every page with a status of 4xx; here that is meant."""
        self._expected.append(r"the server responded with a status of 4\d\d")

    def expect_lost_connections(self) -> None:
        """Chromium's console names every request that did not arrive; here that is meant."""
        self._expected.append(r"net::ERR_(INTERNET_DISCONNECTED|BLOCKED_BY_CLIENT)")

    def expect_a_tool_that_is_away(self) -> None:
        """As for refusals, with a status of 502 or 503."""
        self._expected.append(r"the server responded with a status of 50[23]")

    def _console(self, message: ConsoleMessage) -> None:
        meant = any(re.search(pattern, message.text) for pattern in self._expected)
        if message.type in {"error", "warning"} and not meant:
            self.complaints.append(f"console {message.type}: {message.text} ({message.location})")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"exception: {error.error}")

    def _request(self, request: Request) -> None:
        self.requests.append(request)
        if (
            urlsplit(request.url).scheme not in LOCAL_SCHEMES
            and origin(request.url) not in self.home
        ):
            self.complaints.append(f"request to another host: {request.url}")
