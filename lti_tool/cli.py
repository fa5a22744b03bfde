"""The console command `proeftuin`."""

from functools import wraps
from typing import Any

import click
from flask import has_app_context
from flask_migrate import upgrade as migrate_up
from sqlalchemy.exc import OperationalError, ProgrammingError

from lti_tool.commands.completion import check_command, moodle_completion_command, outbox
from lti_tool.commands.console import Refused
from lti_tool.commands.content import content
from lti_tool.commands.platforms import keys, platforms
from lti_tool.commands.privacy import privacy
from lti_tool.commands.secret import secret
from lti_tool.commands.serving import demo, serve
from lti_tool.config import UnsafeSettings
from lti_tool.web import log


class _Tool(click.Group):
    """Turns what went wrong into a sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError):
            log.exception("database")
            raise Refused(
                "The database did not answer as it should. Is PROEFTUIN_DATABASE_URL right, "
                "and did 'proeftuin db upgrade' run?"
            ) from None


def _inside_app(command: click.Command) -> None:
    """Let a command, and all under it, run inside an application context.

    The application is made when a command really runs: `--help` makes no file.
    """
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            _inside_app(sub)
        return
    run = command.callback
    assert run is not None  # noqa: S101 - every command of ours has one

    @wraps(run)
    def started(*args: Any, **kwargs: Any) -> Any:
        from lti_tool import create_app  # noqa: PLC0415 - so that --help answers at once

        if has_app_context():  # another command calls this one
            return run(*args, **kwargs)
        ctx = click.get_current_context()
        try:
            ctx.obj = create_app()
        except UnsafeSettings as reason:
            raise Refused(str(reason)) from None
        ctx.with_resource(ctx.obj.app_context())
        return run(*args, **kwargs)

    command.callback = started


@click.group(cls=_Tool, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Proeftuin: practice situations inside your LMS; completion, never a score."""


platforms.add_command(check_command)
platforms.add_command(moodle_completion_command)
for command in (platforms, keys, secret, content, outbox, privacy, serve, demo):
    main.add_command(command)


@main.group("db")
def database() -> None:
    """The database."""


@database.command()
def upgrade() -> None:
    """Create or update the tables."""
    migrate_up()
    click.echo("The database is up to date.")


for command in main.commands.values():
    if command is not serve:  # which reads its settings for production
        _inside_app(command)
