"""What somebody who builds the course sees of an activity, and choosing what it opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.completion import standing, status
from lti_tool.completion.channels import Channels
from lti_tool.completion.models import DELIVERED, Completion
from lti_tool.db import db
from lti_tool.errors import PROBLEMS, ToolError
from lti_tool.experience.authoring.graph_map import draw
from lti_tool.experience.document.model import Experience
from lti_tool.experience.document.outline import guidance, talking_points
from lti_tool.experience.library.models import Item, Version
from lti_tool.experience.play.runs import Runs
from lti_tool.experience.play.views import player_of
from lti_tool.launch.models import ResourceLink
from lti_tool.launch.session import Visit, Visits
from lti_tool.web import page

FEWEST = 5
"""Below this many a number of completions is not told: it could say who."""

MOST_VERSIONS = 20
"""Of an item, newest first, that can be chosen."""

_LOST = frozenset({"item-missing", "item-unknown", "item-withdrawn"})
"""Why a link opens nothing; another item can be chosen."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """The views, and what they work with."""

    runs: Runs
    channels: Channels

    def show(self, visit: Visit) -> ResponseReturnValue:
        """Show what this activity is, whether it can report, and what it could open instead.

        Raises:
            NotPlayed: for a preparation, which has a page of its own.
        """
        session = db.session()
        try:
            player = player_of(visit, visit.item or "")
            here = self.runs.find(session, player)
        except ToolError as refused:
            if refused.code not in _LOST or hasattr(refused, "preparation"):
                raise
            problem = PROBLEMS[refused.code]
            response = page(
                "player/teacher_lost.html",
                problem.status,
                advice=problem.advice.value,
                code=refused.code,
            )
            response.headers["X-Proeftuin-Error"] = refused.code
            return response
        item = here.item
        chosen = session.execute(
            select(ResourceLink.opens_version, ResourceLink.copied_from).where(
                ResourceLink.id == player.link_id
            )
        ).one()
        return page(
            "player/teacher.html",
            item=item,
            kind=here.kind,
            can_start=here.can_start,
            status=status.of(
                session,
                platform=visit.platform,
                learner_id=player.learner_id,
                link_id=player.link_id,
                now=visit.now,
            ),
            standing=standing.of(
                session, self.channels, platform=visit.platform, link_id=player.link_id
            ),
            delivered=_delivered(session, player.link_id),
            fewest=FEWEST,
            questions=talking_points(item),
            guided=guidance(item),
            map=draw(item) if isinstance(item, Experience) else None,
            versions=_versions(session, item.id),
            version=chosen.opens_version,
            copied=chosen.copied_from is not None,
        )

    def pin(self, visit: Visit) -> ResponseReturnValue:
        """Let new runs take a version of the present item, or the newest again."""
        if visit.link_id is None or not visit.item:
            raise ToolError("not-found")
        number = request.form.get("version", "")
        session = db.session()
        wanted = next(
            (one for one, _ in _versions(session, visit.item) if str(one) == number), None
        )
        if number and wanted is None:
            raise ToolError("selection-malformed", "no such version")
        session.execute(
            update(ResourceLink)
            .where(ResourceLink.id == visit.link_id)
            .values(opens_version=wanted)
            .execution_options(synchronize_session=False)
        )
        session.commit()
        return visit.onward("player.page")


def open_instead(session: Session, link_id: int, slug: str) -> None:
    """Let a link open another item, in its newest version. The caller commits.

    The launch goes on naming the item that was inserted; runs of that one stay as they are.
    """
    session.execute(
        update(ResourceLink)
        .where(ResourceLink.id == link_id)
        .values(opens=slug, opens_version=None)
        .execution_options(synchronize_session=False)
    )


def blueprint(visits: Visits, teaching: Teaching) -> Blueprint:
    """Return the route; the page itself is where a launch lands."""
    bp = Blueprint("teaching", __name__, url_prefix="/l/<session_id>/activity")
    bp.add_url_rule("/version", "pin", visits.designing(teaching.pin), methods=["POST"])
    return bp


def _delivered(session: Session, link_id: int) -> int | None:
    """Return how many completions arrived; None for so few that they could say who."""
    count = session.scalar(
        select(func.count())
        .select_from(Completion)
        .where(Completion.link_id == link_id, Completion.state == DELIVERED)
    )
    return count if count and count >= FEWEST else None


def _versions(session: Session, slug: str) -> Sequence[Any]:
    """Return number and moment of the versions of an item, newest first."""
    found: Sequence[Any] = session.execute(
        select(Version.number, Version.published_at)
        .join(Item, Item.id == Version.item_id)
        .where(Item.slug == slug)
        .order_by(Version.number.desc())
        .limit(MOST_VERSIONS)
    ).all()
    return found
