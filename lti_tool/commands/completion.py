"""`proeftuin outbox …`, and the two commands under `platforms` that are about completion."""

import signal
import threading
from datetime import datetime
from shlex import quote
from typing import Any

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from lti_tool.commands.console import Refused, json_option, print_rows
from lti_tool.commands.platforms import named
from lti_tool.completion import doctor, report, worker
from lti_tool.completion import outbox as outgoing
from lti_tool.completion.findings import FAILS
from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.completion.obstacles import OBSTACLES
from lti_tool.db import db
from lti_tool.launch.models import ResourceLink
from lti_tool.ops import delivering
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.models import Deployment, Platform
from lti_tool.services import services


@click.group()
def outbox() -> None:
    """Completions on their way to the LMS: how many, never whose."""


@outbox.command("list")
@click.option("--platform", "name", help="Only those of this platform.")
@json_option
def list_command(name: str | None, *, as_json: bool) -> None:
    """Count completions per activity: what waits and why, what is parked, what arrived."""
    platform = named(name) if name else None
    found = report.groups(db.session(), platform.id if platform else None)
    rows: list[dict[str, Any]] = []
    with force_locale("en"):
        for group in found:
            obstacle = OBSTACLES.get(group.obstacle or "")
            row = {
                "platform": group.platform,
                "course": group.course,
                "link": group.link,
                "state": group.state,
                "count": group.count,
                "oldest": _moment(group.oldest),
                "next_try": _moment(_later(group.next_try, group.paused_until)),
                "problem": group.obstacle,
            }
            if as_json:
                row["sentence"] = str(obstacle.sentence) if obstacle else None
                row["remedy"] = str(obstacle.remedy) if obstacle else None
            rows.append(row)
        print_rows(rows, as_json=as_json, empty="There are no completions yet.")
        if as_json:
            return
        for code in sorted({group.obstacle for group in found if group.obstacle}):
            known = OBSTACLES[code]
            click.echo(f"\n{code}: {known.sentence}\n  {known.remedy}")
            if known.command:
                click.echo(f"  > {known.command}")


@outbox.command()
@click.option("--watch", is_flag=True, help="Go on until stopped.")
@click.pass_obj
def send(app: Flask, *, watch: bool) -> None:
    """Deliver what is due; run as many of these as there is to do.

    With --watch, also let data lapse, daily.
    """
    if watch:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        delivering.run(app, stop)
        return
    done = worker.drain(app)
    click.echo(
        f"delivered: {done[DELIVERED]}, to be tried again: {done[WAITING]}, parked: {done[PARKED]}"
    )


@outbox.command()
@click.option("--platform", "name", help="All of this platform.")
@click.option("--course", help="All of the course with this id in the LMS.")
@click.option("--link", help="All of the activity with this resource link id in the LMS.")
@click.option("--undelivered", is_flag=True, help="Leave alone what was delivered.")
def retry(name: str | None, course: str | None, link: str | None, *, undelivered: bool) -> None:
    """Send completions again, after the LMS was reset or something was repaired.

    What the LMS shows already stays as it is: nothing is counted twice.
    """
    if not (name or course or link):
        raise click.UsageError("Name what to send again: --platform, --course or --link.")
    platform = named(name) if name else _only_platform(course, link)
    outgoing.resume(db.session(), platform.id)
    count = 0
    for link_id in _links(platform, link) if link else [None]:
        count += outgoing.resend(
            db.session(),
            platform_id=platform.id,
            context_id=course,
            link_id=link_id,
            undelivered_only=undelivered,
            now=services().clock(),
        )
    db.session.commit()
    click.echo(f"Completions that will be sent again: {count}.")


@click.command("check")
@click.argument("name")
def check_command(name: str) -> None:
    """Try everything that an LMS needs for completions to show; change nothing."""
    platform = named(name)
    tool = services()
    findings = doctor.examine(
        platform,
        report.surroundings(db.session(), platform),
        http=tool.http,
        jwks=tool.jwks,
        tokens=tool.tokens,
        vault=tool.vault,
        clock=tool.clock,
    )
    for finding in findings:
        click.echo(finding.line())
    _say_what_waits(platform)
    if any(finding.verdict == FAILS for finding in findings):
        raise Refused("Something needs repair; see the lines with FAIL above.")


