"""Why a completion did not arrive: stable codes, what happens next, and words for people.

What an administrator repairs is tried again by itself, so that nothing needs to be typed
after the repair. What only the course can change is parked, until a learner or teacher asks.
"""

from dataclasses import dataclass
from enum import Enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Next(Enum):
    """What happens after a failure."""

    RETRY = "retry"
    """This completion is tried again later, others are not held up."""
    PAUSE = "pause"
    """The whole platform is left alone for a while, then tried again."""
    PARK = "park"
    """Nothing, until someone asks: it would fail the same way."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of the table.

    Attributes:
        then: what happens next.
        sentence: what is the matter.
        remedy: who does what about it.
        seconds: the first wait, where something is tried again.
    """

    then: Next
    sentence: LazyString
    remedy: LazyString
    seconds: float = 30.0


NO_LINE_ITEM = "no-line-item"
NO_WEB_SERVICE = "no-web-service"

_SHORT, _LONG = 30.0, 600.0
"""Seconds: a hitch that passes by itself, and a setting that a person must repair."""

_WAIT = _l("This passes by itself; it is tried again.")
_CHECK = _l("An administrator runs: proeftuin platforms check")
_AGAIN = _l(
    "If the activity is still in the course: open it once from there, then have the completions "
    "reported again."
)

