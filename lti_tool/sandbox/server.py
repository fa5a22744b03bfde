"""Running a sandbox: on a thread for tests and the demo, or in the foreground."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from lti_tool.sandbox.app import create_sandbox
from lti_tool.sandbox.profiles import Registration, registrations
from lti_tool.sandbox.world.settings import ALL_PROFILES, SandboxSettings
from lti_tool.sandbox.world.store import Lms


class _Quiet(WSGIRequestHandler):
    """The inspector shows every message; a second log helps nobody."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class SandboxServer:
    """A sandbox on a thread of its own.

    The port is taken when the object is made, so that `base_url` and `registrations` are known
    before the tool starts; `point_at` tells later where the tool is.

    Args:
        tool_url: the tool's base address.
        host: the interface to listen on, also the host in `base_url` unless that is given.
        port: 0 takes a free one.
        base_url: the address by which browsers and the tool know the sandbox; `{port}` in it
            stands for the port that was taken.
        profiles: which platforms to serve.
        verify_tls: how the tool's certificate is checked (see `SandboxSettings`).
        ssl_context: serve HTTPS with it.
        clock: gives the time in seconds since 1970.
    """

    def __init__(
        self,
        tool_url: str = "http://localhost:8000",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        base_url: str = "",
        profiles: tuple[str, ...] = ALL_PROFILES,
        verify_tls: bool | str = True,
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._server = make_server(
            host,
            port,
            Flask(__name__),
            threaded=True,
            request_handler=_Quiet,
            ssl_context=ssl_context,
        )
        scheme = "https" if ssl_context else "http"
        self.settings = SandboxSettings(
            base_url=(base_url or f"{scheme}://{host}:{{port}}").replace(
                "{port}", str(self._server.server_port)
            ),
            tool_url=tool_url,
            profiles=profiles,
            verify_tls=verify_tls,
            clock=clock,
        )
        self.app = create_sandbox(self.settings)
        self._server.app = self.app
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def base_url(self) -> str:
        """The sandbox's address."""
        return self.settings.base_url

    @property
    def registrations(self) -> list[Registration]:
        """What to register in the tool."""
        return registrations(self.settings)

    @property
    def platforms(self) -> dict[str, Lms]:
        """The platforms by name, to look into from the same process."""
        found: dict[str, Lms] = self.app.extensions["sandbox"]
        return found

    def point_at(self, tool_url: str) -> None:
        """Say where the tool is; every platform starts afresh with it."""
        for lms in self.platforms.values():
            lms.settings = replace(lms.settings, tool_url=tool_url.rstrip("/"))
            lms.reset()

    def start(self) -> Self:
        """Answer requests from now on."""
        self._thread.start()
        return self

    def serve(self) -> None:
        """Answer requests on this thread until interrupted."""
        self._server.serve_forever()

    def stop(self) -> None:
        """Stop answering; calls that hang on purpose are let go."""
        for lms in self.platforms.values():
            lms.stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
