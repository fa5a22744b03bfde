"""`platforms check`: tries all that a completion needs, changes nothing, and names remedies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from lti_tool.clock import Clock
from lti_tool.completion.moodle import (
    BY_INSTANCE,
    OVERRIDE,
    CourseModule,
    MoodleAnswered,
    MoodleService,
    NotMoodle,
)
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.http import HttpClient, RefusedAddress, Unreachable
from lti_tool.platforms.jwks import JwksCache
from lti_tool.platforms.lti import SCORE_SCOPE
from lti_tool.platforms.models import ACTIVE, PENDING, Platform
from lti_tool.platforms.signing import KeyFileUnsafe
from lti_tool.platforms.tokens import ServiceTokens, TokenRefused
from lti_tool.vault import BrokenSeal, Vault

FINE, NOTE, FAILS = "ok", "note", "FAIL"


IMPOSSIBLE_STATE = 9
"""Neither 0 nor 1: Moodle checks all rights, then answers `err_system` and writes nothing."""

MAX_SKEW_SECONDS = 30
"""Moodle 4.5 refuses a token whose `iat` is 5 seconds ahead; a Date header may be a bit old."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for an administrator.

    Attributes:
        verdict: `FINE`, `NOTE` or `FAILS`.
        what: which part was tried.
        text: what was found and, unless it is fine, what to do.
    """

    verdict: str
    what: str
    text: str

    def line(self) -> str:
        """Return the finding as it is printed."""
        return f"{self.verdict:4}  {self.what}: {self.text}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the database knows about a platform's links.

    Attributes:
        newest_links: the LMS's ids of the links opened last, newest first; a few.
        links: how many links were ever opened.
        reporting_links: how many of them can report completion.
    """

    newest_links: tuple[str, ...]
    links: int
    reporting_links: int


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
    findings = [*_registration(platform), *_keys(platform, http, jwks, clock)]
    findings += _token(platform, tokens)
    if FAMILIES[platform.family].needs_web_service:
        findings += _web_service(platform, surroundings, http, vault)
    findings += _links(surroundings)
    return findings


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
        yield Finding(FAILS, "keyset of the LMS", _refused(platform.jwks_url, reason))
        return
    except Unreachable as reason:
        yield Finding(
            FAILS,
            "keyset of the LMS",
            f"{platform.jwks_url} gives no usable keys ({reason}); check --jwks-url, and whether "
            "this machine may reach that address",
        )
        return
    yield Finding(FINE, "keyset of the LMS", f"usable keys: {count}")
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


def _token(platform: Platform, tokens: ServiceTokens) -> Iterator[Finding]:
    """Ask for a token: it proves that the LMS can read our keys, too."""
    what = "access token"
    by_web_service = FAMILIES[platform.family].needs_web_service
    try:
        tokens.get(platform, (SCORE_SCOPE,), fresh=True)
    except TokenRefused as refusal:
        if refusal.error == "invalid_scope" and by_web_service:
            yield Finding(FINE, what, "the LMS knows us; it grants no scores, and none are sent")
        else:
            yield Finding(FAILS, what, _why_refused(platform, refusal))
    except RefusedAddress as reason:
        yield Finding(FAILS, what, _refused(platform.auth_token_url, reason))
    except Unreachable as reason:
        yield Finding(
            FAILS,
            what,
            f"{platform.auth_token_url} does not answer ({reason}); check --auth-token-url",
        )
    except KeyFileUnsafe as reason:
        yield Finding(FAILS, what, str(reason))
    else:
        yield Finding(FINE, what, f"granted, scope {SCORE_SCOPE.rpartition('/')[2]}")


def _why_refused(platform: Platform, refusal: TokenRefused) -> str:
    if refusal.throttled:
        return "the LMS asks us to slow down; run this again in a minute"
    if refusal.error == "invalid_scope":
        return f"the LMS does not grant the scope {SCORE_SCOPE}; switch it on for this tool there"
    if not 400 <= refusal.status < 500:
        return (
            f"{platform.auth_token_url} answers with a page (HTTP {refusal.status}) instead of a "
            "token; check --auth-token-url, or the LMS is being maintained"
        )
    return (
        f"the LMS refuses (HTTP {refusal.status} {refusal.error}".rstrip()
        + "); check that the client id is right, that the tool is enabled there, and that the "
        "LMS can reach our keyset address, which 'proeftuin platforms show' and the start page "
        "of this tool name"
    )


def _refused(url: str, reason: RefusedAddress) -> str:
    return (
        f"{url} is refused ({reason}); use HTTPS or, for an LMS on your own network, set "
        "PROEFTUIN_ALLOW_PRIVATE_PLATFORMS=1"
    )


def _links(surroundings: Surroundings) -> Iterator[Finding]:
    total, able = surroundings.links, surroundings.reporting_links
    if total and able < total:
        yield Finding(
            NOTE,
            "activities",
            f"{total - able} of the {total} that were ever opened cannot report completion; "
            "their pages say so, and the documentation of your LMS says how to place them",
        )
    elif total:
        yield Finding(FINE, "activities", f"all {total} that were ever opened can report")


