"""The picker that a designer sees, the preview, and the form that goes back to the LMS."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from lti_tool.completion.channels import Channels
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.deeplink.items import Choice, content_item, response_claims
from lti_tool.deeplink.selection import MINUTES, MOST_CHOSEN, STEP, Selection
from lti_tool.deeplink.teaching import open_instead
from lti_tool.errors import ToolError
from lti_tool.experience.authoring.graph_map import draw
from lti_tool.experience.document.model import Experience, Preparation
from lti_tool.experience.document.outline import guidance, talking_points
from lti_tool.experience.library import catalogue, search
from lti_tool.experience.library.search import Card, Page
from lti_tool.experience.play.media_views import Media
from lti_tool.launch.claims import DeepLinkSettings
from lti_tool.launch.session import Visit, Visits
from lti_tool.launch.store import LaunchStore
from lti_tool.platforms.families import FAMILIES, Family
from lti_tool.platforms.models import Deployment
from lti_tool.platforms.signing import SigningKeys
from lti_tool.web import page

NO_LINKS = _l(
    "Your learning environment does not take links to activities at this place. "
    "Go back and add the activity in another way."
)
"""The picker says it too, and sends it along when somebody goes back."""

LONGEST_QUERY = 3000
"""Characters of an address's query; a web server takes about 4000 for a whole request line."""


