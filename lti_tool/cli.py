"""The console command `proeftuin`."""

import click
from flask_migrate import upgrade as migrate_up
from sqlalchemy.exc import OperationalError, ProgrammingError

from lti_tool.commands.completion import check_command, moodle_completion_command, outbox
from lti_tool.commands.content import content
from lti_tool.commands.platforms import keys, platforms
from lti_tool.commands.privacy import privacy
from lti_tool.config import UnsafeSettings
from lti_tool.console import Refused
from lti_tool.serving import demo, serve
from lti_tool.web import log


class _Tool(click.Group):
    """Starts the application for commands that need one, and turns refusals into exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command inside an application context."""
        from lti_tool import create_app  # noqa: PLC0415 - so that --help answers at once

        try:
            app = create_app()
        except UnsafeSettings as reason:
            raise Refused(str(reason)) from None
        ctx.obj = app
        ctx.with_resource(app.app_context())
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError):
            log.exception("database")
            raise Refused(
                "The database did not answer as it should. Is PROEFTUIN_DATABASE_URL right, "
                "and did 'proeftuin db upgrade' run?"
            ) from None


@click.group(cls=_Tool, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Proeftuin: practice situations inside your LMS; completion, never a score."""


platforms.add_command(check_command)
platforms.add_command(moodle_completion_command)
for command in (platforms, keys, content, outbox, privacy, serve, demo):
    main.add_command(command)


@main.group("db")
def database() -> None:
    """The database."""


@database.command()
def upgrade() -> None:
    """Create or update the tables."""
    migrate_up()
    click.echo("The database is up to date.")
