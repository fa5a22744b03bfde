"""`proeftuin content preview` and `content schema`: what an author uses while writing."""

import json
import signal
import sys
import webbrowser
from pathlib import Path
from threading import Thread, Timer

import click
from werkzeug.serving import make_server

from lti_tool.clock import system_clock
from lti_tool.commands.console import Refused
from lti_tool.experience.authoring.preview import make_app
from lti_tool.experience.authoring.workspace import Workspace
from lti_tool.experience.document.model import FORMATS, json_schema

HERE = "127.0.0.1"
"""The only address a preview answers at: it asks nobody who they are."""


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--port", default=8010, show_default=True, type=click.IntRange(0, 65535))
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--open/--no-open", "opens", default=True, help="Open a browser.")
def preview(path: Path, port: int, lang: str, *, opens: bool) -> None:
    """Show a document, folder or zip in the browser; saved changes appear by themselves."""
    with Workspace(path, system_clock).open() as workspace:
        try:
            server = make_server(HERE, port, make_app(workspace, system_clock, lang), threaded=True)
        except (OSError, SystemExit):
            raise Refused(
                f"Something already listens on port {port}. Choose another with --port."
            ) from None
        address = f"http://{HERE}:{server.port}/"
        click.echo(f"\n  Preview of {path}: {address}\n  Stop with Ctrl+C.\n")
        if opens and sys.stdout.isatty():
            Timer(0.3, webbrowser.open, [address]).start()

        def stop(*_: object) -> None:
            # Not by an exception: one that is raised inside a clean-up of Python's own is lost.
            Thread(target=server.shutdown).start()

        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, stop)
        server.serve_forever()
        click.echo("Stopped.")


@click.command()
@click.argument("name", type=click.Choice([one.partition("/")[0] for one in FORMATS]))
def schema(name: str) -> None:
    """Print the JSON Schema of a kind of document, with which editors complete and hint."""
    given = next(one for one in FORMATS if one.partition("/")[0] == name)
    click.echo(json.dumps(json_schema(given), indent=2, ensure_ascii=False))
