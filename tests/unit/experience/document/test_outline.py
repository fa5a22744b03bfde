"""Reading order: nearest to the start first, endings last, routes invisible."""

from visits import GARDEN, MODULE

from lti_tool.experience.document.model import Experience, to_canonical_json
from lti_tool.experience.document.model import from_canonical_json as read
from lti_tool.experience.document.outline import outline, talking_points
from lti_tool.experience.document.parsing import parse


def item(text: str):
    return parse(text, file="test.yaml").item


def titles(experience: Experience) -> list[str]:
    return [node.title for node in outline(experience)]


def test_it_starts_at_the_start_and_ends_with_the_endings() -> None:
    assert titles(item(GARDEN)) == [
        "Bij het hek",
        "De groet",
        "Eigen woorden",
        "Het afscheid",
        "Terugblik",
        "Kort",
        "Het loopt door",
    ]


def test_it_does_not_depend_on_the_order_in_which_nodes_are_stored() -> None:
    experience = item(GARDEN)
    assert titles(read(to_canonical_json(experience))) == titles(experience)


def test_routes_are_passed_through_and_loops_end() -> None:
    text = GARDEN.replace("next: groet", "next: wissel", 1).replace(
        "  woorden:",
        "  wissel: {type: route, cases: [{when: {all: [rust]}, next: hek}], next: groet}\n"
        "  woorden:",
        1,
    )
    assert titles(item(text)) == titles(item(GARDEN))


def test_talking_points_are_what_the_endings_propose() -> None:
    assert talking_points(item(GARDEN)) == ("Wie groet bij jullie?",)
    assert talking_points(item(MODULE)) == ()
