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
KEYWORDS |= {"N_": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")


@pytest.fixture(scope="module")
def wanted() -> set[str]:
    """Every text that the package asks for; of a plural, its singular."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT / "lti_tool", methods, options, KEYWORDS)
    return {forms(message)[0] for _, _, message, _, _ in found}


@pytest.fixture(scope="module")
def dutch() -> Catalog:
    path = ROOT / "lti_tool/translations/nl/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        return read_po(file, locale="nl", abort_invalid=True)


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """A text in its forms: one, or singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def test_every_text_has_a_dutch_one(wanted: set[str], dutch: Catalog) -> None:
    assert len(wanted) > 200  # otherwise the extraction is broken
    missing = [
        text for text in sorted(wanted) if text not in dutch or not all(forms(dutch[text].string))
    ]
    assert missing == []


def test_nothing_is_fuzzy_and_nothing_is_left_over(wanted: set[str], dutch: Catalog) -> None:
    assert [message.id for message in dutch if message.fuzzy and message.id] == []
    assert [one.id for one in dutch if one.id and forms(one.id)[0] not in wanted] == []
    assert dutch.obsolete == {}


def test_placeholders_are_the_same_in_both_languages(dutch: Catalog) -> None:
    for message in dutch:
        if message.id:
            for english, translated in zip(forms(message.id), forms(message.string), strict=True):
                assert sorted(PLACEHOLDER.findall(english)) == sorted(
                    PLACEHOLDER.findall(translated)
                ), message.id


def test_dutch_speaks_to_one_person_informally(dutch: Catalog) -> None:
    for message in dutch:
        for translated in forms(message.string):
            assert not re.search(r"\b(u|uw|jullie)\b", translated), translated
