"""What is sent holds the fact of completion and never anything that could be a score."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.completion.channels import ags_body

MOMENTS = st.integers(1_600_000_000_000, 4_000_000_000_000).map(
    lambda millis: datetime.fromtimestamp(millis / 1000, UTC)
)
DONE = datetime(2026, 10, 1, 11, 59, 58, tzinfo=UTC)
NOW = datetime(2026, 10, 1, 12, 0, 0, 123_456, tzinfo=UTC)


def names(value: object) -> set[str]:
    """Every key in a JSON value, however deep."""
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values())) if value else set()
    return set()


@given(sub=st.text(), stamp=MOMENTS, done=MOMENTS)
def test_no_message_ever_has_a_field_for_a_score(sub, stamp, done):
    for body in (
        ags_body.completed(sub, stamp),
        ags_body.completed_in_canvas(sub, stamp, done),
    ):
        sent = json.loads(json.dumps(body))
        assert names(sent) <= {
            "userId",
            "activityProgress",
            "gradingProgress",
            "timestamp",
            "submission",
            "submittedAt",
            ags_body.CANVAS_SUBMISSION,
            "new_submission",
            "preserve_score",
            "prioritize_non_tool_grade",
            "submission_type",
        }
        assert sent["userId"] == sub


def test_the_message_says_done_and_nothing_to_grade():
    assert ags_body.completed("u-1", NOW) == {
        "userId": "u-1",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-10-01T12:00:00.123Z",
    }


def test_canvas_gets_a_submission_that_keeps_a_teachers_grade():
    body = ags_body.completed_in_canvas("u-1", NOW, DONE)
    assert body == ags_body.completed("u-1", NOW) | {
        "submission": {"submittedAt": "2026-10-01T11:59:58.000Z"},
        "https://canvas.instructure.com/lti/submission": {
            "new_submission": True,
            "preserve_score": True,
            "prioritize_non_tool_grade": True,
            "submission_type": "external_tool",
        },
    }


@given(first=MOMENTS, second=MOMENTS, done=MOMENTS)
def test_a_retry_for_canvas_differs_in_its_timestamp_only(first, second, done):
    bodies = [ags_body.completed_in_canvas("u", stamp, done) for stamp in (first, second)]
    assert bodies[0] | {"timestamp": ""} == bodies[1] | {"timestamp": ""}


@pytest.mark.parametrize(
    ("line_item", "scores"),
    [
        ("https://lms.example/li/2", "https://lms.example/li/2/scores"),
        ("https://lms.example/li/2/", "https://lms.example/li/2/scores"),
        (
            "https://moodle.example/mod/lti/services.php/2/lineitems/2/lineitem?type_id=1",
            "https://moodle.example/mod/lti/services.php/2/lineitems/2/lineitem/scores?type_id=1",
        ),
        ("https://lms.example/li?a=1&b=x?y", "https://lms.example/li/scores?a=1&b=x?y"),
        ("https://lms.example/li%2F2?a=%26", "https://lms.example/li%2F2/scores?a=%26"),
    ],
)
def test_scores_goes_before_the_query(line_item, scores):
    assert ags_body.scores_url(line_item) == scores
