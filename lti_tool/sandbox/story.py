"""The story that the pages tell: three steps, and from every page one obvious next one."""

from __future__ import annotations

from typing import NamedTuple

from lti_tool.sandbox.world.habits import Text
from lti_tool.sandbox.world.records import Person
from lti_tool.sandbox.world.store import Lms


class Step(NamedTuple):
    """One step: its number, what to do, and the page (with the person) where it is done."""

    number: int
    text: Text
    button: Text
    page: str
    person: str


ADD = Step(
    1,
    Text("Tess zet een praktijksituatie in de cursus", "Tess puts a situation in the course"),
    Text("Naar de cursus als Tess", "To the course as Tess"),
    "course",
    "tess",
)
PLAY = Step(
    2,
    Text("Sam speelt de situatie als deelnemer", "Sam plays it as a learner"),
    Text("Naar de cursus als Sam", "To the course as Sam"),
    "course",
    "sam",
)
GRADEBOOK = Step(
    3,
    Text("Bekijk het vinkje en de lege cijferlijst", "See the tick and the empty gradebook"),
    Text("Naar de cijferlijst", "To the gradebook"),
    "gradebook",
    "tess",
)
MESSAGES = GRADEBOOK._replace(
    text=Text("Lees wat er over de lijn ging", "Read what went over the line"),
    button=Text("Naar de berichten", "To the messages"),
    page="messages",
)
ANOTHER = GRADEBOOK._replace(
    text=Text(
        "Klaar. Elke leeromgeving doet het net anders: probeer er nog een",
        "Done. Every LMS does it in its own way: try another one",
    ),
    button=Text("Kies een leeromgeving", "Choose an LMS"),
    page="home",
)

STEPS = (ADD, PLAY, GRADEBOOK)


def current(lms: Lms) -> int:
    """The number of the step that the story has reached: 1, 2 or 3."""
    if not lms.memory.activities:
        return 1
    return 3 if any(tick.state == 1 for tick in lms.memory.completions.values()) else 2


def next_step(lms: Lms, page: str, person: Person) -> Step | None:
    """What to do next from `page`; None when the page's own main button is the next step."""
    reached = current(lms)
    at_course = page == "course"
    if reached == 1:
        return None if at_course and person.role == "designer" else ADD
    if reached == 2:
        here = page in ("course", "activity") and person.role == "learner"
        return None if here else PLAY
    return {"gradebook": MESSAGES, "messages": ANOTHER}.get(page, GRADEBOOK)