@dataclass(frozen=True, slots=True)
class Picker:
    """The views, and what they work with."""

    settings: Settings
    keys: SigningKeys
    launches: LaunchStore
    media: Media
    channels: Channels

    def picker(self, visit: Visit) -> ResponseReturnValue:
        """Show what this platform may use; after a POST, at an address that says it all again.

        With the field `part`, for the script that searches while somebody types, only the cards.
        """
        settings = _settings(visit)
        selection = Selection.read(request.values, multiple=settings.multiple)
        part = "part" in request.values
        if request.method == "POST" and not part and not visit.cookieless and _fits(selection):
            return visit.onward("deeplink.picker", **selection.query())
        found = self._find(visit, selection)
        shown = self._shown(visit, settings, selection, found)
        if part:
            return page("deeplink/_results.html", **shown)
        return page(
            "deeplink/picker.html",
            problem=self.channels.outlook(visit.platform),
            options=search.options(db.session(), visit.platform.id, visit.now),
            minutes=MINUTES,
            **shown,
        )

    def preview(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Show one item before it is chosen: what it is about, its map, and notes for a group."""
        settings = _settings(visit)
        selection = Selection.read(request.values, multiple=settings.multiple)
        document = catalogue.look(db.session(), slug, visit.platform.id)
        if request.method == "POST" and not visit.cookieless and _fits(selection):
            return visit.onward("deeplink.preview", slug=slug, **selection.query())
        shown: dict[str, Any] = {
            "item": document,
            "selection": selection,
            "changing": visit.deep_linking is None,
            "multiple": settings.multiple,
            "accepts_links": settings.accepts_links,
            "reports": _reports(settings, FAMILIES[visit.platform.family]),
        }
        if isinstance(document, Preparation):
            inside = self._cards(visit, document.items)
            return page("deeplink/preview.html", inside=inside, **shown)
        return page(
            "deeplink/preview.html",
            shelf=self.media.newest_shelf(visit, document),
            map=draw(document) if isinstance(document, Experience) else None,
            guided=guidance(document),
            questions=talking_points(document),
            **shown,
        )

    def choose(self, visit: Visit) -> ResponseReturnValue:
        """Sign the chosen items, or none on cancel, and let the browser carry them to the LMS."""
        settings = _settings(visit)
        chosen = [] if "cancel" in request.form else self._chosen(visit, settings)
        if visit.link_id is not None:
            for card in chosen:
                open_instead(db.session(), visit.link_id, card.slug)
            db.session.commit()
            return visit.onward("player.page")
        choices = self._choices(visit, chosen)
        if not self.launches.answer_once(visit.session_id):
            raise ToolError("selection-used")
        family = FAMILIES[visit.platform.family]
        reports = _reports(settings, family)
        line_item = (
            family.deep_link_line_item if reports and settings.line_item is not False else None
        )
        deployment = db.session.get_one(Deployment, visit.deployment_id)
        claims = response_claims(
            [
                content_item(
                    choice,
                    launch_url=self.settings.launch_url,
                    icon_url=self.settings.base_url + url_for("static", filename="icon.png"),
                    line_item=line_item,
                    title_limit=family.title_limit,
                    dates=family.dates,
                )
                for choice in choices
            ],
            issuer=visit.platform.issuer,
            client_id=visit.platform.client_id,
            deployment_id=deployment.deployment_id,
            data=settings.data,
            nonce=secrets.token_urlsafe(24),
            now=int(visit.now.timestamp()),
            error="" if settings.accepts_links else str(NO_LINKS),
            log="accept_types has no ltiResourceLink",
        )
        jwt = self.keys.sign(claims)
        db.session.commit()
        return page(
            "deeplink/return.html",
            return_url=settings.return_url,
            jwt=jwt,
            count=len(choices),
            family=family,
            advice=family.advice
            if choices and reports and not self.channels.serves(visit.platform)
            else (),
        )

    def _chosen(self, visit: Visit, settings: DeepLinkSettings) -> list[Card]:
        """Return what was chosen, in order.

        Raises:
            ToolError: `selection-empty`, `selection-malformed`, `item-unknown`, `item-withdrawn`.
        """
        form = request.form
        named = len({*form.getlist("item"), *form.getlist("add")} - {""})
        if not named:
            raise ToolError("selection-empty")
        if not settings.accepts_links:
            raise ToolError("selection-malformed", "the platform takes no resource links")
        # Where one is taken, the button under one item means that one, whatever is ticked besides.
        alone = not settings.multiple and "add" not in form
        if named > (1 if alone else MOST_CHOSEN):
            raise ToolError("selection-malformed", "more items than the platform takes")
        wanted = Selection.read(form, multiple=settings.multiple).chosen
        found = {card.slug: card for card in self._cards(visit, wanted)}
        for slug in wanted:
            if slug not in found:
                catalogue.look(db.session(), slug, visit.platform.id)  # says what is the matter
        return [found[slug] for slug in wanted]

    def _choices(self, visit: Visit, chosen: Sequence[Card]) -> list[Choice]:
        """Return what goes into the course: a preparation as one activity, or what is in it."""
        apart = "apart" in request.form and _settings(visit).multiple
        choices: list[Choice] = []
        for card in chosen:
            if card.kind != catalogue.PREPARATION:
                choices.append(_choice(card))
                continue
            document = catalogue.look(db.session(), card.slug, visit.platform.id)
            day = document.date if isinstance(document, Preparation) else None
            inside = self._cards(visit, document.items) if isinstance(document, Preparation) else ()
            choices += [_choice(one, day) for one in (inside if apart else (card,))]
        return choices[:MOST_CHOSEN]

    def _cards(self, visit: Visit, slugs: Sequence[str]) -> tuple[Card, ...]:
        return search.cards(
            db.session(), slugs, platform_id=visit.platform.id, today=visit.now.date()
        )

    def _find(self, visit: Visit, selection: Selection) -> Page:
        return search.find(
            db.session(),
            selection.wanted,
            platform_id=visit.platform.id,
            course=visit.course,
            locale=visit.locale,
            most=selection.most,
            today=visit.now.date(),
            chosen=selection.chosen,
        )

    def _shown(
        self, visit: Visit, settings: DeepLinkSettings, selection: Selection, found: Page
    ) -> dict[str, Any]:
        def cover(card: Card) -> str:
            name = card.cover.name if card.cover else ""
            return self.media.url(visit, card.version_id, name)

        return {
            "selection": selection,
            "found": found,
            "cover": cover,
            "batch": STEP,
            "changing": visit.deep_linking is None,
            "multiple": settings.multiple,
            "accepts_links": settings.accepts_links,
            "reports": _reports(settings, FAMILIES[visit.platform.family]),
        }


def blueprint(visits: Visits, picker: Picker) -> Blueprint:
    """Return the routes, for those who build or teach the course."""
    bp = Blueprint("deeplink", __name__, url_prefix="/l/<session_id>/items")
    both = ["GET", "POST"]
    bp.add_url_rule("/", "picker", visits.designing(picker.picker), methods=both)
    bp.add_url_rule("/<slug>", "preview", visits.designing(picker.preview), methods=both)
    bp.add_url_rule("/chosen", "choose", visits.designing(picker.choose), methods=["POST"])
    return bp


def _settings(visit: Visit) -> DeepLinkSettings:
    """Return what can be chosen; on an activity that is there already, one item for it to open."""
    if visit.deep_linking is not None:
        return visit.deep_linking
    return DeepLinkSettings("", accepts_links=True, multiple=False, line_item=None, data=None)


def _fits(selection: Selection) -> bool:
    return sum(len(name) + len(value) + 2 for name, value in selection.fields()) < LONGEST_QUERY


def _reports(settings: DeepLinkSettings, family: Family) -> bool:
    """Whether what is inserted at this place of the LMS can report a completion."""
    return settings.placement not in family.silent_placements


def _choice(card: Card, day: date | None = None) -> Choice:
    return Choice(slug=card.slug, title=card.title, summary=card.summary, day=day)
