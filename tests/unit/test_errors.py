"""The table of errors: stable codes, each with a status and a sentence, in both languages."""

import ast
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import lti_tool
from lti_tool.errors import PROBLEMS, Advice, ToolError

PACKAGE = Path(lti_tool.__file__).parent


def raised_codes() -> set[str]:
    """Return every code that the program raises or maps to, read from its source."""
    codes = set()
    for path in PACKAGE.rglob("*.py"):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "ToolError"
                and node.args
            ):
                codes |= {
                    leaf.value
                    for leaf in ast.walk(node.args[0])
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                }
    return codes


def test_every_code_that_is_raised_is_in_the_table() -> None:
    assert raised_codes() <= set(PROBLEMS)


@pytest.mark.parametrize("code", PROBLEMS)
def test_each_code_has_a_status_and_reads_well_in_an_address(code: str) -> None:
    assert code == code.lower()
    assert code.replace("-", "").isalpha()
    assert PROBLEMS[code].status == 200 or 400 <= PROBLEMS[code].status < 600


def test_an_unknown_code_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        ToolError("no-such-code")


@pytest.mark.parametrize("locale", ["nl", "en"])
@pytest.mark.parametrize("advice", Advice)
def test_each_advice_is_a_sentence_in_both_languages(
    app: Flask, advice: Advice, locale: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        text = str(advice.value)
        other = _in("en" if locale == "nl" else "nl", advice)

    assert text.endswith((".", "…", "approve"))
    assert text != other, "not translated"


def _in(locale: str, advice: Advice) -> str:
    with force_locale(locale):
        return str(advice.value)
