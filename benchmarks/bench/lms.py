"""An LMS's server that says yes to everything, at once or after a while."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lti_tool.completion.channels.lti_completion import COMPLETION_SCOPE


class LmsServer:
    """Serves a key set, tokens, and the completion service.

    Args:
        jwks: the key set.

    Attributes:
        url: where it answers.
        slow: seconds before each answer of its completion service; it hangs while this is long.
        told: how many completions it was told.
        told_of: of whom, in the order in which it was.
    """

    def __init__(self, jwks: bytes) -> None:
        self.slow = 0.0
        self.told = 0
        self.told_of: list[str] = []
        lms = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                """Give the keys."""
                self._say(jwks)

            def do_POST(self) -> None:
                """Give a token, or take a completion."""
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path == "/token":
                    token = {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}
                    self._say(json.dumps(token | {"scope": COMPLETION_SCOPE}).encode())
                    return
                time.sleep(lms.slow)
                lms.told += 1
                lms.told_of.append(json.loads(sent)["userId"])
                self._say(b'{"tracking": "automatic", "completed": true}')

            def _say(self, content: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                with suppress(ConnectionError):  # whoever asked has had enough of waiting
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
