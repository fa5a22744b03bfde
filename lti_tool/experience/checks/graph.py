"""Checks on the graph, exact over (node, flag set): E8, E9, E10, E12 and W1, W2."""

from collections.abc import Iterator

from lti_tool.experience.checks.flow import Flow
from lti_tool.experience.checks.references import conditions, settings
from lti_tool.experience.document.findings import Finding, Place
from lti_tool.experience.document.model import Ending, Experience


def check_graph(flow: Flow) -> Iterator[Finding]:
    """Yield dead ends, unreachable nodes, traps, and flags or conditions without use."""
    item, reached = flow.item, flow.reached
    has_ending = any(isinstance(node, Ending) for node in item.nodes.values())
    if not has_ending:
        yield Finding.of("E10", ("nodes",))
    yield from _unused_flags(item)
    if flow.start is None:
        return
    stuck = flow.stuck()
    ends = flow.ends(stuck)
    yield from _conditions_without_use(flow)
    for name in item.nodes:
        here: Place = ("nodes", name)
        trapped = reached[name] & ~ends[name] if has_ending else 0
        if not reached[name]:
            yield Finding.of("E8", here, name=name)
        elif stuck[name]:
            yield Finding.of("E12", here, name=name, flags=flow.example(stuck[name]))
        elif trapped == reached[name]:
            yield Finding.of("E9", here, name=name)
        elif trapped:
            yield Finding.of("E9.flags", here, name=name, flags=flow.example(trapped))


def _conditions_without_use(flow: Flow) -> Iterator[Finding]:
    """Yield conditions that are true on every path that comes there, or on none."""
    for name, edges in flow.edges.items():
        arriving = flow.reached[name]
        for edge in edges:
            if edge.place is None or not arriving:
                continue
            if not arriving & edge.open_in:
                yield Finding.of("W2.never", edge.place)
            elif not arriving & ~edge.holds:
                yield Finding.of("W2", edge.place)


def _unused_flags(item: Experience) -> Iterator[Finding]:
    """Yield flags that nothing depends on."""
    used = {flag for _, when in conditions(item) for flag in (*when.all, *when.any, *when.none)}
    first_set: dict[str, Place] = {}
    for path, flag in settings(item):
        first_set.setdefault(flag, path)
    for flag in item.flags:
        if flag in used:
            continue
        if flag in first_set:
            yield Finding.of("W1", first_set[flag], name=flag)
        else:
            yield Finding.of("W1.idle", ("flags", flag), name=flag)
