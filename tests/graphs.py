"""Random experiences, playable or not, and a plain walk over single (node, flags) pairs."""

from typing import Any

from hypothesis import strategies as st

from lti_tool.experience.document.model import ChoiceNode, Ending, Experience, Route

FLAGS = ("f0", "f1", "f2")
Pair = tuple[str, frozenset[str]]


@st.composite
def graphs(draw: st.DrawFn, *, playable: bool) -> Experience:
    """Draw an experience; a playable one always has a way on to a later node, open to everyone."""
    size = draw(st.integers(2, 7))
    flags = st.lists(st.sampled_from(FLAGS), unique=True, max_size=2)
    when = st.fixed_dictionaries({}, optional={"all": flags, "any": flags, "none": flags}).filter(
        lambda each: any(each.values())
    )

    def on(node: int) -> str:
        if playable:
            return f"n{draw(st.integers(node + 1, size - 1))}"
        return f"n{draw(st.integers(0, size - 1))}"

    anywhere = st.integers(0, size - 1).map("n{}".format)
    nodes: dict[str, Any] = {}
    for number in range(size):
        kinds = ["scene", "choice", "choice", "route", "open", "reflect", "ending"]
        last = playable and number == size - 1
        kind = "ending" if last else draw(st.sampled_from(kinds))
        node: dict[str, Any] = {"type": kind, "title": f"N{number}"}
        if kind == "choice":
            node["prompt"] = "En?"
            node["choices"] = [
                {
                    "id": f"c{index}",
                    "text": f"C{index}",
                    "next": on(number) if index == 0 else draw(anywhere),
                    "set": draw(flags),
                    "when": None if playable and index == 0 else draw(st.none() | when),
                    "feedback": {"effect": "depends", "happens": "A", "works": "B", "grow": "C"},
                }
                for index in range(draw(st.integers(2, 4)))
            ]
        elif kind == "route":
            count = draw(st.integers(1, 2))
            # Forward only: a playable route may not lead an invisible way round.
            node["cases"] = [{"when": draw(when), "next": on(number)} for _ in range(count)]
            node["next"] = on(number)
        elif kind == "ending":
            node["offer_retry"] = draw(st.lists(anywhere, max_size=3))
        else:
            node["next"] = on(number)
            if kind != "scene":
                node["prompt"] = "En?"
            if kind == "open":
                node["compare"] = [
                    {
                        "id": f"v{index}",
                        "text": "V",
                        "feedback": {"effect": "strong", "happens": "A", "works": "B", "grow": "C"},
                    }
                    for index in range(2)
                ]
        nodes[f"n{number}"] = node
    head = {"format": "experience/1", "id": "a", "lang": "nl", "title": "A", "start": "n0"}
    return Experience.model_validate(head | {"flags": dict.fromkeys(FLAGS, "F"), "nodes": nodes})


def on_from(item: Experience, pair: Pair) -> list[Pair]:
    """Give all pairs that directly follow one pair."""
    node, flags = item.nodes[pair[0]], pair[1]
    if isinstance(node, Ending):
        return []
    if isinstance(node, ChoiceNode):
        offered = [c for c in node.choices if c.when is None or c.when.holds(flags)]
        return [(choice.next, flags | set(choice.set)) for choice in offered]
    if isinstance(node, Route):
        return [(next((c.next for c in node.cases if c.when.holds(flags)), node.next), flags)]
    return [(node.next, flags)]


def all_from(item: Experience, pair: Pair) -> set[Pair]:
    """Give all pairs that can be reached from one pair, itself included."""
    seen, todo = {pair}, [pair]
    while todo:
        for following in on_from(item, todo.pop()):
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return seen
