"""What commands and workers work with, made once by `create_app`."""

from dataclasses import dataclass

from flask import current_app

from lti_tool.clock import Clock
from lti_tool.config import Settings
from lti_tool.launch.privacy import Privacy
from lti_tool.launch.state import LoginStates
from lti_tool.launch.store import LaunchStore
from lti_tool.limits import Limits
from lti_tool.platforms.http import HttpClient
from lti_tool.platforms.jwks import JwksCache
from lti_tool.platforms.registration import Registrations
from lti_tool.platforms.registry import Registry
from lti_tool.platforms.signing import SigningKeys
from lti_tool.platforms.tokens import ServiceTokens
from lti_tool.vault import Vault


@dataclass(frozen=True, slots=True)
class Services:
    """The tool's services, wired together."""

    settings: Settings
    clock: Clock
    vault: Vault
    limits: Limits
    http: HttpClient
    registry: Registry
    registrations: Registrations
    keys: SigningKeys
    jwks: JwksCache
    tokens: ServiceTokens
    states: LoginStates
    launches: LaunchStore
    privacy: Privacy


def services() -> Services:
    """Return the services of the running app."""
    held: Services = current_app.extensions["proeftuin"]
    return held
