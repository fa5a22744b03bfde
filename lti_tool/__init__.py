"""Proeftuin: practice situations inside the LMS that a school already has.

`create_app` is the only place that wires things together.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Flask
from sqlalchemy.orm import Session

from lti_tool import web
from lti_tool.clock import Clock, system_clock
from lti_tool.completion import kept as completion_kept
from lti_tool.completion import outbox
from lti_tool.completion import views as completion_views
from lti_tool.completion.channels import Channels
from lti_tool.config import Settings, settings_from_env
from lti_tool.db import db, engine_options, migrate
from lti_tool.deeplink import look as deeplink_look
from lti_tool.deeplink import preparing as deeplink_preparing
from lti_tool.deeplink import sharing as deeplink_sharing
from lti_tool.deeplink import teaching as deeplink_teaching
from lti_tool.deeplink import views as deeplink_views
from lti_tool.experience.media.store import MediaStore
from lti_tool.experience.play import kept as play_kept
from lti_tool.experience.play import media_views, preparations
from lti_tool.experience.play import views as player_views
from lti_tool.experience.play.runs import Moved, Runs
from lti_tool.floods import RefuseAgain
from lti_tool.group.hearing import views as hearing_views
from lti_tool.group.insights import kept as insights_kept
from lti_tool.group.insights import views as insight_views
from lti_tool.group.pairs import kept as pairs_kept
from lti_tool.group.pairs import views as pair_views
from lti_tool.group.plenary import views as plenary_views
from lti_tool.group.starter import kept as starter_kept
from lti_tool.group.starter import views as starter_views
from lti_tool.group.starter.counting import Starters
from lti_tool.launch import kept as launch_kept
from lti_tool.launch import views as launch_views
from lti_tool.launch.adapter import Verifier
from lti_tool.launch.privacy import Privacy
from lti_tool.launch.session import Visits
from lti_tool.launch.state import LoginStates
from lti_tool.launch.store import LaunchStore
from lti_tool.learner import own as learner_own
from lti_tool.learner import views as learner_views
from lti_tool.limits import Limits
from lti_tool.ops import counters, health, metrics, site
from lti_tool.platforms import lti, moodle_plugin
from lti_tool.platforms import views as platform_views
from lti_tool.platforms.http import HttpClient
from lti_tool.platforms.jwks import JwksCache
from lti_tool.platforms.registration import Registrations
from lti_tool.platforms.registry import Registry
from lti_tool.platforms.signing import SigningKeys
from lti_tool.platforms.tokens import ServiceTokens
from lti_tool.services import Services
from lti_tool.vault import Vault

LANDING = {
    lti.RESOURCE_LINK_REQUEST: "player.page",
    lti.DEEP_LINKING_REQUEST: "deeplink.picker",
}
"""The page on which each kind of message lands."""


def create_app(settings: Settings | None = None, *, clock: Clock = system_clock) -> Flask:
    """Make the web application.

    Args:
        settings: read from the environment when left out.
        clock: the time; tests turn it.

    Raises:
        UnsafeSettings: for a setting that must not run.
    """
    settings = settings or settings_from_env()
    app = web.App(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(
        settings.database_url, pooler=settings.database_pooler
    )
    app.config["SECRET_KEY"] = settings.secret_key
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(__file__).parent / "migrations"))
    tool = app.extensions["proeftuin"] = _services(settings, clock)
    app.wsgi_app = RefuseAgain(app.wsgi_app, counters.count_refusal)  # type: ignore[method-assign]  # Flask's documented way
    web.init_app(app, settings, clock)
    counters.count_requests(app)
    for blueprint in _pages(tool):
        app.register_blueprint(blueprint)
    _log_as_json()
    return app


def _services(settings: Settings, clock: Clock) -> Services:
    vault = Vault(settings.secret_key, settings.old_secret_key)
    http = HttpClient(allow_private=settings.allow_private_platforms)
    registry = Registry(db.session, clock, production=settings.production)
    keys = SigningKeys(settings.keys_dir, db.session, clock)
    return Services(
        settings=settings,
        clock=clock,
        vault=vault,
        limits=Limits(settings),
        http=http,
        registry=registry,
        registrations=Registrations(db.session, clock, http, registry, settings.base_url),
        keys=keys,
        jwks=JwksCache(http, clock),
        tokens=ServiceTokens(http, keys, clock),
        states=LoginStates(vault),
        launches=LaunchStore(db.session, lambda: db.engine, vault),
        privacy=Privacy(
            (
                *play_kept.KEPT,
                *starter_kept.KEPT,
                *pairs_kept.KEPT,
                *insights_kept.KEPT,
                *completion_kept.KEPT,
                *launch_kept.KEPT,
            ),
            vault,
        ),
    )


def _pages(tool: Services) -> Iterator[Blueprint]:
    """Yield the routes of every domain, each with what it works with."""
    settings = tool.settings
    visits = Visits(db.session, tool.registry)
    media = media_views.Media(MediaStore(settings.media_root), tool.vault)
    yield launch_views.blueprint(
        launch_views.Doors(
            base_url=settings.base_url,
            launch_url=settings.launch_url,
            limits=tool.limits,
            registry=tool.registry,
            states=tool.states,
            verifier=Verifier(tool.registry, tool.states, tool.jwks.key, settings.base_url),
            launches=tool.launches,
            landing=LANDING,
        )
    )
    channels = Channels(tool.http, tool.tokens, tool.vault)
    starters = Starters(tool.vault)
    runs = Runs(tool.vault, listeners=(note_completion, starters.note))
    teaching = deeplink_teaching.Teaching(runs, channels)
    yield player_views.blueprint(visits, player_views.Pages(tool.vault, media, runs, teaching.show))
    yield media_views.blueprint(media)
    yield deeplink_views.blueprint(
        visits, deeplink_views.Picker(settings, tool.keys, tool.launches, media, channels)
    )
    look = deeplink_look.Look(visits, media)
    yield deeplink_look.blueprint(look)
    yield plenary_views.blueprint(look.enter, look.guard)
    yield pair_views.blueprint(visits, pair_views.Pairs(runs, tool.vault, tool.limits))
    yield deeplink_sharing.blueprint(media.store)
    yield deeplink_preparing.blueprint(visits)
    yield deeplink_teaching.blueprint(visits, teaching)
    talking = starter_views.Talking(runs, starters)
    yield starter_views.blueprint(visits, talking)
    yield starter_views.learners_blueprint(visits, talking)
    yield hearing_views.blueprint(visits, hearing_views.Hearing(runs, tool.vault))
    yield completion_views.blueprint(visits)
    mine = learner_views.blueprint(visits, learner_views.Mine(tool.privacy))
    learner_own.add_to(mine, visits, learner_own.Own(tool.privacy))
    yield mine
    yield insight_views.blueprint(visits, insight_views.Wall(tool.vault, runs, tool.limits))
    yield platform_views.blueprint(
        platform_views.Pages(settings, tool.limits, tool.keys, tool.registrations)
    )
    yield moodle_plugin.blueprint()
    yield health.blueprint(tool.keys, tool.clock)
    yield site.blueprint()
    yield metrics.blueprint(settings, tool.clock)


def note_completion(session: Session, moved: Moved) -> None:
    """Store a completion with the move that met the rule of the item, or of the preparation."""
    player = moved.player
    if not player.reports:
        return
    if moved.done if player.within is None else preparations.note(session, moved):
        outbox.record(session, learner_id=player.learner_id, link_id=player.link_id, now=moved.now)


def _log_as_json() -> None:
    logger = logging.getLogger("proeftuin")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(web.JsonLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
