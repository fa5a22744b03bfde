"""A film keeps its picture and sound, and forgets where and by whom it was made."""

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.experience.media.films import forget_origin

PLACE = b"+52.0907+005.1214/"


def box(kind: bytes, content: bytes = b"", *, large: bool = False) -> bytes:
    if large:
        return struct.pack(">I4sQ", 1, kind, len(content) + 16) + content
    return struct.pack(">I4s", len(content) + 8, kind) + content


ORIGIN = box(b"udta", box(b"\xa9xyz", PLACE) + box(b"\xa9mak", b"Telefoon van Sam"))
SOUND = box(b"trak", box(b"mdia", b"monsters") + ORIGIN)
PICTURE = box(b"mdat", b"beeld en geluid, met toevallig udta en " + PLACE)


def film(*, large: bool = False, last: bytes = PICTURE) -> bytes:
    head = box(b"ftyp", b"isom\0\0\0\0")
    moov = box(b"moov", box(b"mvhd", b"tijd") + SOUND + ORIGIN + box(b"meta", PLACE), large=large)
    return head + moov + box(b"uuid", PLACE) + last


def forgotten(data: bytes) -> bytes:
    file = io.BytesIO(data)
    forget_origin(file)
    return file.getvalue()


@pytest.mark.parametrize("large", [False, True])
def test_the_origin_is_gone_and_nothing_has_moved(large: bool) -> None:
    data = film(large=large)
    made = forgotten(data)
    assert len(made) == len(data)
    assert made.count(PLACE) == 1  # what stands in the picture itself stays
    assert b"Sam" not in made
    assert made[-len(PICTURE) :] == PICTURE
    changed = [at for at in range(len(data)) if data[at] != made[at]]
    kept = data.index(b"mdia") - 4, data.index(b"mdia") + 12
    assert not [at for at in changed if kept[0] <= at < kept[1] or at < 24]


def test_a_box_that_runs_to_the_end_is_understood() -> None:
    data = film(last=struct.pack(">I4s", 0, b"mdat") + PLACE)
    made = forgotten(data)
    assert made.endswith(b"mdat" + PLACE)
    assert made.count(PLACE) == 1


def test_a_film_without_origin_stays_as_it_is() -> None:
    data = box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"tijd")) + PICTURE
    assert forgotten(data) == data


@pytest.mark.parametrize(
    "data",
    [b"", b"geen film", box(b"moov", b"\0\0"), struct.pack(">I4s", 99999, b"moov"),
     struct.pack(">I4s", 4, b"udta"), struct.pack(">I4sQ", 1, b"udta", 2**63), b"\0" * 4000],
)  # fmt: skip
def test_what_is_no_film_stays_as_it_is(data: bytes) -> None:
    assert forgotten(data) == data


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_is_survived_in_place(data: st.DataObject) -> None:
    changed = bytearray(film())
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    changed = changed[: data.draw(st.integers(0, len(changed)))]
    assert len(forgotten(bytes(changed))) == len(changed)
