"""Reading a score message, and finding score fields wherever they hide. Pure."""

import json
import string
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.sandbox.services.score import (
    ANY_ISO_TIME,
    SUB_SECOND_TIME,
    Score,
    parse_score,
    parse_time,
    score_fields,
    score_keys,
)
from lti_tool.sandbox.world.reasons import REASONS, Refusal

FIELDS = ("scoreGiven", "scoreMaximum", "comment")
BODY = {
    "userId": "4",
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
    "timestamp": "2026-11-21T20:30:00.123Z",
}
filler = st.text(alphabet=string.punctuation + " ", max_size=12)


def read(body: Any) -> Score:
    return parse_score(
        json.dumps(body).encode(), timestamp_pattern=SUB_SECOND_TIME, progress_checked=True
    )


def code_of(body: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        read(body)
    return refusal.value.code


def test_a_whole_message_is_read() -> None:
    score = read(BODY)

    assert (score.user_id, score.says_done) == ("4", True)
    assert score.timestamp.isoformat() == "2026-11-21T20:30:00.123000+00:00"


@pytest.mark.parametrize("name", sorted(BODY))
@pytest.mark.parametrize("value", [None, "", 4, ["4"], {}])
def test_every_field_must_be_text(name: str, value: Any) -> None:
    assert code_of({**BODY, name: value}) == "field_missing"
    assert code_of({other: BODY[other] for other in BODY if other != name}) == "field_missing"


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_only_an_object_is_a_message(body: Any) -> None:
    assert code_of(body) == "body_json"


@given(raw=st.binary(max_size=200))
def test_no_bytes_lead_to_anything_but_a_score_or_a_refusal(raw: bytes) -> None:
    try:
        parse_score(raw, timestamp_pattern=ANY_ISO_TIME, progress_checked=False)
    except Refusal as refusal:
        assert refusal.code in REASONS


@pytest.mark.parametrize(
    ("text", "any_time", "sub_seconds"),
    [
        ("2026-11-21T20:30:00.123Z", True, True),
        ("2026-11-21T20:30:00.123456+01:00", True, True),
        ("2026-11-21T20:30:00Z", True, False),
        ("2026-11-21T20:30:00.123", False, False),
        ("2026-11-21 20:30:00.123Z", False, False),
        ("2026-13-41T20:30:00.123Z", False, False),
        (1795289447, False, False),
        ("2026-11-21T20:30:00.123Z\n", False, False),
    ],
)
def test_which_times_are_times(text: object, any_time: bool, sub_seconds: bool) -> None:
    for pattern, good in ((ANY_ISO_TIME, any_time), (SUB_SECOND_TIME, sub_seconds)):
        if good:
            assert parse_time(text, pattern).tzinfo is not None
        else:
            with pytest.raises(Refusal):
                parse_time(text, pattern)


@given(before=filler, after=filler, field=st.sampled_from(FIELDS), upper=st.booleans())
def test_a_score_field_is_found_between_any_punctuation_in_any_capitals(
    before: str, after: str, field: str, upper: bool
) -> None:
    text = before + (field.upper() if upper else field) + after

    assert [found.lower() for found in score_fields([text])] == [field.lower()]


@given(field=st.sampled_from(FIELDS))
def test_a_percent_encoded_field_is_found_too(field: str) -> None:
    hidden = "".join(f"%{ord(letter):02X}" for letter in field)

    assert score_fields([f"?{hidden}=1"]) == [field]
    assert score_fields([quote(json.dumps({field: 1}))]) == [field]


@pytest.mark.parametrize("text", ["commentary", "uncommented", "scoreGivenAway", "scores", ""])
def test_other_words_are_left_alone(text: str) -> None:
    assert score_fields([text]) == []


@given(
    field=st.sampled_from(FIELDS),
    path=st.lists(st.text(alphabet="abc", max_size=3) | st.integers(0, 2), max_size=6),
)
def test_a_name_is_found_however_deep_and_a_text_is_left_alone(
    field: str, path: list[str | int]
) -> None:
    named: Any = {field: 1}
    said: Any = field
    for step in path:
        named = {step: named} if isinstance(step, str) else [0] * step + [named]
        said = {step: said} if isinstance(step, str) else [0] * step + [said]

    assert score_keys(named) == [field]
    assert score_keys(said) == []


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_a_sentence_in_both_languages(code: str) -> None:
    names = {
        name: "x"
        for text in REASONS[code]
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }
    refusal = Refusal(code, **names)

    assert refusal.text("nl")
    assert refusal.text("en")
    nl, en = ({n for _, n, _, _ in string.Formatter().parse(t) if n} for t in REASONS[code])
    assert nl == en


def test_a_long_detail_is_cut() -> None:
    assert len(Refusal("auth_scope", got="x" * 10_000).text("nl")) < 200


def test_an_unknown_reason_is_a_mistake_at_once() -> None:
    with pytest.raises(KeyError):
        Refusal("just because")
