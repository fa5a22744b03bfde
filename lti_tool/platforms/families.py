"""What differs per LMS family: one row each, so that the flow needs no `if moodle`.

A habit gets a column here when a second family differs in it; until then it is a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

CANVAS = "https://canvas.instructure.com/lti/"

CANVAS_PLACEMENTS = (
    "assignment_selection",
    "module_menu_modal",
    "module_index_menu_modal",
    "course_assignments_menu",
)
"""Where Canvas can make an assignment, which alone can report a completion."""


@dataclass(frozen=True, slots=True)
class Family:
    """The habits of one kind of LMS.

    Attributes:
        key: what `proeftuin platforms add --family` takes.
        label: its name for people.
        deep_link_line_item: `scoreMaximum` of the line item that a deep link brings along,
            or None to bring none.
        channel: how completions travel where a link has no completion service: a key of the
            channels in `completion`.
        completion_service: whether it may have one that we are not told of beforehand, and bears
            being asked for a scope that it does not know.
        needs_web_service: True when a score without a number shows nothing there, so that
            only the LMS's own web service can tick the activity.
        ws_path: path of that web service under the issuer.
        tick_called_grade: whether its own pages name a tick that comes from outside a grade.
        title_limit: characters of an activity title that the LMS stores.
        products: what it calls itself while registering (`product_family_code`), lower case.
        placements: where a course designer finds our picker.
        registration: what its registration wants on top of the standard.
        configured_on: domains whose hosts may serve the configuration of an issuer on
            another of them, for an LMS whose issuer is one name for all its customers.
        silent_placements: places where what is inserted can never report a completion.
        dates: whether it keeps the date by which something is to be done.
        advice: what to set there so that completions show, where there is no completion service:
            at most two sentences for whoever builds the course, lazily translated.
        guide: name of the guide for it, as the tool shows it.
    """

    key: str
    label: str
    deep_link_line_item: int | None
    channel: str
    completion_service: bool = False
    needs_web_service: bool = False
    ws_path: str | None = None
    tick_called_grade: bool = False
    title_limit: int = 255
    products: tuple[str, ...] = ()
    placements: tuple[str, ...] = ("ContentArea",)
    registration: Mapping[str, str] = field(default_factory=dict)
    configured_on: tuple[str, ...] = ()
    silent_placements: tuple[str, ...] = ()
    dates: bool = True
    advice: tuple[Any, ...] = ()
    guide: str = "other-lms"


FAMILIES: dict[str, Family] = {
    family.key: family
    for family in (
        # AGS 2.0 §3.2.8 wants scoreMaximum > 0; nothing is ever scored against it.
        Family("generic", "LTI 1.3", deep_link_line_item=1, channel="ags"),
        # Measured on Moodle 4.5: a score-less post answers 200, leaves a null grade row and
        # completes nothing; a longer title makes the item vanish silently. A plugin brings the
        # completion service; registration drops scopes that it does not know (measured).
        Family(
            "moodle",
            "Moodle",
            deep_link_line_item=None,
            channel="moodle_ws",
            completion_service=True,
            needs_web_service=True,
            tick_called_grade=True,  # "Receive a grade" (measured)
            ws_path="/webservice/rest/server.php",
            products=("moodle",),
            dates=False,
            guide="moodle",
            advice=(
                _l(
                    "One activity: in the form that opens, under Completion conditions, choose "
                    "“Add requirements” and tick “Receive a grade”. There will be no grade."
                ),
                _l(
                    "Several at once: the course's own default counts. Set it beforehand under "
                    "More › Course completion › Default activity completion › External tool."
                ),
            ),
        ),
        # Read in Canvas's source: 0 points are allowed, and keep the activity out of the sums.
        # Without a privacy level it would guess one from the claims.
        Family(
            "canvas",
            "Canvas",
            deep_link_line_item=0,
            channel="ags_canvas",
            products=("canvas",),
            placements=tuple(CANVAS + name for name in CANVAS_PLACEMENTS),
            registration={CANVAS + "privacy_level": "anonymous"},
            configured_on=("instructure.com", "canvaslms.com"),
            # Links inside a text get no line item; in a submission there is no activity (source).
            silent_placements=("editor_button", "homework_submission"),
            guide="canvas",
            advice=(
                _l("Canvas keeps what you add unpublished: publish the assignment and its module."),
                _l(
                    "In the module choose Edit › Add requirement › “Submit the assignment”. It "
                    "counts 0 points, and nothing is graded."
                ),
            ),
        ),
        Family(
            "brightspace",
            "Brightspace",
            deep_link_line_item=1,
            channel="ags",
            products=("desire2learn", "brightspace"),
        ),
        Family(
            "blackboard",
            "Blackboard",
            deep_link_line_item=1,
            channel="ags",
            products=("blackboardlearn", "blackboard"),
        ),
        Family("sakai", "Sakai", deep_link_line_item=1, channel="ags", products=("sakai",)),
        Family(
            "openedx",
            "Open edX",
            deep_link_line_item=1,
            channel="ags",
            products=("openedx", "open edx"),
        ),
        Family(
            "itslearning",
            "itslearning",
            deep_link_line_item=1,
            channel="ags",
            products=("itslearning",),
        ),
    )
}


def family_of(product: object) -> Family:
    """Return the family of a `product_family_code`; the generic one for any other value."""
    said = product.lower() if isinstance(product, str) else ""
    found = (family for family in FAMILIES.values() if said in family.products)
    return next(found, FAMILIES["generic"])
