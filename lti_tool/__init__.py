"""Proeftuin: practice situations inside the LMS that a school already has.

`create_app` is the only place that wires things together.
"""

import logging
from pathlib import Path

from flask import Flask

from lti_tool import web
from lti_tool.clock import Clock, system_clock
from lti_tool.completion import views as completion_views
from lti_tool.config import Settings, settings_from_env
from lti_tool.db import CONNECTIONS, db, migrate
from lti_tool.deeplink import views as deeplink_views
from lti_tool.experience.play import media_views
from lti_tool.experience.play import views as player_views
from lti_tool.launch import claims
from lti_tool.launch import views as launch_views
from lti_tool.launch.state import LoginStates
from lti_tool.launch.store import LaunchStore
from lti_tool.learner import views as learner_views
from lti_tool.limits import Limits
from lti_tool.ops import health, metrics
from lti_tool.platforms import views as platform_views
from lti_tool.platforms.http import HttpClient
from lti_tool.platforms.jwks import JwksCache
from lti_tool.platforms.registration import Registrations
from lti_tool.platforms.registry import Registry
from lti_tool.platforms.signing import SigningKeys
from lti_tool.platforms.tokens import ServiceTokens
from lti_tool.services import Services
from lti_tool.vault import Vault

_PAGES = (
    launch_views,
    player_views,
    media_views,
    deeplink_views,
    completion_views,
    learner_views,
    platform_views,
    health,
    metrics,
)


def create_app(settings: Settings | None = None, *, clock: Clock = system_clock) -> Flask:
    """Make the web application.

    Args:
        settings: read from the environment when left out.
        clock: the time; tests turn it.

    Raises:
        UnsafeSettings: for a setting that must not run.
    """
    settings = settings or settings_from_env()
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "hide_parameters": True,  # no person in an error
        "pool_size": CONNECTIONS,
    }
    app.config["SECRET_KEY"] = settings.secret_key
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(__file__).parent / "migrations"))
    app.extensions["proeftuin"] = _wire(settings, clock)
    web.init_app(app, settings, clock)
    for module in _PAGES:
        app.register_blueprint(module.bp)
    _log_as_json()
    return app


def _wire(settings: Settings, clock: Clock) -> Services:
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
        launches=LaunchStore(db.session, vault),
        landing={
            claims.RESOURCE_LINK_REQUEST: "player.page",
            claims.DEEP_LINKING_REQUEST: "deeplink.picker",
        },
    )


def _log_as_json() -> None:
    logger = logging.getLogger("proeftuin")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(web.JsonLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
