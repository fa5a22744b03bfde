"""`proeftuin privacy`: exit codes, and what an operator does not get to see."""

import json

import pytest
from click.testing import CliRunner, Result
from visits import GARDEN, School

from lti_tool.commands.privacy import privacy
from lti_tool.launch.models import Learner


@pytest.fixture
def kept(school: School) -> School:
    school.publish(GARDEN)
    tab = school.open("tuin", "anna-4").onward().choose("vraag").onward().onward()
    tab.choose("los").onward()
    tab.send(tab.button("Bewaar"), text="Geheim.")
    return school


def run(*words: str) -> Result:
    return CliRunner().invoke(privacy, words)


def test_an_export_lists_what_is_kept_without_what_was_chosen_or_written(kept: School) -> None:
    result = run("export", "--platform", "school", "--sub", "anna-4")
    assert result.exit_code == 0
    assert len(json.loads(result.output)["reflections"]) == 1
    assert "Geheim" not in result.output
    assert "los" not in result.output


@pytest.mark.parametrize("command", [["export"], ["erase", "--yes"]])
@pytest.mark.parametrize(
    ("platform", "sub", "words"),
    [("nowhere", "anna-4", "platforms list"), ("school", "nobody", "Nothing is kept")],
)
def test_somebody_unknown_is_refused(
    kept: School, command: list[str], platform: str, sub: str, words: str
) -> None:
    result = run(*command, "--platform", platform, "--sub", sub)
    assert result.exit_code == 1
    assert words in result.output
    assert len(kept.rows(Learner)) == 1


def test_erasing_asks_first(kept: School) -> None:
    asked = ("erase", "--platform", "school", "--sub", "anna-4")
    result = CliRunner().invoke(privacy, asked, input="n\n")
    assert result.exit_code == 1
    assert len(kept.rows(Learner)) == 1
    assert run(*asked, "--yes").exit_code == 0
    assert kept.rows(Learner) == []


def test_retaining_says_how_many_and_never_whose(kept: School) -> None:
    kept.clock.turn(days=91)
    result = run("retain", "--json")
    [row] = json.loads(result.output)
    nothing = {"parts", "reflections", "notes", "insights", "completions", "people"}
    nothing |= {"counted", "pairs", "starters"}
    assert row == {"runs": 1, "sessions": 1} | dict.fromkeys(nothing, 0)


@pytest.mark.parametrize("words", [[], ["export"], ["erase", "--platform", "x"], ["nothing"]])
def test_a_command_that_is_not_complete_is_a_usage_error(kept: School, words: list[str]) -> None:
    assert run(*words).exit_code == 2
