"""Moodle's plugin for the completion service, as the zip that its administrators upload.

The plugin is the folder `moodle/` of this repository. Moodle wants it in a zip with one folder
that is named as the plugin is within its kind: `completion` for `ltiservice_completion` (read in
Moodle 4.5's plugin validator, and tried).
"""

import io
import zipfile
from functools import cache
from pathlib import Path

from flask import Blueprint, Response

from lti_tool.config import shipped

FOLDER = shipped("moodle")
"""Where the plugin lies."""

NAME = "completion"
FILENAME = "ltiservice_completion.zip"

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


def archive(folder: Path) -> bytes:
    """Zip a plugin's folder, byte for byte the same from the same files.

    Nothing of the machine gets in: names are sorted, dates and rights are fixed, and nothing is
    compressed, since zlib's versions compress differently. Hidden files stay out.

    Raises:
        FileNotFoundError: the folder holds no plugin.
    """
    if not (folder / "version.php").is_file():
        raise FileNotFoundError(f"there is no Moodle plugin in {folder}: version.php is missing")
    names = sorted(
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as zipped:
        for name in names:
            entry = zipfile.ZipInfo(f"{NAME}/{name.as_posix()}", _LONG_AGO)
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = _PLAIN_FILE
            zipped.writestr(entry, (folder / name).read_bytes())
    return made.getvalue()


@cache
def plugin() -> bytes:
    """Return the zip of the plugin that came with this tool."""
    return archive(FOLDER)


def blueprint() -> Blueprint:
    """Return the route of the plugin. It is public: it holds no address and no secret."""
    bp = Blueprint("moodle_plugin", __name__)

    @bp.get("/moodle/completion.zip")
    def zipped() -> Response:
        """Serve the plugin."""
        response = Response(plugin(), mimetype="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{FILENAME}"'
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    return bp
