"""Moves of learners without views: where somebody is, and what they do there."""

from visits import Browser, School

from lti_tool import note_completion
from lti_tool.db import db
from lti_tool.experience.play import engine, positions
from lti_tool.experience.play.positions import Player, Position
from lti_tool.experience.play.runs import Runs
from lti_tool.launch.models import LaunchSession
from lti_tool.services import services


def player(school: School, tab: Browser, item: str = "tuin", *, reports: bool = True) -> Player:
    """What the views make of a visit."""
    db.session.expire_all()
    session = db.session.get_one(LaunchSession, tab.session_id)
    return Player(
        learner_id=session.learner_id,
        link_id=session.link_id,
        platform_id=session.platform_id,
        slug=item,
        token=tab.token,
        reports=reports,
    )


def find(who: Player) -> Position:
    return positions.find(db.session(), services().vault, who)


def runs() -> Runs:
    return Runs(services().vault, (note_completion,))


def act(school: School, who: Player, at: str, name: str, *chosen: str) -> None:
    runs().move(db.session(), who, at, school.clock(), name, *chosen)
    db.session.commit()


def move(school: School, tab: Browser, name: str, *chosen: str) -> None:
    who = player(school, tab)
    act(school, who, find(who).at, name, *chosen)


def replay(school: School, who: Player, node: str | None = None) -> None:
    runs().replay(db.session(), who, school.clock(), node)
    db.session.commit()


def play(school: School, tab: Browser, *reactions: str) -> None:
    """Play to the ending that these reactions lead to."""
    wanted = iter(reactions)
    while (here := find(player(school, tab))).ended_at is None:
        if engine.options(here.item, here.place):
            move(school, tab, "react", next(wanted))
        move(school, tab, "proceed")
