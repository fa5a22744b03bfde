"""Advice on drama: does it matter what one does, and can one read that it did (W7 to W11)."""

from collections.abc import Iterator

from lti_tool.experience.checks.consequence import Report, examine
from lti_tool.experience.checks.flow import Flow
from lti_tool.experience.document.findings import Finding
from lti_tool.experience.document.model import ChoiceNode

ENOUGH = 2 / 3
"""The part of the choices that should be consequential."""

_FEW = 3
"""Fewer choices than this make no share worth telling: W7 already names them."""


def check_drama(flow: Flow) -> Iterator[Finding]:
    """Yield choices and endings without a difference to read, and strong reactions in a row."""
    report = examine(flow)
    yield from _choices(report)
    yield from _endings(report)
    yield from _positions(flow, report)


def _choices(report: Report) -> Iterator[Finding]:
    for one in report.choices:
        if not one.matters:
            yield Finding.of("W7", ("nodes", one.node), name=one.node)
    if report.share < ENOUGH and len(report.choices) >= _FEW:
        count = sum(one.matters for one in report.choices)
        yield Finding.of("W10", ("nodes",), count=count, all=len(report.choices))


def _endings(report: Report) -> Iterator[Finding]:
    for one in report.endings:
        if one.deaf:
            yield Finding.of("W8", ("nodes", one.node), name=one.node)
        elif one.alike is not None:
            first, second = ("{" + ", ".join(flags) + "}" for flags in one.alike)
            yield Finding.of("W9", ("nodes", one.node), name=one.node, one=first, other=second)


def _positions(flow: Flow, report: Report) -> Iterator[Finding]:
    """Look at where strong reactions stand; shuffling hides it from learners, not from readers."""
    nodes = flow.item.nodes
    fixed = [
        (name, position)
        for name, position in report.strong
        if isinstance(node := nodes[name], ChoiceNode) and not node.shuffle
    ]
    if len(fixed) >= _FEW and len({position for _, position in fixed}) == 1:
        name, position = fixed[0]
        yield Finding.of("W11", ("nodes", name, "choices"), position=position)
        return
    for position, count in report.positions.most_common(1):
        all_of_them = len(report.strong)
        if all_of_them > _FEW and count * 2 > all_of_them:
            first = next(name for name, at in report.strong if at == position)
            place = ("nodes", first, "choices")
            yield Finding.of("W11.spread", place, count=count, all=all_of_them, position=position)