PROBLEMS: dict[str, Problem] = {
    # the link cannot report at all
    NO_LINE_ITEM: Problem(
        Next.PARK,
        _l("This activity was placed in a way that cannot report completion."),
        _l(
            "A course designer adds it again as an activity of its own (in Canvas: an assignment "
            "or a module item, not inside the text of a page)."
        ),
    ),
    NO_WEB_SERVICE: Problem(
        Next.PARK,
        _l("This Moodle is not set up yet to show completions of this tool."),
        _l("An administrator follows docs/moodle.md: proeftuin platforms moodle-completion"),
    ),
    # the platform as a whole
    "unreachable": Problem(
        Next.PAUSE, _l("The learning environment does not answer."), _WAIT, _SHORT
    ),
    "server-error": Problem(
        Next.PAUSE,
        _l("The learning environment answers with an error or maintenance page."),
        _WAIT,
        _SHORT,
    ),
    "throttled": Problem(
        Next.PAUSE, _l("The learning environment asks us to slow down."), _WAIT, 15.0
    ),
    "address-refused": Problem(
        Next.PAUSE,
        _l("The learning environment's address is not HTTPS, or is on a private network."),
        _l("For an LMS on your own network, set PROEFTUIN_ALLOW_PRIVATE_PLATFORMS=1 and restart."),
        _LONG,
    ),
    "token-refused": Problem(
        Next.PAUSE,
        _l("The learning environment gives us no access token."),
        _l(
            "An administrator checks in the LMS that the tool is enabled and that its keyset "
            "address is right and reachable, then runs: proeftuin platforms check"
        ),
        _LONG,
    ),
    "scope-refused": Problem(
        Next.PAUSE,
        _l("The learning environment does not let us report completions."),
        _l("An administrator grants the tool the scope …/lti-ags/scope/score in the LMS."),
        _LONG,
    ),
    "key-unusable": Problem(
        Next.PAUSE,
        _l("Our own signing key cannot be used."),
        _l("The operator runs: proeftuin keys list, and restores the key file with mode 0600."),
        _LONG,
    ),
    # assignment and grade services
    "not-authorised": Problem(
        Next.RETRY,
        _l("The learning environment refuses our access token for this activity."),
        _l("An administrator checks that the tool is still installed for this course."),
        _SHORT,
    ),
    "forbidden": Problem(
        Next.RETRY,
        _l("The learning environment forbids reporting this activity's completion."),
        _CHECK,
        _SHORT,
    ),
    "not-newer": Problem(
        Next.RETRY,
        _l("The learning environment already has a message of this very second."),
        _WAIT,
        1.0,
    ),
    "line-item-gone": Problem(
        Next.PARK,
        _l("The activity no longer has a place for completions in the learning environment."),
        _AGAIN,
    ),
    "line-item-foreign": Problem(
        Next.PARK,
        _l("The activity's place for completions belongs to another installation of the tool."),
        _AGAIN,
    ),
    "attempts-exhausted": Problem(
        Next.PARK,
        _l("The learning environment already has as many submissions as the activity allows."),
        _l("If the activity does not show as submitted: a teacher allows one more submission."),
    ),
    "not-possible-here": Problem(
        Next.PARK,
        _l(
            "The learning environment cannot record this person's completion: the course has "
            "ended, or the person does not take part as a learner (any more)."
        ),
        _l("A teacher checks the course's end date and the person's role."),
    ),
    "not-accepted": Problem(
        Next.PARK,
        _l("The learning environment does not accept the message."),
        _l(
            "A teacher checks that the person is (still) enrolled; otherwise an administrator "
            "runs: proeftuin platforms check"
        ),
    ),
    # Moodle's web service; the error codes behind these were measured on Moodle 4.5
    "ws-off": Problem(
        Next.PAUSE,
        _l("Moodle's web services, or the REST protocol, are switched off."),
        _l(
            "An administrator switches both on: Advanced features > Enable web services, and "
            "Server > Web services > Manage protocols > REST."
        ),
        _LONG,
    ),
    "ws-token-invalid": Problem(
        Next.PAUSE,
        _l("Moodle does not know our web service token, or it has expired."),
        _l(
            "An administrator makes a new token in Moodle and gives it to: "
            "proeftuin platforms moodle-completion"
        ),
        _LONG,
    ),
    "ws-token-unreadable": Problem(
        Next.PAUSE,
        _l("The stored web service token cannot be read: PROEFTUIN_SECRET_KEY was changed."),
        _l("The operator gives the token again to: proeftuin platforms moodle-completion"),
        _LONG,
    ),
    "ws-not-allowed": Problem(
        Next.PAUSE,
        _l("The web service account may not use the web service, or a function is missing in it."),
        _l(
            "An administrator adds both functions to the external service, adds the account to "
            "its authorised users, and gives its role the capability webservice/rest:use."
        ),
        _LONG,
    ),
    "ws-cannot-open": Problem(
        Next.RETRY,
        _l("The web service account may not open this activity in Moodle."),
        _l(
            "An administrator gives its role moodle/course:view and mod/lti:view and, for hidden "
            "or restricted activities and courses, moodle/course:viewhiddenactivities, "
            "moodle/course:viewhiddencourses and moodle/course:ignoreavailabilityrestrictions."
        ),
        _SHORT,
    ),
    "ws-cannot-complete": Problem(
        Next.RETRY,
        _l("The web service account may not set completion in this course."),
        _l("An administrator gives its role the capability moodle/course:overridecompletion."),
        _SHORT,
    ),
    "ws-error": Problem(
        Next.RETRY,
        _l("Moodle's web service answers with an error that we do not know."),
        _CHECK,
        _SHORT,
    ),
    "completion-off": Problem(
        Next.PARK,
        _l("Completion tracking is switched off in this Moodle course."),
        _l(
            "A teacher switches it on: course > Settings > Completion tracking, then has the "
            "completions reported again."
        ),
    ),
    "activity-untracked": Problem(
        Next.PARK,
        _l("Moodle does not track completion for this activity."),
        _l(
            "A teacher edits the activity: Completion conditions > Add requirements > Receive a "
            "grade, then has the completions reported again."
        ),
    ),
    "activity-gone": Problem(Next.PARK, _l("The activity no longer exists in Moodle."), _AGAIN),
    # our own side
    "person-unreadable": Problem(
        Next.PARK,
        _l("Whose completion this is cannot be read: PROEFTUIN_SECRET_KEY was changed."),
        _l(
            "The operator restores the former secret key, then runs: proeftuin outbox retry; or "
            "the learner opens the activity once more."
        ),
    ),
    "person-unknown": Problem(
        Next.PARK,
        _l("The learning environment's id of this person is not one that Moodle knows."),
        _CHECK,
    ),
    "internal": Problem(
        Next.RETRY,
        _l("Something went wrong on our side."),
        _l("The operator finds the error in the log, under the event 'delivery failed'."),
        _SHORT,
    ),
}
