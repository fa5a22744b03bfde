"""Checking a file: read, parse, check, and look at the media beside it."""

from datetime import date
from pathlib import Path

from lti_tool.experience.checks.all import check
from lti_tool.experience.document.findings import Finding
from lti_tool.experience.document.model import Document
from lti_tool.experience.document.parsing import parse_bytes
from lti_tool.experience.document.yaml_tree import MAX_BYTES
from lti_tool.experience.media.look import finder


def check_file(
    path: Path, today: date, label: str | None = None
) -> tuple[Document | None, tuple[Finding, ...]]:
    """Check one document file with the media files in its folder; findings call it `label`.

    Returns the document (None if it cannot be read as one) and all findings ordered by line. It
    may be published if none of them has the severity `error`. Never raises for what the file or
    its folder holds; `today` decides whether consent has ended.
    """
    name = label or str(path)
    try:
        if not path.is_file():  # opening a pipe would wait for somebody to write into it
            raise FileNotFoundError(path)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return None, (Finding.of("E1.file").at(name, 1),)
    parsed = parse_bytes(data, file=name)
    if parsed.item is None:
        return None, parsed.findings
    found = check(parsed.item, today=today, exists=finder(path.parent))
    located = [parsed.locate(each) for each in found]
    ordered = sorted(located, key=lambda each: (each.line or 1, each.code))
    return parsed.item, (*parsed.findings, *ordered)
