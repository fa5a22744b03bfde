"""People of a group who play the garden without a browser, for what is counted at the ending."""

from sqlalchemy import select
from visits import School

from lti_tool.db import db
from lti_tool.experience.document.model import Experience
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import State
from lti_tool.experience.play.positions import Player
from lti_tool.experience.play.runs import Runs
from lti_tool.group.starter.counting import Starters
from lti_tool.launch.models import ResourceLink
from lti_tool.services import services

Way = tuple[str, ...]
"""Reactions in order; `<` takes the last one back, to try another."""

ASKING: Way = ("vraag", "samen")
SILENT: Way = ("stil", "los")


def link_id(school: School, link: str = "1") -> int:
    """Our id of a link, made if there is none."""
    found = db.session.scalar(select(ResourceLink.id).filter_by(link_id=link))
    return found or school.link("tuin", link)


def ready(school: School, who: str, way: Way = ASKING, link: str = "1") -> Player:
    """Bring somebody to the last step before the ending; who ended before begins anew."""
    player = Player(
        learner_id=school.learner(who),
        link_id=link_id(school, link),
        platform_id=school.platform.id,
        slug="tuin",
        token="t",
        reports=True,
    )
    session, now, wanted = db.session(), school.clock(), list(way)
    _runs().replay(session, player, now)
    here = _runs().find(session, player)
    item, place = here.item, here.place
    assert isinstance(item, Experience)
    assert isinstance(place, State)
    while True:
        if engine.options(item, place) and place.reaction is None:
            place = engine.react(item, place, wanted.pop(0))
        elif wanted[:1] == ["<"]:
            wanted.pop(0)
            place = engine.retry(item, place)
        elif engine.is_ending(item, there := engine.proceed(item, place)):
            break
        else:
            place = there
    _runs()._store(
        session, player, here, version_id=here.version_id, place=place, now=now, ended=False
    )
    session.commit()
    return player


def last_step(school: School, player: Player) -> None:
    """Take the step that ends the run, and with which it is counted."""
    session, runs = db.session(), _runs()
    at = runs.find(session, player).at
    assert runs.move(session, player, at, school.clock(), "proceed").place is not None
    session.commit()


def play(school: School, who: str, way: Way = ASKING, link: str = "1") -> None:
    """Play to the ending."""
    last_step(school, ready(school, who, way, link))


def _runs() -> Runs:
    return Runs(services().vault, (Starters(services().vault).note,))
