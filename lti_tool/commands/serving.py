"""`proeftuin serve` and `proeftuin demo`: the web server, with a delivery worker beside it."""

import gc
import io
import shutil
import socket
import threading
from contextlib import redirect_stdout
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import click
from flask import Flask
from flask_migrate import upgrade as migrate_up
from sqlalchemy import inspect

from lti_tool.commands.console import Refused
from lti_tool.config import Settings, UnsafeSettings, project_root, settings_from_env, shipped
from lti_tool.db import CONNECTIONS, db
from lti_tool.ops import delivering, http_server
from lti_tool.ops.heartbeat import BeatingStop, Heartbeat
from lti_tool.ops.processes import Role, keep
from lti_tool.platforms.signing import KeyFileUnsafe
from lti_tool.services import services

THREADS = CONNECTIONS
"""Per process: how many requests are worked on at once. A connection alone costs none. More than
may wait long for the keys of platforms (`jwks.MAX_WAITING_IN_ALL`), so that the others go on."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="Deliver elsewhere: proeftuin outbox send --watch.")
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Run the tool: web server, delivery of completions, and daily tidying.

    In production, unless PROEFTUIN_ENV says development. Where a systemd socket
    unit listens for it, host and port are that unit's.
    """
    from lti_tool import create_app  # noqa: PLC0415 - the app imports the views, they import us

    try:
        app = create_app(settings_from_env(default="production"))
    except UnsafeSettings as reason:
        raise Refused(str(reason)) from None
    with app.app_context():
        _require_tables()
        _require_keys()
        where = services().settings.base_url
    listening = _listen(host, port)
    host, port = listening.getsockname()[:2]
    _run(
        app,
        listening,
        workers,
        answering=[f"http://{_in_url(host)}:{port}/healthz"],
        announce=f"Proeftuin runs at {where}",
        deliver=not no_worker,
    )


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--sandbox-port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.pass_obj
def demo(_app: Flask, port: int, sandbox_port: int) -> None:
    """Run the whole story with a practice LMS; everything starts afresh each time."""
    from lti_tool import create_app  # noqa: PLC0415 - the app imports the views, they import us

    _require_port("localhost", port)
    _require_port("localhost", sandbox_port)
    settings = _demo_settings(services().settings, port, sandbox_port)
    app = create_app(settings)
    with app.app_context():
        migrate_up()
        _connect_sandbox(settings)
        _publish_content()
    _run(
        app,
        _listen("localhost", port),
        2,
        answering=[f"{settings.base_url}/readyz", f"{settings.sandbox_url}/"],
        announce=f"\n  Open {settings.base_url} in your browser.\n  Stop with Ctrl+C.\n",
        beside=[Role("practice-lms", lambda stop: _practise(settings, sandbox_port, stop))],
    )


def _demo_settings(settings: Settings, port: int, sandbox_port: int) -> Settings:
    """Return settings with a database and keys of the demo's own, emptied."""
    home = project_root() / "instance" / "demo"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    return replace(
        settings,
        base_url=f"http://localhost:{port}",
        database_url=f"sqlite:///{home / 'demo.sqlite'}",
        keys_dir=home / "keys",
        media_dir=home / "media",
        production=False,
        trusted_proxies=0,
        allow_private_platforms=True,
        sandbox_url=f"http://localhost:{sandbox_port}",
    )


def _connect_sandbox(settings: Settings) -> None:
    """Register each LMS of the sandbox, as an operator would by hand."""
    from lti_tool.sandbox import SandboxSettings, registrations  # noqa: PLC0415 - for the demo only

    tool = services()
    sandbox = SandboxSettings(base_url=settings.sandbox_url or "", tool_url=settings.base_url)
    for row in registrations(sandbox):
        platform = tool.registry.add(
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
            platform.ws_url, platform.ws_token = row.ws_url, tool.vault.seal(row.ws_token)
    db.session.commit()
    tool.keys.ensure()


def _publish_content() -> None:
    from lti_tool.commands.content import content  # noqa: PLC0415 - for the demo only

    folder = shipped("content")
    with redirect_stdout(io.StringIO()):
        content.commands["publish"].main([str(folder)], standalone_mode=False)


def _practise(settings: Settings, port: int, stop: threading.Event) -> None:
    """Run the practice LMS until told to stop."""
    from lti_tool.sandbox.server import SandboxServer  # noqa: PLC0415 - for the demo only

    base_url = settings.sandbox_url or ""
    with SandboxServer(settings.base_url, host="localhost", port=port, base_url=base_url):
        stop.wait()


def _run(
    app: Flask,
    listening: socket.socket,
    workers: int,
    *,
    answering: list[str],
    announce: str,
    deliver: bool = True,
    beside: list[Role] | None = None,
) -> None:
    """Serve until stopped, with the delivery worker and other processes beside us.

    Args:
        app: the application.
        listening: what it answers on.
        workers: how many processes answer requests.
        answering: addresses that answer 200 when all is ready.
        announce: what is said then.
        deliver: whether completions are delivered from here too.
        beside: further processes.
    """
    roles = [
        Role(f"web-{number + 1}", lambda stop: _serve(app, listening, stop))
        for number in range(workers)
    ]
    heartbeat = Heartbeat()
    if deliver:
        app.extensions["heartbeat"] = heartbeat
        roles.append(
            Role(
                "delivery",
                lambda stop: delivering.run(app, BeatingStop(heartbeat, stop)),
                died=heartbeat.ended,
            )
        )
    with app.app_context():
        db.engine.dispose()  # a connection must not be shared with the processes that we fork
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it again took a twelfth of a launch
    keep(
        roles + (beside or []),
        ready=lambda: (heartbeat.lives() or not deliver) and all(map(_answers, answering)),
        announce=lambda: click.echo(announce),
    )
    with app.app_context():
        delivering.leave()  # for a process that was killed


def _listen(host: str, port: int) -> socket.socket:
    """Take over the socket that systemd keeps for us, or else a port of our own."""
    try:
        return http_server.handed_over() or http_server.listen(host, port)
    except OSError as problem:
        raise Refused(f"Cannot listen on {host}:{port}: {problem.strerror}.") from None


def _serve(app: Flask, listening: socket.socket, stop: threading.Event) -> None:
    """Answer requests until told to stop."""
    try:
        http_server.serve(app, listening, stop, threads=THREADS)
    finally:
        with app.app_context():
            db.engine.dispose()


def _answers(url: str) -> bool:
    """Tell whether an address of this machine answers 200."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=1)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _require_keys() -> None:
    """Make the first key where there is none, and refuse to start with one that others read."""
    try:
        services().keys.ensure()
        services().keys.check()
    except KeyFileUnsafe as reason:
        raise Refused(f"{reason}.") from None


def _require_tables() -> None:
    if not inspect(db.engine).has_table("alembic_version"):
        raise Refused("The database has no tables yet. Run: proeftuin db upgrade")


def _require_port(host: str, port: int) -> None:
    """Refuse early and clearly when something else listens there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex((host, port)) == 0:
            raise Refused(f"Something already listens on port {port}. Choose another with --port.")
