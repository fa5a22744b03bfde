"""What differs per LMS family: one row each, so that the flow needs no `if moodle`.

A habit gets a column here when a second family differs in it; until then it is a value.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """The habits of one kind of LMS.

    Attributes:
        key: what `proeftuin platforms add --family` takes.
        label: its name for people.
        deep_link_line_item: `scoreMaximum` of the line item that a deep link brings along,
            or None to bring none.
        channel: how completions travel: a key of the channels in `completion`.
        needs_web_service: True when a score without a number shows nothing there, so that
            only the LMS's own web service can tick the activity.
        ws_path: path of that web service under the issuer.
        title_limit: characters of an activity title that the LMS stores.
    """

    key: str
    label: str
    deep_link_line_item: int | None
    channel: str
    needs_web_service: bool = False
    ws_path: str | None = None
    title_limit: int = 255


FAMILIES: dict[str, Family] = {
    family.key: family
    for family in (
        # AGS 2.0 §3.2.8 wants scoreMaximum > 0; nothing is ever scored against it.
        Family("generic", "LTI 1.3", deep_link_line_item=1, channel="ags"),
        # Measured on Moodle 4.5: a score-less post answers 200, leaves a null grade row and
        # completes nothing; a longer title makes the item vanish silently.
        Family(
            "moodle",
            "Moodle",
            deep_link_line_item=None,
            channel="moodle_ws",
            needs_web_service=True,
            ws_path="/webservice/rest/server.php",
        ),
        # Read in Canvas's source: 0 points are allowed, and keep the activity out of the sums.
        Family("canvas", "Canvas", deep_link_line_item=0, channel="ags_canvas"),
        Family("brightspace", "Brightspace", deep_link_line_item=1, channel="ags"),
        Family("blackboard", "Blackboard", deep_link_line_item=1, channel="ags"),
        Family("sakai", "Sakai", deep_link_line_item=1, channel="ags"),
        Family("openedx", "Open edX", deep_link_line_item=1, channel="ags"),
        Family("itslearning", "itslearning", deep_link_line_item=1, channel="ags"),
    )
}
