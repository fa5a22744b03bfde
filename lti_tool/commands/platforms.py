"""`proeftuin platforms …` and `proeftuin keys …`."""

from shlex import quote
from typing import Any

import click

from lti_tool.commands.console import Refused, json_option, print_rows
from lti_tool.db import db
from lti_tool.experience.library import publishing
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.models import Platform
from lti_tool.platforms.registry import CannotRegister
from lti_tool.services import services


@click.group()
def platforms() -> None:
    """Who may launch us."""


@platforms.command()
@click.option("--name", required=True, help="Your own name for this LMS, for the other commands.")
@click.option("--issuer", required=True, help="Platform ID.")
@click.option("--client-id", required=True)
@click.option("--auth-login-url", required=True, help="Authentication request URL.")
@click.option("--auth-token-url", required=True, help="Access token URL.")
@click.option("--jwks-url", required=True, help="Public keyset URL.")
@click.option("--deployment-id", "deployment_ids", multiple=True, help="May be repeated.")
@click.option("--family", type=click.Choice(sorted(FAMILIES)), default="generic", show_default=True)
@click.option("--auth-audience", help="Audience of token requests where it is not the token URL.")
def add(name: str, deployment_ids: tuple[str, ...], **values: Any) -> None:
    """Register an LMS, or change the one of this name."""
    known = services().registry.by_name(name) is not None
    try:
        platform = services().registry.add(name=name, deployment_ids=deployment_ids, **values)
    except CannotRegister as reason:
        db.session.rollback()
        raise Refused(str(reason)) from None
    db.session.commit()
    click.echo(f"{'Changed' if known else 'Added'} {platform.name}.")
    if not platform.deployments:
        click.echo(
            "No deployment is approved yet. Open an activity in the LMS once, then run:\n"
            f"  proeftuin platforms approve {quote(name)}"
        )


@platforms.command()
@click.option("--name", help="Your own name for this LMS; its host name when left out.")
def invite(name: str | None) -> None:
    """Print a registration address for an LMS's administrator, good once and for a week."""
    try:
        address = services().registrations.invite(name)
    except CannotRegister as reason:
        raise Refused(str(reason)) from None
    click.echo(address)


@platforms.command("list")
@json_option
def list_platforms(*, as_json: bool) -> None:
    """List the platforms."""
    rows = [
        {
            "name": platform.name,
            "client_id": platform.client_id,
            "issuer": platform.issuer,
            "family": platform.family,
            "status": platform.status,
            "deployments": len(platform.deployments),
            "waiting": sum(row.status == "pending" for row in platform.deployments),
        }
        for platform in services().registry.all()
    ]
    print_rows(rows, as_json=as_json, empty="No LMS is connected. See: proeftuin platforms add")


@platforms.command()
@click.argument("name")
@json_option
def show(name: str, *, as_json: bool) -> None:
    """Show one platform with its deployments; secrets are not shown."""
    platform = named(name)
    rows: dict[str, Any] = {
        "name": platform.name,
        "issuer": platform.issuer,
        "client_id": platform.client_id,
        "auth_login_url": platform.auth_login_url,
        "auth_token_url": platform.auth_token_url,
        "auth_audience": platform.auth_audience,
        "jwks_url": platform.jwks_url,
        "family": platform.family,
        "status": platform.status,
        "moodle_completion": bool(platform.ws_token),
        "deployments": [
            {"deployment_id": row.deployment_id, "status": row.status}
            for row in platform.deployments
        ],
    }
    if as_json:
        print_rows([rows], as_json=True, empty="")
        return
    for label, value in rows.items():
        if label != "deployments":
            shown = " ".join(value) if isinstance(value, list) else value
            click.echo(f"{label:18} {'-' if shown in (None, '') else shown}")
    for row in platform.deployments:
        click.echo(f"{'deployment':18} {row.deployment_id} ({row.status})")


@platforms.command()
@click.argument("name")
def block(name: str) -> None:
    """Refuse every launch of this platform from now on."""
    services().registry.block(named(name))
    db.session.commit()
    click.echo(f"Blocked {name}.")


@platforms.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Remove a platform with all of its people and courses: runs, completions, preparations.

    To refuse its launches and keep the rest, block it.
    """
    platform = named(name)
    if not yes:
        click.confirm(f"Remove {name} and everything that is kept of its people?", abort=True)
    publishing.remove_made_at(db.session(), platform.id)
    services().registry.remove(platform)
    db.session.commit()
    click.echo(f"Removed {name}.")


@platforms.command()
@click.argument("name")
@click.option("--deployment-id", help="This one only; all that wait when left out.")
def approve(name: str, deployment_id: str | None) -> None:
    """Let a platform, and the deployments that wait under it, launch us."""
    platform = named(name)
    registry = services().registry
    if deployment_id:
        registry.approve(platform, deployment_id)
        count = 1
    else:
        count = registry.approve_all(platform)
    db.session.commit()
    click.echo(f"{name} is active; deployments approved: {count}.")


@click.group()
def keys() -> None:
    """Our own signing keys."""


@keys.command("list")
@json_option
def list_keys(*, as_json: bool) -> None:
    """List our keys and their states; private halves are files and are not shown."""
    rows = [
        {
            "kid": key.kid,
            "state": key.state,
            "created": key.created_at.isoformat(timespec="seconds"),
            "activated": key.activated_at and key.activated_at.isoformat(timespec="seconds"),
            "retired": key.retired_at and key.retired_at.isoformat(timespec="seconds"),
        }
        for key in services().keys.all()
    ]
    print_rows(rows, as_json=as_json, empty="No key yet; the first is made when it is needed.")


@keys.command()
@click.option(
    "--now", is_flag=True, help="After a leak: sign with another key at once, withdraw the old."
)
def rotate(*, now: bool) -> None:
    """Take the next step of a rotation: publish a new key, or sign with the one published."""
    for line in services().keys.rotate(now=now):
        click.echo(line)


def named(name: str) -> Platform:
    """Return the platform of this name.

    Raises:
        Refused: there is none.
    """
    platform = services().registry.by_name(name)
    if platform is None:
        raise Refused(f"There is no platform {name!r}. See: proeftuin platforms list")
    return platform
