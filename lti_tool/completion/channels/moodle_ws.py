"""Telling Moodle by its own web service.

Measured on Moodle 4.5 (and read in the source of 5.1): a score without a number is answered
with 200, leaves an empty grade row and ticks nothing, in any completion setting. The web
service ticks the activity and writes nothing in the gradebook; so with this channel nothing is
ever posted there.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from lti_tool.completion.channels.base import (
    AUTOMATIC,
    MANUAL,
    UNANSWERED,
    UNTRACKED,
    AnyPlatform,
    Delivery,
    Equipped,
    Examination,
    Link,
    Outcome,
)
from lti_tool.completion.findings import FAILS, FINE, NOTE, Finding, refused_address
from lti_tool.completion.moodle import (
    BY_INSTANCE,
    OVERRIDE,
    CourseModule,
    MoodleAnswered,
    MoodleService,
    NotMoodle,
    Tick,
)
from lti_tool.completion.obstacles import NO_SERVICE
from lti_tool.completion.obstacles import UNTRACKED as ACTIVITY_UNTRACKED
from lti_tool.platforms.http import RefusedAddress, Unreachable
from lti_tool.platforms.models import Platform
from lti_tool.platforms.tokens import is_throttled
from lti_tool.vault import BrokenSeal

CODES = {
    "invalidtoken": "ws-token-invalid",
    "accessexception": "ws-not-allowed",
    "requireloginerror": "ws-cannot-open",
    "nopermission": "ws-cannot-complete",
    "nopermissions": "ws-cannot-complete",
    "completionnotenabled": "completion-off",
    "invalidcoursemodule": "activity-gone",
    "invalidcoursemoduleid": "activity-gone",
    "invalidrecord": "activity-gone",
    "invalidrecordunknown": "activity-gone",
}
"""Moodle's error codes, which come with HTTP status 200."""

IMPOSSIBLE_STATE = 9
"""Neither 0 nor 1: Moodle checks all rights, then answers `err_system` and writes nothing."""

_TRACKING = {0: UNTRACKED, 1: MANUAL, 2: AUTOMATIC}


class MoodleWs(Equipped):
    """Looks up the course module of the link and overrides its completion for one person."""

    label: ClassVar[str] = "web service"
    remedy: ClassVar[str] = (
        "make a web service and give its token to 'proeftuin platforms moodle-completion', see "
        "docs/moodle-web-service.md"
    )

    @staticmethod
    def obstacle(platform: AnyPlatform, link: Link) -> str | None:  # noqa: ARG004 - see the interface
        """Without web service there is no signal that Moodle would show."""
        return None if platform.ws_url and platform.ws_token else NO_SERVICE

    def deliver(self, delivery: Delivery) -> Outcome:
        """Tick the activity; ticking it again changes nothing, not even its time (measured).

        Moodle checks neither that the person exists nor that they are enrolled (measured), so
        that only the `sub` of a verified launch may come here.
        """
        if not _is_number(delivery.sub):
            return Outcome("person-unknown")
        if not _is_number(delivery.link.id):
            return Outcome("activity-gone")
        try:
            tick = self._tick(delivery)
            code = _missing(tick)
        except MoodleAnswered as answer:
            code = CODES.get(answer.errorcode, "ws-error")
        except NotMoodle as other:
            return _without_moodle(other)
        except BrokenSeal:
            code = "ws-token-unreadable"
        except RefusedAddress:
            code = "address-refused"
        except Unreachable:
            code = "unreachable"
        return Outcome(code)

    def _tick(self, delivery: Delivery) -> Tick:
        service = self._service(delivery.platform)
        module = service.course_module(delivery.link.id)
        return service.override_completion(module.id, delivery.sub)

    def _service(self, platform: AnyPlatform) -> MoodleService:
        token = self._vault.unseal(platform.ws_token or "")
        return MoodleService(self._http, platform.ws_url or "", token)

    def tracking(self, platform: AnyPlatform, link: Link) -> str | None:
        """Look up the course module, which tells it."""
        try:
            return _TRACKING.get(self._service(platform).course_module(link.id).tracking)
        except (MoodleAnswered, NotMoodle, BrokenSeal, RefusedAddress):
            return None
        except Unreachable:
            return UNANSWERED

    def examine(self, platform: Platform, links: Sequence[Link]) -> Examination:
        """Use both functions: look up an activity, and override with an impossible state."""
        if not (platform.ws_url and platform.ws_token):
            return Examination(False)
        try:
            return Examination(True, tuple(_rights(self._service(platform), links)))
        except BrokenSeal:
            found = Finding(
                FAILS,
                self.label,
                "the stored token cannot be read, because PROEFTUIN_SECRET_KEY was changed; give "
                "it again: proeftuin platforms moodle-completion",
            )
        except NotMoodle as other:
            found = Finding(FAILS, self.label, _not_moodle(platform.ws_url, other))
        except RefusedAddress as reason:
            found = refused_address(self.label, platform.ws_url, reason)
        except Unreachable as reason:
            found = Finding(
                FAILS, self.label, f"{platform.ws_url} does not answer ({reason}); check --url"
            )
        return Examination(True, (found,))


def _is_number(text: str) -> bool:
    """Moodle's ids are database ids (measured)."""
    return text.isascii() and text.isdigit()


def _missing(tick: Tick) -> str | None:
    """Say what lacks for a tick that shows: an override of nothing is answered with 200 too."""
    if not tick.tracking:
        return ACTIVITY_UNTRACKED
    return None if tick.state >= 1 else "ws-error"


def _without_moodle(other: NotMoodle) -> Outcome:
    """Say what an answer means that Moodle's web service did not write."""
    later = other.answer.headers.get("retry-after", "")
    if is_throttled(other.answer):
        return Outcome("throttled", later)
    if other.answer.status == 403:
        return Outcome("ws-off")  # measured: a bare 403 when web services or REST are off
    return Outcome("server-error", later)


# --- what the doctor asks -------------------------------------------------------------------------


def _rights(service: MoodleService, links: Sequence[Link]) -> Iterator[Finding]:
    """Use both functions: look up an activity, and override with an impossible state."""
    module, problem = _look_up(service, links)
    if problem is not None:
        yield problem
        return
    yield Finding(FINE, MoodleWs.label, f"token accepted, {BY_INSTANCE} may be used")
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
                MoodleWs.label,
                "the rights of its account can be tried after an activity was opened once: open "
                "one in the course, then run this again",
            )
        return
    if answer in ("", "err_system"):
        yield Finding(FINE, MoodleWs.label, f"the account has the rights that {OVERRIDE} needs")
        if module.tracking == 0:
            yield Finding(
                NOTE,
                MoodleWs.label,
                "the activity opened last does not track completion; its teacher sets Completion "
                "conditions > Add requirements > Receive a grade",
            )
    else:
        yield _explain(answer, OVERRIDE)


def _look_up(
    service: MoodleService, links: Sequence[Link]
) -> tuple[CourseModule | None, Finding | None]:
    """Return the newest activity that still exists, or what is in the way."""
    for instance in (*(link.id for link in links), "0"):
        try:
            return service.course_module(instance), None
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
    return Finding(FAILS, MoodleWs.label, f"{function} answers {errorcode}: {remedy}")


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
