"""What is sent by Assignment and Grade Services 2.0: done, and never a score. Pure.

There is no parameter for a score, a maximum or a comment, so that none can be sent.
"""

from datetime import datetime

from lti_tool.clock import iso_millis

MEDIA_TYPE = "application/vnd.ims.lis.v1.score+json"
"""AGS 2.0 §3.4; Moodle 4.5 answers 400 to `application/json`."""

CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"


def scores_url(line_item: str) -> str:
    """Return where scores of a line item are posted.

    `/scores` goes at the end of the path, before the query (AGS 2.0 §3.4.1): Moodle's line
    items end in `?type_id=…`. Everything else stays as the platform wrote it.
    """
    address, mark, query = line_item.partition("?")
    return f"{address.rstrip('/')}/scores{mark}{query}"


def completed(sub: str, stamped_at: datetime) -> dict[str, object]:
    """Return the message "done, and there is nothing to grade" (AGS 2.0 §3.4).

    Completed with FullyGraded and no score: Completed with PendingManual would ask a teacher
    to grade, and Canvas makes no submission of Completed with NotReady.

    Args:
        sub: the LMS's id of the person.
        stamped_at: newer than in every earlier message about this person and line item.
    """
    return {
        "userId": sub,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": iso_millis(stamped_at),
    }


def completed_in_canvas(
    sub: str, stamped_at: datetime, completed_at: datetime
) -> dict[str, object]:
    """Return the same for Canvas, as a submission without a grade (read in Canvas's source).

    - `submittedAt` is the moment of completion on every try: a changed one is a new attempt,
      which puts a graded submission back under "needs grading"; without one Canvas writes the
      moment of arrival, and may call it late.
    - `new_submission` is true until the end of time, not on the first try only. False never
      creates a submission, so that after a lost message Canvas would answer 200 and show
      nothing; true with an unchanged `submittedAt` adds no attempt. We cannot know whether a
      message without a reply arrived, and a teacher who has completions reported again wants
      a submission that was deleted to come back: true is right in both cases.
    - `preserve_score`: without it a message without a score wipes a grade that a teacher gave.
    - `prioritize_non_tool_grade`: such a grade stays the one that counts.
    - `submission_type` external_tool: the submission has no address and no text to open.

    Args:
        sub: the LMS's id of the person.
        stamped_at: when this message was made.
        completed_at: when the person was done.
    """
    return completed(sub, stamped_at) | {
        "submission": {"submittedAt": iso_millis(completed_at)},
        CANVAS_SUBMISSION: {
            "new_submission": True,
            "preserve_score": True,
            "prioritize_non_tool_grade": True,
            "submission_type": "external_tool",
        },
    }
