"""Make the typeface that the tool serves: Literata, cut to the characters of European languages.

    .venv/bin/python tools/fonts.py

Part of `make setup`, and of building a wheel (`setup.py`). The font (SIL Open Font License 1.1)
comes whole from its package; what is made of it, two cuts as WOFF2 with its licence beside them, is
no part of the repository. Without it pages use a serif of the reader's own.
"""

import shutil
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FOLDER = Path(__file__).resolve().parent.parent / "lti_tool" / "static" / "fonts"
WEIGHTS = {"literata-400.woff2": 400, "literata-600.woff2": 600}
READING_SIZE = 14
"""Optical size in points: drawn for a screen at arm's length."""

LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180)]  # Latin, with Latin-1 and Extended-A
SIGNS = [ord(sign) for sign in "‐‑–—‘’‚“”„•…‹›€−×→←ǎşțȘȚ"]


def write(folder: Path) -> None:
    """Write both cuts and their licence into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    package = files("fontpkg_literata")
    with as_file(package / "files" / "Literata[opsz,wght].ttf") as whole:
        for name, weight in WEIGHTS.items():
            (folder / name).write_bytes(cut(whole, weight))
    with as_file(package / "LICENSE") as licence:
        shutil.copyfile(licence, folder / "OFL.txt")


def cut(whole: Path, weight: int) -> bytes:
    """Return one weight of a variable font as WOFF2, with the characters above only."""
    font = instantiateVariableFont(TTFont(whole), {"opsz": READING_SIZE, "wght": weight})
    options = Options()
    options.layout_features = ["kern", "liga", "locl", "mark", "mkmk", "ccmp", "tnum"]
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 13, 14]  # whose it is, and under which licence
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*LETTERS, *SIGNS])
    subsetter.subset(font)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return out.getvalue()


if __name__ == "__main__":
    write(FOLDER)
