"""Canvas: a submission without a grade, which never wipes one and never adds an attempt.

The rows are those that were read in Canvas's source, which the sandbox's profile repeats.
"""

from datetime import timedelta

import pytest

from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.sandbox.world.faults import Fault
from lti_tool.sandbox.world.records import GradeRow, Submission


@pytest.fixture
def canvas(world_of):
    return world_of("canvas")


def submission(canvas, activity, who: str = "sam") -> Submission:
    return canvas.lms.memory.submissions[activity.id, canvas.sub(who)]


def scores_sent(canvas) -> list[dict[str, object]]:
    """The bodies of all score messages, oldest first."""
    messages = [message for message in canvas.lms.memory.messages if message.kind == "score"]
    return [message.sent for message in reversed(messages)]


def test_a_completion_meets_must_submit(canvas):
    activity = canvas.activity()
    canvas.complete(activity)
    assert canvas.send() == {DELIVERED: 1}
    assert canvas.lms.is_done(activity, canvas.sub())
    made = submission(canvas, activity)
    assert (made.attempt, made.workflow_state, made.kind) == (1, "submitted", "external_tool")
    assert made.submitted_at == canvas.done(activity).completed_at
    assert made.url == "", "a submission has no address that anybody could open"


def test_a_grade_that_a_teacher_gave_stays(canvas):
    activity = canvas.activity()
    canvas.lms.memory.grades[activity.id, canvas.sub()] = GradeRow(grade=1.0)
    canvas.complete(activity)
    canvas.send()
    row = canvas.lms.memory.grades[activity.id, canvas.sub()]
    assert (row.grade, row.wiped) == (1.0, 0)


def test_telling_again_adds_no_attempt(canvas):
    activity = canvas.activity()
    canvas.complete(activity)
    canvas.send()
    for _ in range(3):
        canvas.clock.turn(days=2)
        canvas.again(activity)
        assert canvas.send() == {DELIVERED: 1}
    assert submission(canvas, activity).attempt == 1
    bodies = scores_sent(canvas)
    assert len({body["timestamp"] for body in bodies}) == 4, "fresh at every try"
    assert len({body["submission"]["submittedAt"] for body in bodies}) == 1, "the same for all"


@pytest.mark.parametrize("fault", ["lost_reply", "timeout", "500", "403"])
def test_whether_the_first_message_arrived_or_not_one_attempt_shows(canvas, fault):
    activity = canvas.activity(allowed_attempts=1)
    canvas.complete(activity)
    canvas.lms.faults.add(Fault("services", fault, seconds=0.05))
    assert canvas.send() == {WAITING: 1}
    canvas.clock.turn(hours=1)
    assert canvas.send() == {DELIVERED: 1}
    assert submission(canvas, activity).attempt == 1
    assert canvas.lms.is_done(activity, canvas.sub())


def test_a_submission_that_was_deleted_comes_back(canvas):
    activity = canvas.activity()
    canvas.complete(activity)
    canvas.send()
    canvas.lms.memory.submissions.clear()
    canvas.lms.reset_completions(activity)
    canvas.again(activity)
    assert canvas.send() == {DELIVERED: 1}
    assert canvas.lms.is_done(activity, canvas.sub())


def test_an_item_inside_a_page_has_no_line_item_and_says_so(canvas):
    activity = canvas.activity(reports=False)
    assert canvas.learner_sees(activity).name == "unreportable"
    canvas.complete(activity)
    assert canvas.send() == {PARKED: 1}
    assert canvas.done(activity).obstacle == "no-line-item"
    assert scores_sent(canvas) == []


def exhaust(canvas, activity) -> None:
    activity.allowed_attempts = 1
    canvas.lms.memory.submissions[activity.id, canvas.sub()] = Submission(
        1, canvas.clock() - timedelta(days=9), "submitted", "external_tool"
    )


def conclude(canvas, _activity) -> None:
    canvas.lms.memory.concluded = True


def remove(canvas, activity) -> None:
    del canvas.lms.memory.activities[activity.id]


def give_away(canvas, activity) -> None:
    activity.client_id = "another-tool"


@pytest.mark.parametrize(
    ("happens", "problem"),
    [
        (exhaust, "attempts-exhausted"),
        (conclude, "not-possible-here"),
        (remove, "line-item-gone"),
        (give_away, "line-item-foreign"),
    ],
)
def test_a_refusal_that_cannot_heal_is_parked_and_not_repeated(canvas, happens, problem):
    activity = canvas.activity()
    canvas.complete(activity)
    happens(canvas, activity)
    assert canvas.send() == {PARKED: 1}
    assert canvas.done(activity).obstacle == problem
    canvas.clock.turn(days=30)
    assert canvas.send() == {}
    assert len(canvas.lms.memory.messages) == 2, "one token, one message"


def test_a_teacher_is_no_student_to_canvas(canvas):
    activity = canvas.activity()
    canvas.complete(activity, "tess")
    assert canvas.send() == {PARKED: 1}
    assert canvas.done(activity, "tess").obstacle == "not-possible-here"


def test_a_throttled_platform_is_left_alone_for_a_while(canvas):
    """Canvas says 403 "Rate Limit Exceeded" and names no time to wait."""
    activities = [canvas.activity() for _ in range(3)]
    for activity in activities:
        canvas.complete(activity)
    canvas.lms.faults.add(Fault("services", "403"))
    assert canvas.send() == {WAITING: 1}
    assert canvas.done(activities[0]).obstacle == "throttled"
    assert canvas.platform.paused_until >= canvas.clock() + timedelta(seconds=15)
    canvas.clock.turn(minutes=1)
    assert canvas.send() == {DELIVERED: 3}
