"""`proeftuin secret`: replacing the secret key."""

import click

from lti_tool.commands.console import Refused
from lti_tool.db import db
from lti_tool.ops.reseal import reseal
from lti_tool.services import services


@click.group()
def secret() -> None:
    """The secret key, under which everything is sealed."""


@secret.command("reseal")
def reseal_command() -> None:
    """Seal everything anew, after PROEFTUIN_SECRET_KEY was replaced.

    Set the new key, and the one before it as PROEFTUIN_SECRET_KEY_OLD; restart; run this; then
    take the old one away and restart again.
    """
    tool = services()
    if tool.settings.old_secret_key is None:
        raise Refused("Set PROEFTUIN_SECRET_KEY_OLD to the key that is being replaced.")
    done = reseal(db.session(), tool.vault)
    click.echo(f"Sealed anew: {done.values} values; people known by the new key: {done.people}.")
    if done.twins:
        click.echo(f"{done.twins} people came back as strangers; what was theirs stays unfound.")
    if done.unreadable:
        raise Refused(
            f"{done.unreadable} values open with neither key. Is PROEFTUIN_SECRET_KEY_OLD right? "
            "Keep it until this says nothing of the kind."
        )
    click.echo("PROEFTUIN_SECRET_KEY_OLD can go.")
