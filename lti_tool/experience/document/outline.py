"""An experience in reading order, for people who want to see what is inside. Pure."""

from lti_tool.experience.document.model import (
    ChoiceNode,
    Ending,
    Experience,
    Intervision,
    Item,
    Node,
    Route,
    VisibleNode,
)
from lti_tool.experience.document.parts import Paragraph
from lti_tool.experience.document.passages import paragraphs


def outline(item: Experience) -> tuple[VisibleNode, ...]:
    """Return the nodes that a learner can meet, nearest to the start first, endings last."""
    order, ahead = dict.fromkeys([item.start]), [item.start]
    while ahead:
        for name in leads_to(item.nodes[ahead.pop(0)]):
            if name not in order:
                order[name] = None
                ahead.append(name)
    visible = [node for name in order if isinstance(node := item.nodes[name], VisibleNode)]
    return tuple(sorted(visible, key=lambda node: isinstance(node, Ending)))


def talking_points(item: Item) -> tuple[str, ...]:
    """Return what the endings propose to talk about on the study day, each once.

    A proposal in several paragraphs gives as many, because which of them a team will read depends
    on the way there.
    """
    if not isinstance(item, Experience):
        return ()
    endings = (node for node in outline(item) if isinstance(node, Ending))
    return tuple(dict.fromkeys(one.text for node in endings for one in paragraphs(node.studyday)))


def guidance(item: Item) -> tuple[tuple[str, tuple[Paragraph, ...]], ...]:
    """Return what nodes and rounds say to whoever plays this with a group, by their titles."""
    if isinstance(item, Intervision):
        return tuple((one.title, (Paragraph(text=one.say),)) for one in item.rounds)
    if not isinstance(item, Experience):
        return ()
    guided = ((node.title, paragraphs(node.facilitator)) for node in outline(item))
    return tuple((title, words) for title, words in guided if words)


def leads_to(node: Node) -> list[str]:
    """Return the names of the nodes that this one can lead to, in document order."""
    if isinstance(node, ChoiceNode):
        return [choice.next for choice in node.choices]
    if isinstance(node, Route):
        return [*(case.next for case in node.cases), node.next]
    return [] if isinstance(node, Ending) else [node.next]
