"""`proeftuin content`: exit codes 0 done, 1 refused, 2 usage; and nothing published by halves."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from visits import GARDEN, MODULE, School

from lti_tool.commands.content import content
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Version


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of an author: two items, and a file that is no item."""
    (tmp_path / "tuin.yaml").write_text(GARDEN, "utf-8")
    (tmp_path / "wachten.yml").write_text(MODULE, "utf-8")
    (tmp_path / "leesmij.txt").write_text("geen item", "utf-8")
    return tmp_path


@pytest.fixture
def broken(folder: Path) -> Path:
    path = folder / "kapot.yaml"
    path.write_text(GARDEN.replace("start: hek", "start: poort"), "utf-8")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(content, [str(word) for word in words])


class TestCheck:
    def test_good_files_pass(self, school: School, folder: Path) -> None:
        result = run("check", folder / "wachten.yml")
        assert result.exit_code == 0
        assert "1 document checked, 0 findings." in result.output

    def test_an_error_is_named_with_file_and_line_and_refused(
        self, school: School, broken: Path
    ) -> None:
        result = run("check", broken, "--lang", "nl")
        assert result.exit_code == 1
        assert f"{broken}:" in result.output
        assert "E5" in result.output
        assert "`poort`" in result.output

    def test_scripts_get_json_with_the_same_exit_code(self, school: School, broken: Path) -> None:
        result = run("check", broken, "--json")
        assert result.exit_code == 1
        assert "E5" in [found["code"] for found in json.loads(result.output)]

    def test_the_language_follows_the_terminal(
        self, school: School, broken: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = {}
        for lang in ("nl_NL.UTF-8", "en_GB.UTF-8"):
            monkeypatch.setenv("LANG", lang)
            said[lang] = run("check", broken).output
        assert "bestaat niet" in said["nl_NL.UTF-8"]
        assert "1 document gecontroleerd, 1 bevinding." in said["nl_NL.UTF-8"]
        assert "1 document checked, 1 finding." in said["en_GB.UTF-8"]
        assert "bestaat niet" not in said["en_GB.UTF-8"]

    def test_a_folder_means_the_documents_in_it(self, school: School, folder: Path) -> None:
        assert "2 documents checked" in run("check", folder).output

    def test_a_folder_without_documents_is_refused(self, school: School, tmp_path: Path) -> None:
        result = run("check", tmp_path)
        assert result.exit_code == 1
        assert "*.yaml" in result.output

    @pytest.mark.parametrize("words", [["check"], ["check", "/no/such/file"], ["publish"], ["x"]])
    def test_what_is_not_a_command_is_a_usage_error(self, school: School, words: list[str]) -> None:
        assert run(*words).exit_code == 2


class TestPublish:
    def test_a_folder_becomes_items_and_again_changes_nothing(
        self, school: School, folder: Path
    ) -> None:
        first, again = run("publish", folder), run("publish", folder)
        assert (first.exit_code, again.exit_code) == (0, 0)
        assert "tuin version 1: published" in first.output
        assert "tuin version 1: unchanged" in again.output
        assert len(school.rows(Version)) == 2

    def test_with_one_error_nothing_is_published(
        self, school: School, folder: Path, broken: Path
    ) -> None:
        result = run("publish", folder)
        assert result.exit_code == 1
        assert "Nothing was published" in result.output
        assert school.rows(Version) == []

    def test_the_same_id_twice_is_refused(self, school: School, folder: Path) -> None:
        (folder / "nog-een.yaml").write_text(GARDEN, "utf-8")
        result = run("publish", folder)
        assert result.exit_code == 1
        assert "`tuin`" in result.output
        assert school.rows(Version) == []

    @pytest.mark.parametrize(("inside", "code", "versions"), [("tuin", 0, 3), ("nergens", 1, 0)])
    def test_a_preparation_is_published_after_what_it_consists_of(
        self, school: School, folder: Path, inside: str, code: int, versions: int
    ) -> None:
        (folder / "adag.yaml").write_text(
            f"format: preparation/1\nid: dag\nlang: nl\ntitle: Dag\nitems: [{inside}]\n", "utf-8"
        )
        result = run("publish", folder)
        assert result.exit_code == code, result.output
        assert len(school.rows(Version)) == versions

    def test_it_can_be_limited_to_platforms_by_name(self, school: School, folder: Path) -> None:
        path = folder / "tuin.yaml"
        assert run("publish", path, "--platform", "nowhere").exit_code == 1
        assert run("publish", path, "--platform", "school").exit_code == 0
        assert catalogue.look(db.session(), "tuin", school.platform.id)
        with pytest.raises(ToolError):
            catalogue.look(db.session(), "tuin", school.platform.id + 1)

    def test_an_unchanged_file_lifts_no_limit_silently(self, school: School, folder: Path) -> None:
        path = folder / "tuin.yaml"
        run("publish", path, "--platform", "school")
        again = run("publish", path)
        assert again.exit_code == 0
        assert "--all-platforms" in again.output
        with pytest.raises(ToolError):
            catalogue.look(db.session(), "tuin", school.platform.id + 1)
        assert "--all-platforms" not in run("publish", path, "--all-platforms").output
        assert catalogue.look(db.session(), "tuin", school.platform.id + 1)

    def test_an_unchanged_file_brings_nothing_back_silently(
        self, school: School, folder: Path
    ) -> None:
        path = folder / "tuin.yaml"
        run("publish", path)
        run("withdraw", "tuin", "--stop")
        again = run("publish", path)
        assert "--again" in again.output
        assert [held.state for held in catalogue.listing(db.session())] == ["stopped"]
        assert "--again" not in run("publish", path, "--again").output
        assert [held.state for held in catalogue.listing(db.session())] == ["published"]

    def test_limiting_and_lifting_at_once_is_a_usage_error(
        self, school: School, folder: Path
    ) -> None:
        both = ("--platform", "school", "--all-platforms")
        assert run("publish", folder / "tuin.yaml", *both).exit_code == 2


class TestListAndWithdraw:
    def test_an_empty_library_says_how_to_fill_it(self, school: School) -> None:
        assert "content publish" in run("list").output
        assert json.loads(run("list", "--json").output) == []

    def test_the_list_has_what_scripts_need(self, school: School) -> None:
        school.publish(GARDEN)
        [row] = json.loads(run("list", "--json").output)
        assert (row["slug"], row["version"], row["state"]) == ("tuin", 1, "published")

    def test_withdrawing(self, school: School) -> None:
        school.publish(GARDEN)
        school.open("tuin").onward()
        assert run("withdraw", "tuin").exit_code == 0
        result = run("withdraw", "tuin", "--stop")
        assert "1 runs under way ended" in result.output
        db.session.expire_all()
        [row] = json.loads(run("list", "--json").output)
        assert row["state"] == "stopped"

    def test_withdrawing_what_is_not_there_is_refused(self, school: School) -> None:
        result = run("withdraw", "niets")
        assert result.exit_code == 1
        assert "content list" in result.output
