"""The picker that a designer sees, the preview, and the form that goes back to the LMS."""

import secrets
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.completion.channels import Channels
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.deeplink.items import Choice, content_item, response_claims
from lti_tool.errors import ToolError
from lti_tool.experience.library import catalogue
from lti_tool.experience.play.media_views import Media
from lti_tool.launch.claims import DeepLinkSettings
from lti_tool.launch.session import Visit, Visits
from lti_tool.launch.store import LaunchStore
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.models import Deployment
from lti_tool.platforms.signing import SigningKeys
from lti_tool.web import page

MAX_ITEMS = 50


@dataclass(frozen=True, slots=True)
class Picker:
    """The views, and what they work with."""

    settings: Settings
    keys: SigningKeys
    launches: LaunchStore
    media: Media
    channels: Channels

    def picker(self, visit: Visit) -> ResponseReturnValue:
        """Show the published items that this platform may use."""
        settings = _settings(visit)
        return page(
            "picker.html",
            problem=self.channels.outlook(visit.platform),
            entries=catalogue.entries(db.session(), visit.platform.id),
            multiple=settings.multiple,
            accepts_links=settings.accepts_links,
        )

    def preview(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Show one item as a learner will meet it, before it is chosen."""
        settings = _settings(visit)
        item = catalogue.find(db.session(), slug, visit.platform.id)
        return page(
            "preview.html",
            entry=catalogue.entry(db.session(), slug, visit.platform.id),
            item=item,
            shelf=self.media.newest_shelf(visit, item),
            multiple=settings.multiple,
            accepts_links=settings.accepts_links,
        )

    def choose(self, visit: Visit) -> ResponseReturnValue:
        """Sign the chosen items, or none on cancel, and let the browser carry them to the LMS."""
        settings = _settings(visit)
        slugs = (
            [] if "cancel" in request.form else list(dict.fromkeys(request.form.getlist("item")))
        )
        if len(slugs) > (MAX_ITEMS if settings.multiple else 1):
            raise ToolError("selection-malformed", "more items than the platform takes")
        if not slugs and "cancel" not in request.form:
            raise ToolError("selection-empty")
        if slugs and not settings.accepts_links:
            raise ToolError("selection-malformed", "the platform takes no resource links")
        choices = [_choice(slug, visit) for slug in slugs]
        if not self.launches.answer_once(visit.session_id):
            raise ToolError("selection-used")
        family = FAMILIES[visit.platform.family]
        line_item = None if settings.line_item is False else family.deep_link_line_item
        deployment = db.session.get_one(Deployment, visit.deployment_id)
        claims = response_claims(
            [
                content_item(
                    choice,
                    launch_url=self.settings.launch_url,
                    icon_url=self.settings.base_url + url_for("static", filename="icon.png"),
                    line_item=line_item,
                    title_limit=family.title_limit,
                )
                for choice in choices
            ],
            issuer=visit.platform.issuer,
            client_id=visit.platform.client_id,
            deployment_id=deployment.deployment_id,
            data=settings.data,
            nonce=secrets.token_urlsafe(24),
            now=int(visit.now.timestamp()),
        )
        jwt = self.keys.sign(claims)
        db.session.commit()
        return page(
            "deeplink_return.html", return_url=settings.return_url, jwt=jwt, count=len(choices)
        )


def blueprint(visits: Visits, picker: Picker) -> Blueprint:
    """Return the routes, for those who build or teach the course."""
    bp = Blueprint("deeplink", __name__, url_prefix="/l/<session_id>/items")
    both = ["GET", "POST"]
    bp.add_url_rule("/", "picker", visits.designing(picker.picker), methods=both)
    bp.add_url_rule("/<slug>", "preview", visits.designing(picker.preview), methods=both)
    bp.add_url_rule("/chosen", "choose", visits.designing(picker.choose), methods=["POST"])
    return bp


def _settings(visit: Visit) -> DeepLinkSettings:
    if visit.deep_linking is None:
        raise ToolError("not-found")
    return visit.deep_linking


def _choice(slug: str, visit: Visit) -> Choice:
    entry = catalogue.entry(db.session(), slug, visit.platform.id)
    return Choice(slug=entry.slug, title=entry.title, summary=entry.summary)
