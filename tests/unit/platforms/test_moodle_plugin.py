"""The Moodle plugin comes as one zip that Moodle takes, the same bytes each time."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from lti_tool.platforms import moodle_plugin
from lti_tool.platforms.moodle_plugin import FOLDER, archive, blueprint, plugin

REPOSITORY = Path(__file__).parents[3]
SCOPE = "urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90"


@pytest.fixture
def copy(tmp_path):
    """The plugin's folder, to do things to."""
    return Path(shutil.copytree(FOLDER, tmp_path / "plugin"))


def names(zipped):
    return zipfile.ZipFile(io.BytesIO(zipped)).namelist()


def test_it_holds_the_whole_plugin_in_one_folder():
    files = [p for p in (REPOSITORY / "moodle").rglob("*") if p.is_file()]
    expected = [f"completion/{p.relative_to(REPOSITORY / 'moodle').as_posix()}" for p in files]
    assert sorted(names(plugin())) == sorted(expected)
    assert "completion/version.php" in expected
    assert zipfile.ZipFile(io.BytesIO(plugin())).testzip() is None


def test_the_same_files_make_the_same_bytes(copy):
    for at, path in enumerate(sorted(copy.rglob("*"), reverse=True)):
        os.utime(path, (1_000_000_000 + at, 1_000_000_000 + at))
        if path.is_file():
            path.chmod(0o755)
    assert archive(copy) == plugin()


def test_other_files_make_other_bytes(copy):
    (copy / "lib.php").write_text("<?php // Changed.\n")
    assert archive(copy) != plugin()


def test_what_an_editor_leaves_behind_stays_out(copy):
    (copy / ".lib.php.swp").write_text("x")
    (copy / ".idea").mkdir()
    (copy / ".idea" / "workspace.xml").write_text("x")
    assert archive(copy) == plugin()


def test_a_folder_without_a_plugin_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"version\.php is missing"):
        archive(tmp_path)


def test_everybody_can_download_it():
    app = Flask(__name__)
    app.register_blueprint(blueprint())
    answer = app.test_client().get("/moodle/completion.zip")
    assert answer.status_code == 200
    assert answer.data == plugin()
    assert answer.mimetype == "application/zip"
    assert moodle_plugin.FILENAME in answer.headers["Content-Disposition"]


def test_the_plugin_is_named_as_its_folder():
    version = (FOLDER / "version.php").read_text()
    assert "'ltiservice_completion'" in version
    assert re.search(r"version = 20\d{8};", version)


def test_the_plugin_and_the_specification_name_one_scope():
    service = (FOLDER / "classes/local/service/completion.php").read_text()
    specification = (REPOSITORY / "docs/completion-service.md").read_text()
    assert f"'{SCOPE}'" in service
    assert f"\n{SCOPE}\n" in specification


def test_php_can_read_every_file():
    php = shutil.which("php")
    assert php, "php is missing: run tools/setup-tests.sh, or install Debian's package php-cli"
    for path in sorted(FOLDER.rglob("*.php")):
        checked = subprocess.run([php, "-l", path], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
