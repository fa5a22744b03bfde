"""Installed from a wheel, far from the clone, the demo runs and shows the items."""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
from pathlib import Path

import pytest
import requests
from stack import free_port

pytestmark = pytest.mark.xdist_group("wheel")  # one worker builds it

ROOT = Path(__file__).resolve().parents[3]
OFFLINE = ["--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-q"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made from an sdist, as an index would serve both."""
    folder = tmp_path_factory.mktemp("dist")
    clone = folder / "clone"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    build = "from setuptools import build_meta as b; import sys; print(b.build_sdist(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, folder], cwd=clone, check=True)
    (sdist,) = folder.glob("*.tar.gz")
    pip = [sys.executable, "-m", "pip", "wheel", *OFFLINE, "-w", folder, sdist]
    subprocess.run(pip, check=True)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_brings_what_the_tool_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "lti_tool/shipped/content/bij-elkaar-kijken.nl.yaml",
        "lti_tool/shipped/docs/operators.md",
        "lti_tool/translations/nl/LC_MESSAGES/messages.mo",
        "lti_tool/migrations/env.py",
        "lti_tool/static/base.css",
        "lti_tool/static/fonts/literata-400.woff2",
        "lti_tool/static/fonts/OFL.txt",
        "lti_tool/sandbox/templates/base.html",
    ):
        assert needed in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert not [name for name in names if "content/art/" in name or "secret_key" in name]


def test_the_demo_runs_from_an_empty_folder_and_shows_the_items(
    wheel: Path, tmp_path: Path
) -> None:
    venv, home = tmp_path / "venv", tmp_path / "empty"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", *OFFLINE, wheel]
    subprocess.run(pip, check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    # Its dependencies are those of the tests; the tool itself comes from the wheel.
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    port, sandbox = free_port(), free_port()
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("PROEFTUIN_", "PYTHON"))
    }
    log = home.with_suffix(".log")
    start = [venv / "bin" / "proeftuin", "demo"]
    with log.open("w") as output:
        demo = subprocess.Popen(
            [*start, "--port", str(port), "--sandbox-port", str(sandbox)],
            cwd=home,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + 120
        while "Open http://localhost" not in log.read_text():
            assert demo.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        # Both answer at the very moment at which the address is printed.
        assert requests.get(f"http://localhost:{port}/readyz", timeout=5).ok
        assert requests.get(f"http://localhost:{sandbox}/", timeout=5).ok
        listed = subprocess.run(
            [venv / "bin" / "proeftuin", "content", "list"],
            cwd=home,
            env=environment
            | {"PROEFTUIN_DATABASE_URL": f"sqlite:///{home}/instance/demo/demo.sqlite"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert "bij-elkaar-kijken" in listed.stdout
    finally:
        demo.terminate()
        demo.wait(timeout=40)
