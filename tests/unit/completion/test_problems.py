"""Every failure has a sentence and a remedy, in both languages, and something happens next."""

import pytest
from flask_babel import force_locale

from lti_tool.completion.channels import ags, moodle_ws
from lti_tool.completion.models import Completion
from lti_tool.completion.problems import PROBLEMS, Next


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_code_fits_its_column_and_explains_itself(app, code):
    assert len(code) <= Completion.problem.type.length
    with force_locale("en"):
        for text in (PROBLEMS[code].sentence, PROBLEMS[code].remedy):
            assert str(text).strip().endswith((".", "completion", "check"))
            assert str(text)[0].isupper()


def test_every_code_that_a_channel_can_give_is_in_the_table():
    given = {*ags._CODES.values(), *moodle_ws.CODES.values()}
    assert given <= PROBLEMS.keys()


def test_what_an_administrator_repairs_is_tried_again_by_itself():
    for code in ("token-refused", "scope-refused", "ws-off", "ws-token-invalid", "ws-not-allowed"):
        assert PROBLEMS[code].then is Next.PAUSE
    for code in ("ws-cannot-open", "ws-cannot-complete", "forbidden", "not-authorised"):
        assert PROBLEMS[code].then is Next.RETRY


def test_what_only_the_course_can_change_waits_for_somebody_to_ask():
    for code in ("no-line-item", "line-item-gone", "activity-untracked", "completion-off"):
        assert PROBLEMS[code].then is Next.PARK
