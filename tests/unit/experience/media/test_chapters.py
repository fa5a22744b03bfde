"""Chapters: read from WebVTT, in order, and none where there are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.experience.media.chapters import Chapter, clock, read

TEXT = """WEBVTT

00:00.000 --> 00:12.500
Aan tafel

2
00:12.500 --> 01:02:03.000
De kast met
ordners
"""


def test_chapters_are_read_with_their_beginning() -> None:
    first, second = read(TEXT)
    assert (first.starts, first.title, first.clock) == (0, "Aan tafel", "0:00")
    assert (second.starts, second.title, second.clock) == (12.5, "De kast met ordners", "0:12")


def test_they_are_in_the_order_of_the_film() -> None:
    blocks = TEXT.strip().split("\n\n")
    assert read("\n\n".join([blocks[0], blocks[2], blocks[1]])) == read(TEXT)


@pytest.mark.parametrize(
    "text", ["", "geen vtt", "WEBVTT\n", "WEBVTT\n\n00:00.000 --> 00:01.000\n"]
)
def test_without_chapters_there_are_none(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.9, "0:59"), (90, "1:30"), (3600, "1:00:00")]
)
def test_a_place_is_written_as_people_read_it(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="WEBVT \n\r0123:.->NOTESYLa<v&", max_size=80))
def test_any_text_is_answered(text: str) -> None:
    for each in (text, f"WEBVTT\n\n{text}", f"{TEXT}\n{text}"):
        assert all(isinstance(one, Chapter) for one in read(each))
