"""Reading a file as a document: from bytes to text, to a tree, to a document or to findings.

Each finding names the line and what to do; which sentence belongs to an error is for `validation`.
"""

from dataclasses import dataclass

from lti_tool.experience.document.findings import Finding, Place, closest
from lti_tool.experience.document.model import FORMATS, Document
from lti_tool.experience.document.validation import validate
from lti_tool.experience.document.yaml_tree import MAX_BYTES, read


@dataclass(frozen=True, slots=True)
class Parsed:
    """The result of parsing: the document unless an error prevents it, and all findings."""

    item: Document | None
    findings: tuple[Finding, ...]
    file: str
    lines: dict[Place, int]

    def locate(self, found: Finding) -> Finding:
        """Add file and line to a finding that a check found in this document."""
        return _located(found, self.file, self.lines)


def parse_bytes(data: bytes, *, file: str) -> Parsed:
    """Parse the content of a file; see `parse`."""
    if len(data) > MAX_BYTES:
        return Parsed(None, (Finding.of("E1.size").at(file, 1),), file, {})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Parsed(None, (Finding.of("E1.encoding").at(file, line),), file, {})
    return parse(text, file=file)


def parse(text: str, *, file: str) -> Parsed:
    """Parse the text of one document.

    `file` is only named in findings. Never raises: whatever stands in the text becomes a finding,
    ordered by line. The item is None if one of the findings is an error.
    """
    tree = read(text, file=file)
    findings = list(tree.findings)
    item: Document | None = None
    model = None
    if isinstance(tree.data, dict):
        given = str(tree.data.get("format") or "")
        model = FORMATS.get(given)
        if model is None:
            allowed = ", ".join(FORMATS)
            wrong = Finding.of(
                "E26.format", ("format",), allowed=allowed, suggestion=closest(given, FORMATS)
            )
            findings.append(_located(wrong, file, tree.lines))
    elif tree.data is not None:
        findings.append(Finding.of("E1.root").at(file, 1))
    if model is not None:
        item, refused = validate(model, tree.data)
        findings += [_located(each, file, tree.lines) for each in refused]
    ordered = sorted(dict.fromkeys(findings), key=lambda each: (each.line or 1, each.code))
    return Parsed(None if findings else item, tuple(ordered), file, tree.lines)


def _located(found: Finding, file: str, lines: dict[Place, int]) -> Finding:
    """Find the line of a finding: its own place, or the nearest place around it."""
    path = found.path
    while path and path not in lines:
        path = path[:-1]
    return found.at(file, lines.get(path, 1))
