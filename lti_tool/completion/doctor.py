"""`platforms check`: tries all that a completion needs, changes nothing, and names remedies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from flask_babel import force_locale

from lti_tool.clock import Clock
from lti_tool.completion.channels import KINDS, Channels
from lti_tool.completion.channels.base import Link
from lti_tool.completion.findings import FAILS, FINE, NOTE, Finding, refused_address
from lti_tool.completion.obstacles import OBSTACLES
from lti_tool.platforms.http import HttpClient, RefusedAddress, Unreachable
from lti_tool.platforms.jwks import JwksCache
from lti_tool.platforms.models import ACTIVE, PENDING, Platform
from lti_tool.platforms.tokens import ServiceTokens
from lti_tool.vault import Vault

MAX_SKEW_SECONDS = 30
"""Moodle 4.5 refuses a token whose `iat` is 5 seconds ahead; a Date header may be a bit old."""

_KEYSET = "keyset of the LMS"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the database knows about a platform's links.

    Attributes:
        newest_links: the links opened last, newest first; a few.
        links: how many links were ever opened, by the channel that they report by; under None
            those that cannot report.
        stuck: completions that did not arrive, counted by the code of their obstacle.
    """

    newest_links: tuple[Link, ...]
    links: dict[str | None, int]
    stuck: dict[str, int]


def examine(
    platform: Platform,
    surroundings: Surroundings,
    *,
    http: HttpClient,
    jwks: JwksCache,
    tokens: ServiceTokens,
    vault: Vault,
    clock: Clock,
) -> list[Finding]:
    """Try every part of the connection with a platform, without changing anything there.

    Args:
        platform: the platform.
        surroundings: what is known about its links.
        http: the outbound client.
        jwks: fetches the platform's keys.
        tokens: asks for an access token.
        vault: unseals the web service token.
        clock: the time.

    Returns:
        Findings in the order in which a reader should repair things.
    """
    with force_locale("en"):
        return [
            *_registration(platform),
            *_keys(platform, http, jwks, clock),
            *_channels(platform, surroundings, Channels(http, tokens, vault)),
            *_links(surroundings),
            *_stuck(surroundings),
        ]


def _registration(platform: Platform) -> Iterator[Finding]:
    if platform.status != ACTIVE:
        yield Finding(
            FAILS,
            "registration",
            f"the platform is {platform.status}; let it in with: proeftuin platforms approve",
        )
    active = [row for row in platform.deployments if row.status == ACTIVE]
    waiting = [row for row in platform.deployments if row.status == PENDING]
    if waiting:
        yield Finding(
            NOTE if active else FAILS,
            "deployments",
            f"{len(waiting)} wait for approval; if you know them: proeftuin platforms approve",
        )
    if active:
        yield Finding(FINE, "deployments", f"{len(active)} approved")
    elif not waiting:
        yield Finding(
            NOTE,
            "deployments",
            "none yet; open an activity in the LMS once, then run: proeftuin platforms approve",
        )


def _keys(platform: Platform, http: HttpClient, jwks: JwksCache, clock: Clock) -> Iterator[Finding]:
    """Fetch the platform's keys, and compare its clock with ours on the way."""
    try:
        count = jwks.refresh(platform.jwks_url)
    except RefusedAddress as reason:
        yield refused_address(_KEYSET, platform.jwks_url, reason)
        return
    except Unreachable as reason:
        yield Finding(
            FAILS,
            _KEYSET,
            f"{platform.jwks_url} gives no usable keys ({reason}); check --jwks-url, and whether "
            "this machine may reach that address",
        )
        return
    yield Finding(FINE, _KEYSET, f"usable keys: {count}")
    skew = _skew(platform, http, clock)
    if skew is not None and abs(skew) > MAX_SKEW_SECONDS:
        ahead = "ahead of" if skew > 0 else "behind"
        yield Finding(
            FAILS,
            "clock",
            f"ours is {abs(skew):.0f} seconds {ahead} that of the LMS, which then refuses our "
            "messages; let both keep time by NTP",
        )


def _skew(platform: Platform, http: HttpClient, clock: Clock) -> float | None:
    """Return how many seconds our clock is ahead; None when the LMS does not tell its time."""
    try:
        told = http.get(platform.jwks_url).headers.get("date", "")
        moment: datetime = parsedate_to_datetime(told)
        return (clock() - moment).total_seconds()
    except (Unreachable, ValueError, TypeError):
        return None


def _channels(
    platform: Platform, surroundings: Surroundings, channels: Channels
) -> Iterator[Finding]:
    """Examine every channel that the LMS may have; one of them must be open."""
    remedies = []
    opened = False
    for kind, examination in channels.examine(platform, surroundings.newest_links):
        yield from examination.findings
        opened = opened or examination.open
        if not examination.open and kind.remedy:
            remedies.append(kind.remedy)
    if not opened:
        yield Finding(
            FAILS,
            "completions",
            "will not show, because no way to report them is open yet; "
            + ", or else ".join(remedies),
        )


def _links(surroundings: Surroundings) -> Iterator[Finding]:
    """Say by which channel the activities report, and that all can only where all do."""
    total = sum(surroundings.links.values())
    if not total:
        return
    by = ", ".join(
        f"{count} by {KINDS[name].label}"
        for name, count in sorted(surroundings.links.items(), key=str)
        if name
    )
    unable = surroundings.links.get(None, 0)
    if unable:
        yield Finding(
            NOTE,
            "activities",
            f"{unable} of the {total} that were ever opened cannot report completion; their "
            "pages say so, and the documentation of your LMS says how to place them"
            + (f"; the others report: {by}" if by else ""),
        )
    else:
        yield Finding(FINE, "activities", f"of the {total} that were ever opened report: {by}")


def _stuck(surroundings: Surroundings) -> Iterator[Finding]:
    for code, count in sorted(surroundings.stuck.items()):
        row = OBSTACLES[code]
        yield Finding(
            NOTE, "outbox", f"not delivered: {count} ({code}). {row.sentence} {row.remedy}"
        )
