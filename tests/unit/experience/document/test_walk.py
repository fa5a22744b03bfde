"""Going through a document: no text and no file is forgotten."""

import json
from collections import Counter

from lti_tool.experience.document.model import Experience, MicroModule
from lti_tool.experience.document.walk import parts, texts, used_files

MODULE = MicroModule.model_validate(
    {
        "format": "micromodule/1",
        "id": "a",
        "lang": "nl",
        "title": "T1",
        "summary": "T2",
        "tags": ["geen tekst"],
        "makers": ["geen tekst"],
        "blocks": [
            {"type": "text", "title": "T3", "text": "T4"},
            {
                "type": "video",
                "video": "a.mp4",
                "alt": "T5",
                "poster": "p.png",
                "captions": {"nl": "a.nl.vtt", "en": "a.en.vtt"},
                "chapters": {"nl": "h.vtt"},
                "transcript": "a.md",
            },
            {"type": "image", "image": "b.png", "alt": "T6", "caption": "T7"},
            {"type": "audio", "audio": "c.mp3", "transcript": "c.txt"},
            {
                "type": "check",
                "prompt": "T8",
                "options": [{"text": "T9", "explain": "T10"}, {"text": "T11", "explain": "T12"}],
            },
            {"type": "reflect", "prompt": "T13"},
            {"type": "practice", "text": "T14", "followup": {"after_days": 7, "prompt": "T15"}},
            {"type": "sources", "sources": [{"text": "T16"}]},
            {"type": "link", "text": "T17", "url": "https://a.nl", "note": "T18"},
        ],
    }
)


def test_every_text_of_a_micro_module_is_found_once() -> None:
    assert sorted(text.value for text in texts(MODULE)) == sorted(f"T{n}" for n in range(1, 19))


def test_every_file_of_a_micro_module_is_found_with_what_it_must_be() -> None:
    assert [(used.name, used.kind) for used in used_files(MODULE)] == [
        ("a.mp4", "video"),
        ("a.nl.vtt", "captions"),
        ("a.en.vtt", "captions"),
        ("h.vtt", "captions"),
        ("p.png", "image"),
        ("a.md", "transcript"),
        ("b.png", "image"),
        ("c.mp3", "audio"),
        ("c.txt", "transcript"),
    ]


def test_the_texts_of_an_experience_include_flags_and_all_feedback(example: Experience) -> None:
    by_place = {text.path: (text.kind, text.value) for text in texts(example)}
    assert by_place["flags", "gehoord"] == ("plain", "De vader voelt zich gehoord.")
    opening = ("nodes", "opening", "choices", 0)
    assert by_place[*opening, "text"][0] == "inline"
    assert by_place[*opening, "feedback", "grow"][0] == "prose"
    assert by_place["nodes", "einde-samen", "followup", "prompt"][1] == "Heb je je zin gebruikt?"
    feedback = [path[-1] for path in by_place if "feedback" in path]
    assert feedback.count("works") == feedback.count("happens") == feedback.count("grow") == 10


def test_a_place_leads_to_the_text(example: Experience) -> None:
    data = json.loads(example.model_dump_json())
    for text in texts(example):
        value = data
        for part in text.path:
            value = value[part]
        assert value == text.value


def test_every_part_comes_with_its_place(example: Experience) -> None:
    found = dict(parts(example))
    assert found[()] is example
    assert found["nodes", "zorg"] is example.nodes["zorg"]
    kinds = Counter(type(part).__name__ for part in found.values())
    assert (kinds["Choice"], kinds["Example"], kinds["Feedback"], kinds["Video"]) == (8, 2, 10, 1)
