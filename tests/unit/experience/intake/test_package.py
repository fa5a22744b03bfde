"""A document, a folder and a zip are read in one way."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from lti_tool.experience.document.findings import as_text
from lti_tool.experience.intake.checking import check_file
from lti_tool.experience.intake.package import opened

TODAY = date(2026, 11, 21)


@pytest.fixture
def folder(tmp_path: Path, example_text: str) -> Path:
    """An item with a picture in place of the video of the example."""
    made = tmp_path / "gesprek"
    (made / "beeld").mkdir(parents=True)
    first, _, rest = example_text.partition("    media:\n")
    after = rest[rest.index("    text: |") :]
    media = "    media:\n      - {image: beeld/deur.png, alt: Een deur}\n"
    (made / "gesprek.yaml").write_text(first + media + after, "utf-8")
    Image.new("RGB", (8, 4), "teal").save(made / "beeld" / "deur.png")
    return made


def zip_of(folder: Path) -> Path:
    path = folder.parent / "gesprek.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for one in sorted(folder.rglob("*")):
            made.write(one, one.relative_to(folder.parent))
    return path


def test_all_three_say_the_same(folder: Path) -> None:
    documents = []
    for path in (folder, folder / "gesprek.yaml", zip_of(folder)):
        with opened(path) as package:
            (source,) = package.sources
            document, findings = check_file(source.path, TODAY, source.label)
            assert findings == package.findings == ()
            documents.append(document)
    assert documents[0] is not None
    assert documents[0] == documents[1] == documents[2]


def test_findings_in_a_zip_name_the_zip_and_its_file(folder: Path) -> None:
    (folder / "beeld" / "deur.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    path = zip_of(folder)
    with opened(path) as package:
        (source,) = package.sources
        (found,) = check_file(source.path, TODAY, source.label)[1]
    assert as_text(found, "nl").startswith(f"{path}/gesprek.yaml:18: aanloop: E21 `beeld/deur.png`")


def test_what_was_unpacked_is_gone_afterwards(folder: Path) -> None:
    with opened(zip_of(folder)) as package:
        (source,) = package.sources
        assert source.path.is_file()
    assert not source.path.parent.exists()


def test_a_zip_that_is_refused_is_one_finding_with_its_name(folder: Path) -> None:
    (folder / "deur.svg").write_text("<svg/>")
    path = zip_of(folder)
    with opened(path) as package:
        assert package.sources == ()
        (found,) = package.findings
    assert as_text(found, "nl").startswith(
        f"{path}:1: E28 `gesprek/deur.svg` hoort niet in een pakket: SVG, HTML en scripts"
    )
    assert found.severity == "error"


def test_without_a_document_there_is_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "foto.png").write_bytes(b"x")
    for path in (tmp_path / "map", zip_of(tmp_path / "map")):
        with opened(path) as package:
            assert [found.kind for found in package.findings] == ["E28.none"]


@pytest.mark.parametrize("name", ["weg.yaml", "weg.zip", "map.zip"])
def test_what_cannot_be_read_is_said_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "map.zip").write_bytes(b"geen zip")
    with opened(tmp_path / name) as package:
        found = [*package.findings]
        for source in package.sources:
            found += check_file(source.path, TODAY, source.label)[1]
    assert [one.kind for one in found] == ["E1.file" if name == "weg.yaml" else "E28"]
