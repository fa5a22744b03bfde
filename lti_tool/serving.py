"""`proeftuin serve` and `proeftuin demo`: the web server, with a delivery worker beside it."""

import io
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from typing import Any

import click
from flask import Flask
from flask_migrate import upgrade as migrate_up
from gunicorn.app.base import BaseApplication
from sqlalchemy import inspect

from lti_tool.config import Settings, project_root
from lti_tool.console import Refused
from lti_tool.db import db
from lti_tool.services import services

THREADS = 4
"""Per worker; a thread waits while a browser holds a connection open without using it."""


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """Gunicorn, configured by us instead of by its command line."""

    def __init__(self, make_app: Callable[[], Any], options: dict[str, Any]) -> None:
        self._make_app = make_app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take over our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the app, once in each worker process."""
        return self._make_app()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Run the tool: web server and delivery of completions."""
    _require_tables()
    services().keys.ensure()
    _require_port(host, port)
    where = services().settings.base_url
    _run(host, port, workers, ready=f"Proeftuin runs at {where}", beside=[])


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
    environment = {
        "PROEFTUIN_ENV": "development",
        "PROEFTUIN_BASE_URL": settings.base_url,
        "PROEFTUIN_DATABASE_URL": settings.database_url,
        "PROEFTUIN_SECRET_KEY": settings.secret_key,
        "PROEFTUIN_KEYS_DIR": str(settings.keys_dir),
        "PROEFTUIN_MEDIA_DIR": str(settings.media_root),
        "PROEFTUIN_ALLOW_PRIVATE_PLATFORMS": "1",
        "PROEFTUIN_SANDBOX_URL": settings.sandbox_url or "",
    }
    os.environ.update(environment)
    app = create_app(settings)
    with app.app_context():
        migrate_up()
        _connect_sandbox(settings)
        _publish_content()
    sandbox = [sys.executable, "-m", "lti_tool.sandbox", "--port", str(sandbox_port)]
    _run(
        "localhost",
        port,
        2,
        ready=f"\n  Open {settings.base_url} in your browser.\n  Stop with Ctrl+C.\n",
        beside=[[*sandbox, "--tool-url", settings.base_url]],
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
    from lti_tool.commands.content import content  # noqa: PLC0415

    folder = project_root() / "content"
    with redirect_stdout(io.StringIO()):
        content.commands["publish"].main([str(folder)], standalone_mode=False)


def _run(host: str, port: int, workers: int, *, ready: str, beside: list[list[str]]) -> None:
    """Serve until stopped, with the delivery worker and other processes beside us."""
    from lti_tool import create_app  # noqa: PLC0415 - the app imports the views, they import us

    db.engine.dispose()  # a connection must not be shared with the processes that we start
    watch = [sys.executable, "-m", "lti_tool", "outbox", "send", "--watch"]
    children = [
        subprocess.Popen(line, stdout=subprocess.DEVNULL)  # noqa: S603 - our own lines
        for line in [watch, *beside]
    ]
    try:
        _Server(
            create_app,
            {
                "bind": f"{host}:{port}",
                "workers": workers,
                "worker_class": "gthread",
                "threads": THREADS,
                "loglevel": "warning",
                "forwarded_allow_ips": "127.0.0.1,::1",
                "when_ready": lambda _server: click.echo(ready),
            },
        ).run()
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=10)


def _require_tables() -> None:
    if not inspect(db.engine).has_table("alembic_version"):
        raise Refused("The database has no tables yet. Run: proeftuin db upgrade")


def _require_port(host: str, port: int) -> None:
    """Refuse early and clearly when something else listens there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex((host, port)) == 0:
            raise Refused(f"Something already listens on port {port}. Choose another with --port.")
