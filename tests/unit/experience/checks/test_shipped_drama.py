"""The Experiences that ship hold to what the check only advises: it matters what one does."""

from datetime import date
from pathlib import Path

import pytest

from lti_tool.experience.checks.consequence import Report, consequence
from lti_tool.experience.checks.drama import ENOUGH
from lti_tool.experience.document.model import Experience
from lti_tool.experience.document.parsing import parse_bytes
from lti_tool.experience.intake.checking import check_file

CONTENT = Path(__file__).resolve().parents[4] / "content"
DOCUMENTS = sorted(CONTENT.glob("*.yaml"))
TODAY = date(2026, 11, 26)


def experience(path: Path) -> Experience | None:
    item = parse_bytes(path.read_bytes(), file=path.name).item
    return item if isinstance(item, Experience) else None


EXPERIENCES = [path for path in DOCUMENTS if experience(path) is not None]


@pytest.fixture(params=EXPERIENCES, ids=lambda path: path.stem)
def shipped(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def report(shipped: Path) -> Report:
    item = experience(shipped)
    assert item is not None
    return consequence(item)


def test_there_are_experiences_with_choices() -> None:
    assert len(EXPERIENCES) >= 6
    assert all(consequence(item).choices for path in EXPERIENCES if (item := experience(path)))


def test_two_thirds_of_the_choices_have_a_consequence_that_one_can_read(report: Report) -> None:
    idle = [one.node for one in report.choices if not one.matters]
    assert report.share >= ENOUGH, f"nothing depends on {idle}"


def test_where_it_is_first_read_can_be_told(report: Report) -> None:
    assert [one.node for one in report.choices if one.matters and not one.places] == []


def test_strong_reactions_are_spread_over_the_positions(report: Report) -> None:
    [(_, most)] = report.positions.most_common(1)
    assert most * 2 <= len(report.strong), report.positions
    assert len(report.positions) >= 3


def test_there_is_more_than_one_ending_and_each_looks_at_what_was_done(report: Report) -> None:
    assert len(report.endings) >= 2
    assert [ending.node for ending in report.endings if ending.deaf] == []


def test_no_two_ways_with_different_readable_flags_end_on_the_same_page(report: Report) -> None:
    assert {one.node: one.alike for one in report.endings if one.alike} == {}


def test_all_pages_of_the_endings_were_told_apart(report: Report) -> None:
    """Beyond `_MOST_PAGES` the rule above would not have been looked at."""
    assert max(ending.pages for ending in report.endings) < 512


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_check_has_nothing_to_say(path: Path) -> None:
    assert [(one.code, one.node) for one in check_file(path, TODAY)[1]] == []
