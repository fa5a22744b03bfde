"""The Dutch catalogue: complete, nothing fuzzy, nothing left over, placeholders intact."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


@pytest.fixture(scope="module")
def wanted() -> set[str]:
    """Every text that the package asks for."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    return {
        message
        for _, _, message, _, _ in extract_from_dir(ROOT / "lti_tool", methods, options, KEYWORDS)
        if isinstance(message, str)
    }


@pytest.fixture(scope="module")
def dutch() -> Catalog:
    path = ROOT / "lti_tool/translations/nl/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        return read_po(file, locale="nl", abort_invalid=True)


def test_every_text_has_a_dutch_one(wanted: set[str], dutch: Catalog) -> None:
    assert len(wanted) > 200  # otherwise the extraction is broken
    missing = [text for text in sorted(wanted) if text not in dutch or not dutch[text].string]
    assert missing == []


def test_nothing_is_fuzzy_and_nothing_is_left_over(wanted: set[str], dutch: Catalog) -> None:
    assert [message.id for message in dutch if message.fuzzy and message.id] == []
    assert [message.id for message in dutch if message.id and message.id not in wanted] == []
    assert dutch.obsolete == {}


def test_placeholders_are_the_same_in_both_languages(dutch: Catalog) -> None:
    for message in dutch:
        if message.id:
            assert sorted(PLACEHOLDER.findall(str(message.id))) == sorted(
                PLACEHOLDER.findall(str(message.string))
            ), message.id


def test_dutch_speaks_to_one_person_informally(dutch: Catalog) -> None:
    for message in dutch:
        assert not re.search(r"\b(u|uw|jullie)\b", str(message.string)), message.string
