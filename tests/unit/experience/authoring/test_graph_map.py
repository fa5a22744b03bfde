"""The map: every node once, every way drawn, nothing on top of anything else."""

import re
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from graphs import graphs
from hypothesis import given, settings

from lti_tool.experience.authoring.graph_map import BOX, GraphMap, draw
from lti_tool.experience.checks.all import check
from lti_tool.experience.document.model import Experience
from lti_tool.experience.document.outline import leads_to
from lti_tool.experience.document.parsing import parse

CONTENT = Path(__file__).parents[4] / "content"
SHIPPED = sorted(CONTENT.glob("*.yaml"))


def ways(item: Experience) -> set[tuple[str, str]]:
    return {
        (name, target)
        for name, node in item.nodes.items()
        for target in leads_to(node)
        if target in item.nodes
    }


def overlapping(drawing: GraphMap) -> list[tuple[str, str]]:
    return [
        (one.name, other.name)
        for one, other in combinations(drawing.boxes, 2)
        if abs(one.x - other.x) < BOX[0] and abs(one.y - other.y) < BOX[1]
    ]


def points(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def reached(item: Experience) -> set[str]:
    found, ahead = {item.start}, [item.start]
    while ahead:
        for target in leads_to(item.nodes[ahead.pop()]):
            if target in item.nodes and target not in found:
                found.add(target)
                ahead.append(target)
    return found


@settings(max_examples=300, deadline=None)
@given(graphs(playable=False))
def test_every_node_and_every_way_is_drawn_once_and_apart(item: Experience) -> None:
    drawing = draw(item)
    assert sorted(box.name for box in drawing.boxes) == sorted(item.nodes)
    here = reached(item)
    drawn = [(arrow.source, arrow.target) for arrow in drawing.arrows]
    assert sorted(drawn) == sorted((a, b) for a, b in ways(item) if a in here)
    assert {box.name for box in drawing.boxes if box.lost} == set(item.nodes) - here
    assert overlapping(drawing) == []
    for box in drawing.boxes:
        assert BOX[0] / 2 <= box.x <= drawing.width - BOX[0] / 2
        assert 0 <= box.y <= drawing.height - BOX[1]
    for arrow in drawing.arrows:
        assert all(
            -1 <= number <= max(drawing.width, drawing.height) for number in points(arrow.path)
        )


@settings(max_examples=200, deadline=None)
@given(graphs(playable=False))
def test_arrows_run_down_unless_they_are_marked_as_loops(item: Experience) -> None:
    drawing = draw(item)
    y = {box.name: box.y for box in drawing.boxes}
    for arrow in drawing.arrows:
        assert arrow.back or y[arrow.target] > y[arrow.source]


def test_a_loop_is_drawn_round_the_side(example: Experience) -> None:
    text = (Path(__file__).parents[1] / "data" / "geen-cijfer.yaml").read_text("utf-8")
    loop = parse(text.replace("next: einde-open", "next: opening", 1), file="x").item
    assert isinstance(loop, Experience)
    (back,) = [arrow for arrow in draw(loop).arrows if arrow.back]
    assert (back.source, back.target) == ("spanning", "opening")
    assert not [arrow for arrow in draw(example).arrows if arrow.back]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_in_what_ships_no_arrow_runs_through_a_box(path: Path) -> None:
    item = parse(path.read_text("utf-8"), file=path.name).item
    if not isinstance(item, Experience):
        return
    drawing = draw(item)
    for arrow in drawing.arrows:
        for box in drawing.boxes:
            if box.name in {arrow.source, arrow.target}:
                continue
            inside = [
                (x, y)
                for x, y in passed(arrow.path)
                if abs(x - box.x) < BOX[0] / 2 - 2 and box.y + 2 < y < box.y + BOX[1] - 2
            ]
            assert not inside, (arrow.source, arrow.target, box.name)


def passed(path: str) -> list[tuple[float, float]]:
    """Points on a path of the commands M, C and V."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    for command, numbers in re.findall(r"([MCV])([^MCV]*)", path):
        given = points(numbers)
        if command == "M":
            x, y = given
        elif command == "V":
            found += [(x, y + (given[0] - y) * t / 20) for t in range(21)]
            y = given[0]
        else:
            ax, ay, bx, by, cx, cy = given
            for t in (step / 20 for step in range(21)):
                u = 1 - t
                found.append(
                    (
                        u**3 * x + 3 * u * u * t * ax + 3 * u * t * t * bx + t**3 * cx,
                        u**3 * y + 3 * u * u * t * ay + 3 * u * t * t * by + t**3 * cy,
                    )
                )
            x, y = cx, cy
    return found


def test_a_title_takes_two_lines_at_most(example: Experience) -> None:
    data = example.model_dump(mode="json", exclude_defaults=True)
    data["nodes"]["opening"]["title"] = (
        "Een heel lange titel die nooit in twee regels past, echt niet"
    )
    box = next(one for one in draw(Experience.model_validate(data)).boxes if one.name == "opening")
    assert len(box.lines) == 2
    assert box.lines[1].endswith("…")


def test_a_document_that_leads_nowhere_is_drawn_too(example: Experience) -> None:
    data = example.model_dump(mode="json", exclude_defaults=True)
    data["start"] = "weg"
    item = Experience.model_validate(data)
    drawing = draw(item)
    assert all(box.lost for box in drawing.boxes)
    assert overlapping(drawing) == []
    assert {each.code for each in check(item, today=date(2026, 1, 1), exists=None)} >= {"E5"}


def test_five_hundred_nodes_are_drawn_without_a_wait(example: Experience) -> None:
    scene = {"type": "scene", "title": "S"}
    feedback = {"effect": "depends", "happens": "A", "works": "B", "grow": "C"}
    nodes: dict[str, object] = {"einde": {"type": "ending", "title": "E"}}
    for n in range(250):
        nodes[f"s{n}"] = scene | {"next": f"c{n}"}
        targets = [f"s{n + 1}", f"s{min(n + 7, 249)}", "einde"] if n < 249 else ["einde"] * 3
        nodes[f"c{n}"] = {
            "type": "choice",
            "title": "C",
            "prompt": "P",
            "choices": [
                {"id": f"r{i}", "text": "R", "next": target, "feedback": feedback}
                for i, target in enumerate(targets)
            ],
        }
    data = example.model_dump(mode="json", exclude_defaults=True)
    item = Experience.model_validate(data | {"nodes": nodes, "start": "s0", "flags": {}})
    drawing = draw(item)
    assert len(drawing.boxes) == 501
    assert overlapping(drawing) == []
