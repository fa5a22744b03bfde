"""What is wrong with a completion: stable codes, what happens next, and words for people.

What an administrator repairs is tried again by itself, so that nothing needs to be typed
after the repair. What only the course can change is parked, until a learner or teacher asks.
Sentence and remedy are read by learners and teachers, so that no command stands in them.
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
class Obstacle:
    """One row of the table.

    Attributes:
        then: what happens next.
        sentence: what is the matter.
        remedy: who can mend it, and how.
        command: what an operator types to mend it or to learn more; "" for nothing.
        seconds: the first wait, where something is tried again.
    """

    then: Next
    sentence: LazyString
    remedy: LazyString
    command: str = ""
    seconds: float = 30.0


NO_LINE_ITEM = "no-line-item"
NO_SERVICE = "no-web-service"
UNTRACKED = "activity-untracked"
SERVICE_REFUSED = "service-refused"

_SHORT, _LONG = 30.0, 600.0
"""Seconds: a hitch that passes by itself, and a setting that a person must repair."""

_WAIT = _l("This passes by itself; it is tried again.")
_ADMINISTRATOR = _l("The administrator of the learning environment can find out why.")
_AGAIN = _l(
    "If the activity is still in the course: open it once from there, then have the completions "
    "reported again."
)
_CHECK = "proeftuin platforms check"
_MOODLE = "proeftuin platforms moodle-completion"

OBSTACLES: dict[str, Obstacle] = {
    # the link cannot report at all
    NO_LINE_ITEM: Obstacle(
        Next.PARK,
        _l("This activity was placed in a way that cannot report completion."),
        _l(
            "A course designer adds it again as an activity of its own (in Canvas: an assignment "
            "or a module item, not inside the text of a page)."
        ),
    ),
    NO_SERVICE: Obstacle(
        Next.PARK,
        _l("This Moodle is not set up yet to show completions of this tool."),
        _l(
            "Moodle's administrator can mend that by uploading one plugin, the completion "
            "service; the start page of this tool has it."
        ),
        _CHECK,
    ),
    # the platform as a whole
    "unreachable": Obstacle(
        Next.PAUSE, _l("The learning environment does not answer."), _WAIT, seconds=_SHORT
    ),
    "server-error": Obstacle(
        Next.PAUSE,
        _l("The learning environment answers with an error or maintenance page."),
        _WAIT,
        seconds=_SHORT,
    ),
    "throttled": Obstacle(
        Next.PAUSE, _l("The learning environment asks us to slow down."), _WAIT, seconds=15.0
    ),
    "address-refused": Obstacle(
        Next.PAUSE,
        _l("The learning environment's address is not HTTPS, or is on a private network."),
        _l("The operator of this tool can allow addresses on the school's own network."),
        "set PROEFTUIN_ALLOW_PRIVATE_PLATFORMS=1 and restart",
        seconds=_LONG,
    ),
    "token-refused": Obstacle(
        Next.PAUSE,
        _l("The learning environment gives us no access token."),
        _l(
            "An administrator checks in the LMS that the tool is enabled and that its keyset "
            "address is right and reachable."
        ),
        _CHECK,
        seconds=_LONG,
    ),
    "scope-refused": Obstacle(
        Next.PAUSE,
        _l("The learning environment does not let us report completions."),
        _l("An administrator grants the tool the scope …/lti-ags/scope/score in the LMS."),
        _CHECK,
        seconds=_LONG,
    ),
    "key-unusable": Obstacle(
        Next.PAUSE,
        _l("Our own signing key cannot be used."),
        _l("The operator of this tool restores it."),
        "proeftuin keys list; the key file must be there, with mode 0600",
        seconds=_LONG,
    ),
    # the answer to a message
    "not-authorised": Obstacle(
        Next.RETRY,
        _l("The learning environment refuses our access token for this activity."),
        _l("An administrator checks that the tool is still installed for this course."),
        _CHECK,
        seconds=_SHORT,
    ),
    "forbidden": Obstacle(
        Next.RETRY,
        _l("The learning environment forbids reporting this activity's completion."),
        _ADMINISTRATOR,
        _CHECK,
        seconds=_SHORT,
    ),
    "error-in-answer": Obstacle(
        Next.RETRY,
        _l("The learning environment takes the message and answers with an error all the same."),
        _ADMINISTRATOR,
        _CHECK,
        seconds=_SHORT,
    ),
    "not-newer": Obstacle(
        Next.RETRY,
        _l("The learning environment already has a message of this very second."),
        _WAIT,
        seconds=1.0,
    ),
    "line-item-gone": Obstacle(
        Next.PARK,
        _l("The activity no longer has a place for completions in the learning environment."),
        _AGAIN,
    ),
    "line-item-foreign": Obstacle(
        Next.PARK,
        _l("The activity's place for completions belongs to another installation of the tool."),
        _AGAIN,
    ),
    "attempts-exhausted": Obstacle(
        Next.PARK,
        _l("The learning environment already has as many submissions as the activity allows."),
        _l("If the activity does not show as submitted: a teacher allows one more submission."),
    ),
    "not-possible-here": Obstacle(
        Next.PARK,
        _l(
            "The learning environment cannot record this person's completion: the course has "
            "ended, or the person does not take part as a learner (any more)."
        ),
        _l("A teacher checks the course's end date and the person's role."),
    ),
    "not-accepted": Obstacle(
        Next.PARK,
        _l("The learning environment does not accept the message."),
        _l(
            "A teacher checks that the person is (still) enrolled; otherwise the administrator "
            "of the learning environment can find out why."
        ),
        _CHECK,
    ),
    # the completion service (docs/completion-service.md)
    SERVICE_REFUSED: Obstacle(
        Next.RETRY,
        _l("The learning environment offered to take completions, but does not do so now."),
        _l(
            "Its administrator checks that the completion service is installed, and that it is "
            "switched on for this tool."
        ),
        _CHECK,
        seconds=_LONG,
    ),
    "not-shown": Obstacle(
        Next.PARK,
        _l("The learning environment took the message, but does not show the activity as done."),
        _l("A teacher looks at the activity's own conditions for completion."),
    ),
    # Moodle's web service; the error codes behind these were measured on Moodle 4.5
    "ws-off": Obstacle(
        Next.PAUSE,
        _l("Moodle's web services, or the REST protocol, are switched off."),
        _l(
            "An administrator switches both on: Advanced features > Enable web services, and "
            "Server > Web services > Manage protocols > REST."
        ),
        _CHECK,
        seconds=_LONG,
    ),
    "ws-token-invalid": Obstacle(
        Next.PAUSE,
        _l("Moodle does not know our web service token, or it has expired."),
        _l("An administrator makes a new token in Moodle and gives it to this tool's operator."),
        _MOODLE,
        seconds=_LONG,
    ),
    "ws-token-unreadable": Obstacle(
        Next.PAUSE,
        _l("The stored web service token cannot be read: PROEFTUIN_SECRET_KEY was changed."),
        _l("The operator of this tool gives it the token again."),
        _MOODLE,
        seconds=_LONG,
    ),
    "ws-not-allowed": Obstacle(
        Next.PAUSE,
        _l("The web service account may not use the web service, or a function is missing in it."),
        _l(
            "An administrator adds both functions to the external service, adds the account to "
            "its authorised users, and gives its role the capability webservice/rest:use."
        ),
        _CHECK,
        seconds=_LONG,
    ),
    "ws-cannot-open": Obstacle(
        Next.RETRY,
        _l("The web service account may not open this activity in Moodle."),
        _l(
            "An administrator gives its role moodle/course:view and mod/lti:view and, for hidden "
            "or restricted activities and courses, moodle/course:viewhiddenactivities, "
            "moodle/course:viewhiddencourses and moodle/course:ignoreavailabilityrestrictions."
        ),
        _CHECK,
        seconds=_SHORT,
    ),
    "ws-cannot-complete": Obstacle(
        Next.RETRY,
        _l("The web service account may not set completion in this course."),
        _l("An administrator gives its role the capability moodle/course:overridecompletion."),
        _CHECK,
        seconds=_SHORT,
    ),
    "ws-error": Obstacle(
        Next.RETRY,
        _l("Moodle's web service answers with an error that we do not know."),
        _ADMINISTRATOR,
        _CHECK,
        seconds=_SHORT,
    ),
    "completion-off": Obstacle(
        Next.PARK,
        _l("Completion tracking is switched off in this Moodle course."),
        _l(
            "A teacher switches it on: course > Settings > Completion tracking, then has the "
            "completions reported again."
        ),
    ),
    UNTRACKED: Obstacle(
        Next.PARK,
        _l("The learning environment does not track whether this activity is done."),
        _l(
            "A teacher edits the activity and gives it a condition for completion (in Moodle: "
            "Completion conditions > Add requirements), then has the completions reported again."
        ),
    ),
    "activity-gone": Obstacle(
        Next.PARK, _l("The activity no longer exists in the learning environment."), _AGAIN
    ),
    # our own side
    "person-unreadable": Obstacle(
        Next.PARK,
        _l("Whose completion this is cannot be read: PROEFTUIN_SECRET_KEY was changed."),
        _l("The learner opens the activity once more, or the operator restores the former key."),
        "restore PROEFTUIN_SECRET_KEY, then: proeftuin outbox retry",
    ),
    "person-unknown": Obstacle(
        Next.PARK,
        _l("The learning environment's id of this person is not one that Moodle knows."),
        _ADMINISTRATOR,
        _CHECK,
    ),
    "internal": Obstacle(
        Next.RETRY,
        _l("Something went wrong on our side."),
        _l("The operator of this tool finds the error in its log."),
        "look in the log for the event 'delivery failed'",
        seconds=_SHORT,
    ),
}
