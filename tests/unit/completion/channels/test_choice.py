"""Which channel a link gets, and when it can report at all."""

import pytest

from lti_tool.completion import channels
from lti_tool.completion.channels.base import Delivery, Link, Outcome
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.models import Platform

ITEM = "https://lms.example/lineitems/1"
SERVICE = "https://lms.example/completion/1"


def platform(family: str, *, connected: bool = False) -> Platform:
    return Platform(
        family=family,
        ws_url="https://moodle.example/ws" if connected else None,
        ws_token="sealed" if connected else None,
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_channel(family):
    assert FAMILIES[family].channel in channels.KINDS


@pytest.mark.parametrize(
    ("family", "line_item", "connected", "obstacle"),
    [
        ("generic", ITEM, False, None),
        ("generic", None, False, "no-line-item"),
        ("canvas", ITEM, False, None),
        ("canvas", None, False, "no-line-item"),
        ("brightspace", None, True, "no-line-item"),
        # a score without a number would be answered with 200 and shown nowhere
        ("moodle", ITEM, False, "no-web-service"),
        ("moodle", None, False, "no-web-service"),
        ("moodle", ITEM, True, None),
        ("moodle", None, True, None),
    ],
)
def test_a_link_can_report_only_where_the_lms_will_show_it(family, line_item, connected, obstacle):
    lms = platform(family, connected=connected)
    assert channels.obstacle(lms, Link("1", line_item)) == obstacle
    assert (channels.why_not(lms, Link("1", line_item)) is None) == (obstacle is None)
    # with the completion service every link of every LMS can
    assert channels.obstacle(lms, Link("1", line_item, SERVICE)) is None


@pytest.mark.parametrize(
    ("family", "connected", "link", "ways"),
    [
        ("moodle", True, Link("1", ITEM, SERVICE), ["lti_completion", "moodle_ws"]),
        ("moodle", False, Link("1", ITEM, SERVICE), ["lti_completion"]),
        ("moodle", True, Link("1", ITEM), ["moodle_ws"]),
        ("moodle", False, Link("1", ITEM), []),
        ("canvas", False, Link("1", ITEM), ["ags_canvas"]),
        ("canvas", False, Link("1", ITEM, SERVICE), ["lti_completion", "ags_canvas"]),
        ("generic", False, Link("1", None, SERVICE), ["lti_completion"]),
    ],
)
def test_the_completion_service_goes_first(family, connected, link, ways):
    assert channels.usable(platform(family, connected=connected), link) == ways


@pytest.mark.parametrize(
    ("outcomes", "asked", "outcome"),
    [
        ({"lti_completion": Outcome()}, ["lti_completion"], Outcome()),
        (
            {"lti_completion": Outcome("unreachable")},
            ["lti_completion"],
            Outcome("unreachable"),
        ),
        (
            {"lti_completion": Outcome("service-refused", elsewhere=True), "moodle_ws": Outcome()},
            ["lti_completion", "moodle_ws"],
            Outcome(),
        ),
        (
            {
                "lti_completion": Outcome("activity-gone", elsewhere=True),
                "moodle_ws": Outcome("ws-off"),
            },
            ["lti_completion", "moodle_ws"],
            Outcome("ws-off"),
        ),
    ],
)
def test_the_next_channel_is_tried_only_where_the_first_is_not_there(outcomes, asked, outcome):
    came = []

    class Scripted:
        def __init__(self, name: str) -> None:
            self.name = name

        def deliver(self, _delivery: Delivery) -> Outcome:
            came.append(self.name)
            return outcomes[self.name]

    both = channels.Channels(None, None, None)
    both._channels = {name: Scripted(name) for name in channels.KINDS}
    lms = platform("moodle", connected=True)
    delivery = Delivery(lms, Link("1", None, SERVICE), "4", None, None)
    assert both.deliver(delivery) == outcome
    assert came == asked
