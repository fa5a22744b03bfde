"""`python -m lti_tool.sandbox`: a sandbox LMS in the foreground."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from lti_tool.sandbox.server import SandboxServer
from lti_tool.sandbox.world.settings import ALL_PROFILES


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; prints the address and, with `--registrations`, only the JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m lti_tool.sandbox", description="A practice LMS that speaks LTI 1.3."
    )
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free port")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--base-url", default="", help="default: http://localhost:PORT")
    parser.add_argument("--tool-url", default="http://localhost:8000")
    parser.add_argument("--profiles", nargs="+", choices=ALL_PROFILES, default=ALL_PROFILES)
    parser.add_argument(
        "--registrations", action="store_true", help="print what to register in the tool, as JSON"
    )
    options = parser.parse_args(arguments)
    base_url = options.base_url or (f"http://localhost:{options.port}" if options.port else "")
    try:
        server = SandboxServer(
            options.tool_url,
            host=options.host,
            port=options.port,
            base_url=base_url,
            profiles=tuple(options.profiles),
        )
    except (OSError, SystemExit):
        sys.stderr.write(f"Poort {options.port} is bezet. / Port {options.port} is taken.\n")
        return 1
    if options.registrations:
        rows = [asdict(row) for row in server.registrations]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        server.stop()
        return 0
    sys.stdout.write(f"Oefen-leeromgeving / practice LMS: {server.base_url}\n")
    sys.stdout.flush()
    try:
        server.serve()
    except KeyboardInterrupt:
        server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
