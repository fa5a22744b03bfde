"""`proeftuin content` with media: taken in on publishing, erased when consent is revoked."""

import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from visits import School

from lti_tool.commands.content import content
from lti_tool.experience.library.models import Version, VersionMedia
from lti_tool.services import services

STARTERS = Path(__file__).parents[3] / "docs" / "starters"


def run(*words: object) -> Result:
    return CliRunner().invoke(content, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An item with a film, as an author has it on disk."""
    made = tmp_path / "item"
    made.mkdir()
    shutil.copy(STARTERS / "experience-met-film.yaml", made)
    shutil.copytree(STARTERS / "film", made / "film")
    return made


def kept(school: School) -> set[str]:
    root = services().settings.media_root
    return {one.name for one in root.rglob("*") if one.is_file()} if root.exists() else set()


def zip_of(folder: Path) -> Path:
    path = folder.parent / "item.zip"
    with zipfile.ZipFile(path, "w") as made:
        for one in sorted(folder.rglob("*")):
            made.write(one, one.relative_to(folder))
    return path


def test_publishing_takes_the_media_in(school: School, folder: Path) -> None:
    assert "version 1: published" in run("publish", folder).output
    rows = school.rows(VersionMedia)
    assert {row.name for row in rows} == {"film/film.mp4", "film/film.nl.vtt", "film/film.md"}
    assert kept(school) == {row.sha256 for row in rows}
    assert school.open("iemand-in-de-deur").html.all("video")


def test_a_zip_says_the_same_as_its_folder(school: School, folder: Path) -> None:
    run("publish", folder)
    result = run("publish", zip_of(folder))
    assert (result.exit_code, result.output) == (0, "iemand-in-de-deur version 1: unchanged\n")


def test_a_zip_with_something_unsafe_in_it_publishes_nothing(school: School, folder: Path) -> None:
    (folder / "film" / "deur.svg").write_text("<svg/>")
    for command in ("check", "publish"):
        result = run(command, zip_of(folder), "--lang", "en")
        assert result.exit_code == 1
        assert "item.zip:1: E28 `film/deur.svg` does not belong in a package" in result.output
    assert school.rows(Version) == []
    assert kept(school) == set()


def test_stopping_erases_the_media_and_publishing_brings_them_back(
    school: School, folder: Path
) -> None:
    run("publish", folder)
    before = kept(school)
    assert "withdrawn." in run("withdraw", "iemand-in-de-deur").output
    assert kept(school) == before
    assert "3 media files erased" in run("withdraw", "iemand-in-de-deur", "--stop").output
    assert kept(school) == set()
    assert "version 1: unchanged" in run("publish", folder).output
    assert kept(school) == before


def test_a_media_folder_that_cannot_be_written_is_refused_with_the_setting(
    school: School, folder: Path
) -> None:
    services().settings.media_root.write_text("hier staat al een bestand")
    result = run("publish", folder)
    assert result.exit_code == 1
    assert "PROEFTUIN_MEDIA_DIR" in result.output
    assert school.rows(Version) == []


def test_what_is_missing_beside_the_document_is_refused(school: School, folder: Path) -> None:
    (folder / "film" / "film.md").unlink()
    result = run("publish", folder)
    assert result.exit_code == 1
    assert "E21" in result.output
    assert school.rows(Version) == []
