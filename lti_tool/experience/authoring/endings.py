"""Every ending as learners read it, to look for what contradicts the way that led there. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lti_tool.experience.document.model import Ending, Experience, Paragraph, Passage
from lti_tool.experience.document.passages import paragraphs, shown
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import RouteEntry, State


@dataclass(frozen=True, slots=True)
class EndingPage:
    """An ending as one combination of flags shows it.

    Attributes:
        node: the ending.
        title: its title.
        flags: which of the flags that its texts ask for hold here.
        asked: all flags that its texts ask for.
        text: its paragraphs with these flags.
        studyday: what to talk about with these flags.
        way: the shortest way here; `engine.dump` gives the address to begin there.
        route: the reactions on that way, in order.
    """

    node: str
    title: str
    flags: frozenset[str]
    asked: frozenset[str]
    text: tuple[Paragraph, ...]
    studyday: tuple[Paragraph, ...]
    way: State
    route: tuple[RouteEntry, ...]


def endings(item: Experience, ways: Mapping[str, tuple[State, ...]]) -> tuple[EndingPage, ...]:
    """Return each ending as often as it reads differently, in document order, shortest way first.

    Flags that the texts of an ending do not ask for make no page of their own. An item with more
    than `ways.MOST` states is looked at as far as that.

    Args:
        item: the experience.
        ways: in which states each node is reached, the nearest first: what `ways.ways` gives.
    """
    pages = []
    for name, node in item.nodes.items():
        if not isinstance(node, Ending):
            continue
        asked = _asked(node.text) | _asked(node.studyday)
        nearest: dict[frozenset[str], State] = {}
        for state in ways.get(name, ()):
            nearest.setdefault(state.flags & asked, state)
        pages += [
            EndingPage(
                node=name,
                title=node.title,
                flags=flags,
                asked=asked,
                text=shown(node.text, flags),
                studyday=shown(node.studyday, flags),
                way=state,
                route=engine.route_view(item, state),
            )
            for flags, state in nearest.items()
        ]
    return tuple(pages)


def covering(pages: Iterable[EndingPage]) -> tuple[EndingPage, ...]:
    """Choose from the pages of an ending a few in which every two flags meet in every way they can.

    An ending that mentions many things has hundreds of pages, which nobody reads. What contradicts
    each other is mostly two paragraphs; so whoever reads these has met every pair that there is:
    both there, both gone, and only the one or the other.
    """
    left = [(page, _pairs(page)) for page in pages]
    met: set[frozenset[tuple[str, bool]]] = set()
    chosen: list[EndingPage] = []
    while left:
        page, pairs = max(left, key=lambda each: len(each[1] - met))
        if chosen and not pairs - met:
            break
        chosen.append(page)
        met |= pairs
        left = [each for each in left if each[0] is not page]
    return tuple(chosen)


def _pairs(page: EndingPage) -> set[frozenset[tuple[str, bool]]]:
    """Return how every one and every two of the flags that are asked for stand on a page."""
    stand = [(flag, flag in page.flags) for flag in sorted(page.asked)]
    return {frozenset({one, other}) for one in stand for other in stand}


def _asked(passage: Passage) -> frozenset[str]:
    """Return the flags that the conditions in a passage name."""
    return frozenset(
        flag
        for one in paragraphs(passage)
        if one.when is not None
        for flag in (*one.when.all, *one.when.any, *one.when.none)
    )
