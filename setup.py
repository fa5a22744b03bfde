"""What the package brings along from outside its own folder: content, documents, Moodle's plugin.

They stand at the top of the clone, where people look for them; a wheel has them inside the
package, under `lti_tool/shipped`. Translations are compiled and the typeface is cut on the way.
"""

import shutil
from pathlib import Path
from runpy import run_path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
SHIPPED = ("content", "docs", "moodle")
LEFT_OUT = shutil.ignore_patterns("art", "__pycache__", ".*")


class BuildWithShipped(build_py):
    """Builds the package, and then adds what comes from outside of it."""

    def run(self) -> None:
        """Build."""
        super().run()
        if self.editable_mode:
            return  # the clone itself is used
        package = Path(self.build_lib) / "lti_tool"
        for name in SHIPPED:
            if (ROOT / name).is_dir():
                shutil.copytree(
                    ROOT / name, package / "shipped" / name, ignore=LEFT_OUT, dirs_exist_ok=True
                )
        run_path(str(ROOT / "tools" / "fonts.py"))["write"](package / "static" / "fonts")
        for source in package.rglob("messages.po"):
            with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
                write_mo(mo, read_po(po))


setup(cmdclass={"build_py": BuildWithShipped})
