"""`proeftuin privacy`: answering requests of learners, and letting data lapse."""

import json

import click
from sqlalchemy import select

from lti_tool.commands.console import Refused, json_option, print_rows
from lti_tool.db import db, truncate_log
from lti_tool.group.starter import counting
from lti_tool.launch.models import Learner
from lti_tool.services import services


@click.group()
def privacy() -> None:
    """What is kept about learners: hand over, erase, let lapse."""


@privacy.command()
@click.option("--platform", "name", required=True, help="The platform, by its name here.")
@click.option("--sub", required=True, help="The platform's own id of the person.")
def export(name: str, sub: str) -> None:
    """Print what is kept about a person, as JSON.

    What the person chose or wrote stays out: only the person can download that, from the page
    "Wat wordt er bewaard?" in the activity.
    """
    learner = _learner(name, sub)
    kept = services().privacy.export(db.session(), learner, own=False)
    click.echo(json.dumps(kept, indent=2, ensure_ascii=False))


@privacy.command()
@click.option("--platform", "name", required=True, help="The platform, by its name here.")
@click.option("--sub", required=True, help="The platform's own id of the person.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(name: str, sub: str, yes: bool) -> None:
    """Erase everything about a person. What the LMS was told stays in the LMS."""
    learner = _learner(name, sub)
    if not yes:
        click.confirm("Erase everything about this person?", abort=True)
    removed = services().privacy.erase(db.session(), learner)
    db.session.commit()
    truncate_log(db.engine)
    click.echo("Erased: " + ", ".join(f"{count} {name}" for name, count in removed.items()) + ".")


@privacy.command()
@json_option
def retain(as_json: bool) -> None:
    """Delete what has been kept long enough; run it daily."""
    now = services().clock()
    removed = services().privacy.retain(db.session(), now)
    removed |= {"starters": counting.let_lapse(db.session(), now)}
    db.session.commit()
    truncate_log(db.engine)
    print_rows([dict(removed)], as_json=as_json, empty="")


def _learner(name: str, sub: str) -> int:
    tool = services()
    platform = tool.registry.by_name(name)
    if platform is None:
        raise Refused(f"No platform is called {name!r}. See: proeftuin platforms list")
    learner = db.session.scalar(
        select(Learner.id).where(
            Learner.platform_id == platform.id,
            Learner.pseudonym.in_(
                filter(
                    None,
                    (
                        tool.vault.pseudonym(platform.issuer, sub),
                        tool.vault.old_pseudonym(platform.issuer, sub),
                    ),
                )
            ),
        )
    )
    if learner is None:
        raise Refused("Nothing is kept about this person.")
    return learner
