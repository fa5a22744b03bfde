"""Checks on names: everything a document refers to exists, and exists once (E4, E5, E6, E13, E27).

A reference that is nearly right is read as what was probably meant, so that one typing error gives
one finding and not a trail of unreachable nodes.
"""

from collections.abc import Iterator

from lti_tool.experience.document.findings import Finding, Guesses, Place
from lti_tool.experience.document.model import (
    ChoiceNode,
    Document,
    Ending,
    Experience,
    Intervision,
    MicroModule,
    Node,
    Open,
    Preparation,
    Reflect,
    ReflectBlock,
    Route,
    Video,
    When,
)
from lti_tool.experience.document.walk import parts


def ways_on(name: str, node: Node) -> Iterator[tuple[Place, str]]:
    """Yield every way out of a node: where it is written, and the node it names."""
    here: Place = ("nodes", name)
    if isinstance(node, ChoiceNode):
        for index, choice in enumerate(node.choices):
            yield (*here, "choices", index, "next"), choice.next
    elif not isinstance(node, Ending):
        if isinstance(node, Route):
            for index, case in enumerate(node.cases):
                yield (*here, "cases", index, "next"), case.next
        yield (*here, "next"), node.next


def conditions(item: Document) -> Iterator[tuple[Place, When]]:
    """Yield every condition of a document and where it is written."""
    for path, part in parts(item):
        if isinstance(part, When):
            yield path, part


def settings(item: Experience) -> Iterator[tuple[Place, str]]:
    """Yield every flag that a reaction sets and where it is written."""
    for name, node in item.nodes.items():
        if isinstance(node, ChoiceNode):
            for index, choice in enumerate(node.choices):
                for position, flag in enumerate(choice.set):
                    yield ("nodes", name, "choices", index, "set", position), flag


def check_references(item: Experience) -> Iterator[Finding]:
    """Yield what is wrong with the names in an experience."""
    yield from _nodes(item)
    yield from _flags(item)
    yield from _completion(item)
    for name, node in item.nodes.items():
        here: Place = ("nodes", name)
        if isinstance(node, ChoiceNode):
            yield from _doubles((*here, "choices"), [choice.id for choice in node.choices])
            if node.at is not None and not any(isinstance(m, Video) for m in node.media):
                yield Finding.of("E26.video", (*here, "at"))
        elif isinstance(node, Open):
            yield from _doubles((*here, "compare"), [example.id for example in node.compare])


def check_module(item: MicroModule) -> Iterator[Finding]:
    """Yield what is wrong with the ids and the completion rule of a micro-module."""
    yield from _doubles(("blocks",), [block.id for block in item.blocks])
    reflects = any(isinstance(block, ReflectBlock) for block in item.blocks)
    if item.completion.rule == "reflection" and not reflects:
        yield Finding.of("E27.reflect", ("completion", "rule"))


def check_intervision(item: Intervision) -> Iterator[Finding]:
    """Yield what is wrong with the ids, the size of the group and the minutes (W16)."""
    yield from _doubles(("rounds",), [one.id for one in item.rounds])
    if item.most < item.fewest:
        yield Finding.of("E26.group", ("most",))
    whole = sum(one.minutes for one in item.rounds)
    if item.minutes is not None and item.minutes != whole:
        yield Finding.of("W16", ("minutes",), sum=whole, minutes=item.minutes)


def check_preparation(item: Preparation) -> Iterator[Finding]:
    """Yield items that stand in a preparation twice."""
    for index, name in enumerate(item.items):
        if name in item.items[:index]:
            yield Finding.of("E4.item", ("items", index), name=name)


def _nodes(item: Experience) -> Iterator[Finding]:
    """Check the start, every `next`, and every `offer_retry`."""
    guesses = Guesses(item.nodes)

    def unknown(kind: str, path: Place, name: str, field: str) -> Finding:
        meant = guesses.closest(name)
        return Finding.of(kind, path, field=field, name=name, suggestion=meant)

    if item.start not in item.nodes:
        yield unknown("E5", ("start",), item.start, "start")
    for name, node in item.nodes.items():
        for path, target in ways_on(name, node):
            if target not in item.nodes:
                yield unknown("E6", path, target, "next")
        if isinstance(node, Ending):
            for index, target in enumerate(node.offer_retry):
                path = ("nodes", name, "offer_retry", index)
                if target not in item.nodes:
                    yield unknown("E6", path, target, "offer_retry")
                elif not isinstance(item.nodes[target], ChoiceNode):
                    yield Finding.of("E6.retry", path, name=target)


def _flags(item: Experience) -> Iterator[Finding]:
    guesses = Guesses(item.flags)
    used = [
        ((*path, group, index), flag)
        for path, when in conditions(item)
        for group in ("all", "any", "none")
        for index, flag in enumerate(getattr(when, group))
    ]
    for path, flag in (*settings(item), *used):
        if flag not in item.flags:
            yield Finding.of("E13", path, name=flag, suggestion=guesses.closest(flag))


def _completion(item: Experience) -> Iterator[Finding]:
    """Check that the completion rule can be met at all."""
    rule = item.completion.rule
    named = item.completion.endings
    nodes = item.nodes.values()
    if rule == "named_endings" and not named:
        yield Finding.of("E27.endings", ("completion",))
    if rule != "named_endings" and named:
        yield Finding.of("E27.rule", ("completion", "endings"))
    guesses = Guesses(item.nodes)
    for index, name in enumerate(named):
        path = ("completion", "endings", index)
        if name not in item.nodes:
            guess = guesses.closest(name)
            yield Finding.of("E6", path, field="endings", name=name, suggestion=guess)
        elif not isinstance(item.nodes[name], Ending):
            yield Finding.of("E27.ending", path, name=name)
    if rule == "required_nodes" and not any(
        node.required for node in nodes if not isinstance(node, Route)
    ):
        yield Finding.of("E27.required", ("completion", "rule"))
    if rule == "reflection" and not any(isinstance(node, Reflect) for node in nodes):
        yield Finding.of("E27.reflect", ("completion", "rule"))


def _doubles(path: Place, names: list[str | None]) -> Iterator[Finding]:
    """Yield every id that came before in the same list."""
    for index, name in enumerate(names):
        if name is not None and name in names[:index]:
            yield Finding.of("E4.id", (*path, index, "id"), name=name)