# --- Moodle's web service -------------------------------------------------------------------------

_WS = "web service"


def _web_service(
    platform: Platform, surroundings: Surroundings, http: HttpClient, vault: Vault
) -> Iterator[Finding]:
    if not (platform.ws_url and platform.ws_token):
        yield Finding(
            FAILS,
            _WS,
            "no token yet, so that Moodle shows no completion; follow docs/moodle.md, then run: "
            "proeftuin platforms moodle-completion",
        )
        return
    try:
        service = MoodleService(http, platform.ws_url, vault.unseal(platform.ws_token))
    except BrokenSeal:
        yield Finding(
            FAILS,
            _WS,
            "the stored token cannot be read, because PROEFTUIN_SECRET_KEY was changed; give it "
            "again: proeftuin platforms moodle-completion",
        )
        return
    try:
        yield from _rights(service, surroundings)
    except NotMoodle as other:
        yield Finding(FAILS, _WS, _not_moodle(platform.ws_url, other))
    except RefusedAddress as reason:
        yield Finding(FAILS, _WS, _refused(platform.ws_url, reason))
    except Unreachable as reason:
        yield Finding(FAILS, _WS, f"{platform.ws_url} does not answer ({reason}); check --url")


def _rights(service: MoodleService, surroundings: Surroundings) -> Iterator[Finding]:
    """Use both functions: look up an activity, and override with an impossible state."""
    module, problem = _look_up(service, surroundings.newest_links)
    if problem is not None:
        yield problem
        return
    yield Finding(FINE, _WS, f"token accepted, {BY_INSTANCE} may be used")
    try:
        # 0 is no course module: a missing function is refused before Moodle looks for it.
        service.override_completion(module.id if module else 0, "0", IMPOSSIBLE_STATE)
        answer = ""
    except MoodleAnswered as said:
        answer = said.errorcode
    if module is None:
        if answer == "accessexception":
            yield _explain(answer, OVERRIDE)
        else:
            yield Finding(
                NOTE,
                _WS,
                "the rights of its account can be tried after an activity was opened once: open "
                "one in the course, then run this again",
            )
        return
    if answer in ("", "err_system"):
        yield Finding(FINE, _WS, f"the account has the rights that {OVERRIDE} needs")
        if module.tracking == 0:
            yield Finding(
                NOTE,
                _WS,
                "the activity opened last does not track completion; its teacher sets Completion "
                "conditions > Add requirements > Receive a grade",
            )
    else:
        yield _explain(answer, OVERRIDE)


def _look_up(
    service: MoodleService, links: tuple[str, ...]
) -> tuple[CourseModule | None, Finding | None]:
    """Return the newest activity that still exists, or what is in the way."""
    for link in (*links, "0"):
        try:
            return service.course_module(link), None
        except MoodleAnswered as said:
            if said.errorcode not in _NO_SUCH_ACTIVITY:
                return None, _explain(said.errorcode, BY_INSTANCE)
    return None, None


_NO_SUCH_ACTIVITY = {
    "invalidrecord",
    "invalidrecordunknown",
    "invalidcoursemodule",
    "invalidcoursemoduleid",
}

_REMEDIES = {
    "invalidtoken": (
        "Moodle does not know the token, or it has expired: make one under Server > Web services "
        "> Manage tokens, and give it to: proeftuin platforms moodle-completion"
    ),
    "accessexception": (
        "not allowed: add this function to the external service, add the account to its "
        "authorised users, and allow webservice/rest:use in the account's role"
    ),
    "requireloginerror": (
        "the account may not open the activity: allow moodle/course:view and mod/lti:view in its "
        "role; for a hidden activity or course also moodle/course:viewhiddenactivities and "
        "moodle/course:viewhiddencourses, for a restricted one "
        "moodle/course:ignoreavailabilityrestrictions"
    ),
    "nopermission": "allow moodle/course:overridecompletion in the account's role",
    "nopermissions": "allow moodle/course:overridecompletion in the account's role",
    "completionnotenabled": (
        "completion tracking is off: switch it on under Advanced features > Enable completion "
        "tracking, and in the course under Settings > Completion tracking"
    ),
}


def _explain(errorcode: str, function: str) -> Finding:
    remedy = _REMEDIES.get(
        errorcode, "an error that this tool does not know; Moodle's own log may say more"
    )
    return Finding(FAILS, _WS, f"{function} answers {errorcode}: {remedy}")


def _not_moodle(url: str, other: NotMoodle) -> str:
    if other.answer.status == 403:
        return (
            "switched off (HTTP 403): enable Advanced features > Enable web services, and Server "
            "> Web services > Manage protocols > REST protocol"
        )
    return (
        f"{url} answers HTTP {other.answer.status}, and not as Moodle's web service does; give "
        "the right address with --url, or the site is being maintained"
    )
