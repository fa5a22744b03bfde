"""Sentences outside a request: one catalogue, the languages that pages speak."""

import pytest

from lti_tool.sentences import spoken


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nl", "2 documenten gecontroleerd"),
        ("nl-BE", "2 documenten gecontroleerd"),
        ("en", "2 documents checked"),
        ("fr", "2 documents checked"),
        ("", "2 documents checked"),
        ("../nl", "2 documents checked"),
    ],
)
def test_dutch_is_spoken_where_it_is_asked_for_and_english_elsewhere(lang: str, said: str) -> None:
    form = spoken(lang).ngettext("{count} document checked", "{count} documents checked", 2)
    assert form.format(count=2) == said
