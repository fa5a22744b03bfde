"""What a learner takes along, in forms that others can read."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.learner.exports import FORMAT, Words, as_badge, as_json, as_markdown
from lti_tool.learner.logbook import ACTIVITY, REFLECTION, Entry

WORDS = Words(
    title="Mijn logboek",
    heading="Zelf opgesteld, geen certificaat, geen beoordeling",
    kinds={REFLECTION: "Bewaarde reflectie", ACTIVITY: "Activiteit afgerond"},
    criteria="Niemand beoordeelde dit.",
    me="Ikzelf",
    lang="nl",
)
MADE = "2026-11-21T20:30:00.000Z"
IDS = [f"urn:uuid:00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3)]
FOUND = [
    Entry("r", REFLECTION, "tuin", "De tuin", ("ouders", "gesprek"), MADE, "Eén.\nTwee."),
    Entry("a", ACTIVITY, "tuin", "De tuin", ("ouders",), MADE),
]

texts = st.text(min_size=1, max_size=200)


def badge() -> dict[str, Any]:
    return as_badge(FOUND, WORDS, MADE, IDS)


class TestJson:
    def test_it_holds_what_was_chosen_and_nothing_that_names_a_person_or_a_course(self) -> None:
        found = json.loads(as_json(FOUND, WORDS, MADE))
        assert (found["format"], found["heading"]) == (FORMAT, WORDS.heading)
        assert found["entries"][0] == {
            "kind": REFLECTION,
            "activity": "De tuin",
            "themes": ["ouders", "gesprek"],
            "date": "2026-11-21",
            "text": "Eén.\nTwee.",
        }
        assert found["entries"][1]["text"] is None


class TestMarkdown:
    def test_it_begins_with_what_it_is_not(self) -> None:
        assert as_markdown(FOUND, WORDS, MADE).split("\n")[:3] == [
            "# Mijn logboek",
            "",
            "**Zelf opgesteld, geen certificaat, geen beoordeling** (2026-11-21)",
        ]

    def test_own_words_are_quoted_line_by_line(self) -> None:
        assert "> Eén.\n> Twee.\n" in as_markdown(FOUND, WORDS, MADE)

    @given(texts)
    def test_no_line_of_ones_own_becomes_a_heading(self, text: str) -> None:
        entry = Entry("r", REFLECTION, None, None, (), MADE, text)
        lines = as_markdown([entry], WORDS, MADE).split("\n")
        assert sum(line.startswith("#") for line in lines) == 2


REQUIRED: dict[str, set[str]] = {
    # Open Badges 3.0, appendix B, data models: the properties with a multiplicity from 1 on
    "": {"@context", "id", "type", "issuer", "validFrom", "credentialSubject"},  # B.1.1
    "issuer": {"id", "type"},  # B.1.18 Profile
    "credentialSubject": {"type", "achievement"},  # B.1.3 AchievementSubject
    "credentialSubject.achievement": {  # B.1.2 Achievement
        "id",
        "type",
        "criteria",
        "description",
        "name",
    },
}


class TestBadge:
    @pytest.mark.parametrize("where", REQUIRED)
    def test_what_the_data_model_requires_is_there(self, where: str) -> None:
        part: Any = badge()
        for name in filter(None, where.split(".")):
            part = part[name]
        assert REQUIRED[where] <= part.keys()
        assert all(part[name] for name in REQUIRED[where])

    def test_contexts_come_in_the_order_that_the_schema_fixes(self) -> None:
        first, second, *more = badge()["@context"]
        assert first == "https://www.w3.org/ns/credentials/v2"
        assert second == "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        assert more == []

    def test_types_are_those_of_the_specification(self) -> None:
        made = badge()
        assert made["type"][:1] == ["VerifiableCredential"]
        assert {"AchievementCredential", "OpenBadgeCredential"} & set(made["type"])
        assert made["issuer"]["type"] == ["Profile"]
        assert made["credentialSubject"]["type"] == ["AchievementSubject"]
        assert made["credentialSubject"]["achievement"]["type"] == ["Achievement"]
        assert {tuple(one["type"]) for one in made["evidence"]} == {("Evidence",)}

    def test_the_moment_has_a_zone(self) -> None:
        assert datetime.fromisoformat(badge()["validFrom"]).tzinfo is not None

    def test_issuer_and_subject_are_the_same_unnamed_person(self) -> None:
        made = badge()
        assert made["issuer"]["id"] == made["credentialSubject"]["id"]
        assert made["issuer"]["id"].startswith("urn:uuid:")

    def test_it_is_unsigned_and_says_what_it_is_not(self) -> None:
        made = badge()
        assert "proof" not in made
        assert WORDS.heading in made["name"]
        assert made["credentialSubject"]["achievement"]["criteria"] == {
            "narrative": "Niemand beoordeelde dit."
        }

    def test_it_holds_no_result(self) -> None:
        said = json.dumps(badge()).lower()
        for word in ("result", "score", "grade", "level", "credit"):
            assert word not in said
