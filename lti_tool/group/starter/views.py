"""Pages of the conversation starter: for who leads the talk, and for who is counted."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.clock import local_day
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import ChoiceNode, Document, Experience, Preparation
from lti_tool.experience.document.outline import outline, talking_points
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item
from lti_tool.experience.play.runs import Runs
from lti_tool.experience.play.views import player_of
from lti_tool.group.starter import counting
from lti_tool.group.starter.counting import Starters
from lti_tool.group.starter.wording import WORDS
from lti_tool.launch.session import Visit, Visits
from lti_tool.web import page


@dataclass(frozen=True, slots=True)
class Told:
    """One choice, as a group made it: the reactions by the word that is said of them.

    Attributes:
        title: of the choice.
        prompt: what was asked.
        groups: words in a fixed order, each with the texts of its reactions in the document's.
    """

    title: str
    prompt: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """What the page says about one experience of a link.

    Attributes:
        item: its newest version, or the one that was counted.
        state: how it stands, see `starter`.
        told: what the snapshot says; empty where it says nothing.
        questions: what its endings propose to talk about.
    """

    item: Experience
    state: str
    told: tuple[Told, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Talking:
    """The views, and what they work with."""

    runs: Runs
    starters: Starters

    def show(self, visit: Visit) -> ResponseReturnValue:
        """Show, for each experience of the link, how it stands and what there is to talk about."""
        session = db.session()
        document = _opened(session, visit)
        return page(
            "group/starter.html",
            document=document,
            talks=[_talk(session, visit, item) for item in _experiences(session, visit, document)],
        )

    def switch_on(self, visit: Visit) -> ResponseReturnValue:
        """Begin to count."""
        return self._do(
            visit,
            lambda session, link, item: counting.switch_on(
                session, link, item, visit.learner_id, visit.now
            ),
        )

    def switch_off(self, visit: Visit) -> ResponseReturnValue:
        """Stop counting, and forget."""
        return self._do(visit, counting.switch_off)

    def ask(self, visit: Visit) -> ResponseReturnValue:
        """Ask for the snapshot."""
        return self._do(
            visit, lambda session, link, item: self.starters.ask(session, link, item, visit.now)
        )

    def count(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Let a learner be counted, or not."""
        session, player = db.session(), player_of(visit, slug)
        wants = request.form.get("count") == "yes"
        if player.reports:
            here = self.runs.find(session, player)
            counting.want(session, player, here, wants, visit.now)
            session.commit()
        return visit.onward("player.play", slug=slug)

    def _do(self, visit: Visit, act: Callable[[Session, int, int], None]) -> ResponseReturnValue:
        session = db.session()
        wanted = request.form.get("item", "")
        slugs = {item.id for item in _experiences(session, visit, _opened(session, visit))}
        if wanted not in slugs or visit.link_id is None:
            raise ToolError("selection-malformed", "not an experience of this link")
        act(session, visit.link_id, _id_of(session, wanted))
        session.commit()
        return visit.onward("starter.show", anchor=wanted)


def _opened(session: Session, visit: Visit) -> Document:
    """Return what the link opens.

    Raises:
        ToolError: `not-found` while deep linking, `item-missing` for a link without an item, and
            as `catalogue.look`.
    """
    if visit.link_id is None:
        raise ToolError("not-found")
    if not visit.item:
        raise ToolError("item-missing")
    return catalogue.look(session, visit.item, visit.platform.id)


def _experiences(session: Session, visit: Visit, document: Document) -> list[Experience]:
    """Return the experiences that a document holds: itself, or the parts of a preparation."""
    if not isinstance(document, Preparation):
        return [document] if isinstance(document, Experience) else []
    found = []
    for slug in document.items:
        try:
            item = catalogue.look(session, slug, visit.platform.id)
        except ToolError:
            continue  # withdrawn since
        if isinstance(item, Experience):
            found.append(item)
    return found


def _talk(session: Session, visit: Visit, item: Experience) -> Talk:
    link_id, item_id = visit.link_id or 0, _id_of(session, item.id)
    made = counting.snapshot(session, link_id, item_id)
    about = item if made is None else made.item
    return Talk(
        item=about,
        state=counting.state(session, link_id, item_id, visit.learner_id, local_day(visit.now)),
        told=() if made is None else tuple(_told(made)),
        questions=talking_points(about),
    )


def _told(made: counting.Snapshot) -> list[Told]:
    """Return the choices that can be told of, in reading order."""
    names = {id(node): name for name, node in made.item.nodes.items()}
    found = []
    for node in outline(made.item):
        said = made.said.get(names[id(node)])
        if not isinstance(node, ChoiceNode) or said is None:
            continue
        groups = (
            (word, tuple(one.text for one in node.choices if said[one.id] == word))
            for word in WORDS
        )
        found.append(
            Told(node.title, node.prompt, tuple((word, texts) for word, texts in groups if texts))
        )
    return found


def _id_of(session: Session, slug: str) -> int:
    return session.scalars(select(Item.id).where(Item.slug == slug)).one()


def blueprint(visits: Visits, views: Talking) -> Blueprint:
    """Return the routes for who leads the talk."""
    bp = Blueprint("starter", __name__, url_prefix="/l/<session_id>/starter")
    bp.add_url_rule("/", "show", visits.designing(views.show), methods=["GET", "POST"])
    for act, name in (
        (views.switch_on, "on"),
        (views.switch_off, "off"),
        (views.ask, "ask"),
    ):
        bp.add_url_rule(f"/{name}", name, visits.designing(act), methods=["POST"])
    return bp


def learners_blueprint(visits: Visits, views: Talking) -> Blueprint:
    """Return the route for who is counted."""
    bp = Blueprint("counting", __name__, url_prefix="/l/<session_id>/play/<slug>")
    bp.add_url_rule("/count", "count", visits.visiting(views.count), methods=["POST"])
    return bp
