"""Checking a file on disk, with the media beside it."""

import json
from datetime import date
from pathlib import Path

import pytest

from lti_tool.experience.document.findings import as_text
from lti_tool.experience.document.model import Experience
from lti_tool.experience.intake.checking import check_file

TODAY = date(2026, 11, 21)
MP4 = b"\0\0\0\x18ftypisom\0\0\x02\0isommp41\0\0\0\x08free"
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nMeneer De Boer legt de map neer.\n"


@pytest.fixture
def item_file(tmp_path: Path, example_text: str) -> Path:
    path = tmp_path / "geen-cijfer.yaml"
    path.write_text(example_text, "utf-8")
    (tmp_path / "aanloop.mp4").write_bytes(MP4)
    (tmp_path / "aanloop.nl.vtt").write_text(VTT, "utf-8")
    (tmp_path / "aanloop.md").write_text("Meneer De Boer legt de map van Sem neer.", "utf-8")
    return path


def test_a_complete_item_has_no_finding(item_file: Path) -> None:
    item, findings = check_file(item_file, TODAY)
    assert isinstance(item, Experience)
    assert findings == ()


def test_a_consent_is_good_through_its_last_day(item_file: Path) -> None:
    assert check_file(item_file, date(2028, 8, 1))[1] == ()
    (late,) = check_file(item_file, date(2028, 8, 2))[1]
    assert (late.code, late.line, late.node) == ("E22", 19, "aanloop")


def test_broken_captions_are_named_with_both_lines(item_file: Path) -> None:
    (item_file.parent / "aanloop.nl.vtt").write_text(VTT.replace("-->", "->"), "utf-8")
    (broken,) = check_file(item_file, TODAY)[1]
    assert as_text(broken, "nl") == (
        f"{item_file}:18: aanloop: E20 Ondertitelbestand `aanloop.nl.vtt` is geen geldige WebVTT "
        "(regel 3). Kijk daar naar de tijden, `-->` en de lege regels."
    )


def test_a_missing_file_blocks_but_the_item_is_still_given(item_file: Path) -> None:
    (item_file.parent / "aanloop.md").unlink()
    item, (missing,) = check_file(item_file, TODAY)
    assert item is not None
    assert (missing.code, missing.severity) == ("E21", "error")


def test_findings_are_ordered_by_line(item_file: Path, example_text: str) -> None:
    (item_file.parent / "aanloop.mp4").unlink()
    text = example_text.replace("offer_retry: [opening", "offer_retry: [openin")
    item_file.write_text(text.replace("Je toon is warm.", "Helaas."), "utf-8")
    findings = check_file(item_file, TODAY)[1]
    assert [each.code for each in findings] == ["E21", "W3", "E6"]
    assert [each.line for each in findings] == sorted(each.line or 0 for each in findings)


@pytest.mark.parametrize("name", ["weg.yaml", ".", "a\0b"])
def test_what_cannot_be_read_is_said_so(tmp_path: Path, name: str) -> None:
    item, (finding,) = check_file(tmp_path / name, TODAY)
    assert item is None
    assert (finding.kind, finding.line) == ("E1.file", 1)


def test_a_very_large_file_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    path = tmp_path / "groot.yaml"
    with path.open("wb") as file:
        file.truncate(2**33)
    item, (finding,) = check_file(path, TODAY)
    assert item is None
    assert finding.kind == "E1.size"


def test_a_finding_can_be_given_as_data(item_file: Path) -> None:
    text = item_file.read_text("utf-8").replace("next: terugblik", "next: terugblikk", 1)
    item_file.write_text(text, "utf-8")
    (finding,) = check_file(item_file, TODAY)[1]
    assert json.loads(json.dumps(finding.as_dict("en"))) == {
        "code": "E6",
        "severity": "error",
        "file": str(item_file),
        "line": 97,
        "node": "afspraak",
        "path": "nodes.afspraak.choices.0.next",
        "message": "`next: terugblikk` does not exist. Name a node from `nodes`. "
        "Did you mean `terugblik`?",
    }
