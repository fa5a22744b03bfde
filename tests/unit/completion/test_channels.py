"""Which channel a platform gets, and when a link can report at all."""

import pytest

from lti_tool.completion import channels
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.models import Platform

ITEM = "https://lms.example/lineitems/1"


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
    platform = Platform(
        family=family,
        ws_url="https://moodle.example/ws" if connected else None,
        ws_token="sealed" if connected else None,
    )
    assert channels.obstacle(platform, line_item) == obstacle
    assert channels.can_report(platform, line_item) == (obstacle is None)
    why = channels.why_not(platform, line_item)
    assert (why is None) == (obstacle is None)