@click.command("moodle-completion")
@click.argument("name")
@click.option(
    "--token-file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="File with the web service token that Moodle showed once; - reads it from the input.",
)
@click.option("--url", help="Address of the web service, where it is not under the issuer.")
def moodle_completion_command(name: str, token_file: str, url: str | None) -> None:
    """Let a Moodle show completions, by the token of its web service; see
    docs/moodle-web-service.md.
    """
    platform = named(name)
    family = FAMILIES[platform.family]
    if not family.needs_web_service:
        raise Refused(
            f"{name} is registered as {family.label}, which needs no web service. If it is a "
            "Moodle, run 'proeftuin platforms add' again for it with --family moodle."
        )
    token = _read_token(token_file)
    address = url or platform.issuer.rstrip("/") + (family.ws_path or "")
    if not address.startswith(("https://", "http://")) or not address.isprintable():
        raise Refused("--url must be an address such as https://moodle.example.org/…/server.php")
    if services().settings.production and not address.startswith("https://"):
        raise Refused("--url must start with https://: the token must not travel in the open.")
    platform.ws_url = address
    platform.ws_token = services().vault.seal(token)
    platform.paused_until = None
    db.session.flush()
    count = outgoing.reopen(db.session(), services().clock())
    db.session.commit()
    click.echo(f"Completions of {name} go to Moodle's web service from now on.")
    if count:
        click.echo(f"Completions that waited for this and are sent now: {count}.")
    click.echo(f"See whether everything works with: proeftuin platforms check {quote(name)}")


def _read_token(file: str) -> str:
    """Return the token in a file; what is wrong with it is said without showing any of it."""
    try:
        with click.open_file(file) as stream:
            text = str(stream.read(4096))
    except (OSError, UnicodeDecodeError):
        raise Refused("The token file cannot be read as text.") from None
    token = text.strip()
    if not 16 <= len(token) <= 255 or not token.isascii() or not token.isalnum():
        raise Refused(
            "The token file must hold the token and nothing else: letters and digits on one "
            "line, as Moodle shows it under Server > Web services > Manage tokens."
        )
    return token


def _say_what_waits(platform: Platform) -> None:
    stuck = [
        group
        for group in report.groups(db.session(), platform.id)
        if group.obstacle and group.state in (WAITING, PARKED)
    ]
    if not stuck:
        return
    count = sum(group.count for group in stuck)
    click.echo(
        f"note  outbox: {count} completions could not be delivered yet; see 'proeftuin outbox "
        f"list', and after a repair run: proeftuin outbox retry --undelivered --platform "
        f"{quote(platform.name)}"
    )


def _only_platform(course: str | None, link: str | None) -> Platform:
    """Return the one platform that has this course or link.

    Raises:
        Refused: there is none, or there are several.
    """
    statement = (
        select(Platform)
        .join(Deployment, Deployment.platform_id == Platform.id)
        .join(ResourceLink, ResourceLink.deployment_id == Deployment.id)
        .distinct()
    )
    if course:
        statement = statement.where(ResourceLink.context_id == course)
    if link:
        statement = statement.where(ResourceLink.link_id == link)
    found = list(db.session.scalars(statement))
    if not found:
        raise Refused("No activity that was ever opened has this id. See: proeftuin outbox list")
    if len(found) > 1:
        names = ", ".join(sorted(platform.name for platform in found))
        raise Refused(f"Several platforms use this id ({names}); add --platform NAME.")
    return found[0]


def _links(platform: Platform, link: str) -> list[int]:
    statement = (
        select(ResourceLink.id)
        .join(Deployment, Deployment.id == ResourceLink.deployment_id)
        .where(Deployment.platform_id == platform.id, ResourceLink.link_id == link)
    )
    return list(db.session.scalars(statement))


def _later(due: datetime | None, paused: datetime | None) -> datetime | None:
    return max(due, paused) if due and paused else due


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
