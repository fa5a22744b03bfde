"""Every failure has a sentence and a remedy, in both languages, and something happens next."""

import re
from pathlib import Path

import pytest
from flask_babel import force_locale

from lti_tool.completion.channels import ags, bearer, lti_completion, moodle_ws
from lti_tool.completion.models import Completion
from lti_tool.completion.obstacles import OBSTACLES, Next


@pytest.mark.parametrize("code", OBSTACLES)
def test_a_code_fits_its_column_and_explains_itself(app, code):
    assert len(code) <= Completion.__table__.c.problem.type.length
    with force_locale("en"):
        for text in (OBSTACLES[code].sentence, OBSTACLES[code].remedy):
            assert str(text).strip().endswith(".")
            assert str(text)[0].isupper()


@pytest.mark.parametrize("code", OBSTACLES)
def test_learners_and_teachers_read_no_command(app, code):
    row = OBSTACLES[code]
    with force_locale("en"):
        for text in (row.sentence, row.remedy):
            assert not any(word in str(text) for word in ("proeftuin ", "--", "docs/"))


def test_every_code_that_a_channel_can_give_is_in_the_table():
    sources = [
        Path(module.__file__).read_text() for module in (ags, bearer, lti_completion, moodle_ws)
    ]
    given = {*ags._CODES.values(), *moodle_ws.CODES.values()}
    given |= {code for text in sources for code in re.findall(r'Outcome\(\s*"([a-z-]+)"', text)}
    assert len(given) > 20
    assert given <= OBSTACLES.keys()


def test_what_an_administrator_repairs_is_tried_again_by_itself():
    for code in ("token-refused", "scope-refused", "ws-off", "ws-token-invalid", "ws-not-allowed"):
        assert OBSTACLES[code].then is Next.PAUSE
    for code in ("ws-cannot-open", "ws-cannot-complete", "forbidden", "not-authorised"):
        assert OBSTACLES[code].then is Next.RETRY


def test_what_only_the_course_can_change_waits_for_somebody_to_ask():
    for code in ("no-line-item", "line-item-gone", "activity-untracked", "completion-off"):
        assert OBSTACLES[code].then is Next.PARK
