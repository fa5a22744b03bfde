"""Connecting an LMS to the tool, as an operator does."""

from typing import Any

from lti_tool.db import db
from lti_tool.platforms.models import Platform
from lti_tool.services import services


def connect(name: str = "school", at: str = "https://lms.example", **changes: Any) -> Platform:
    """Register an LMS whose endpoints all lie under `at`; call inside an app context."""
    values = {
        "issuer": at,
        "client_id": "tool",
        "auth_login_url": f"{at}/auth",
        "auth_token_url": f"{at}/token",
        "jwks_url": f"{at}/jwks",
        "deployment_ids": ("1",),
    }
    made = services().registry.add(name=name, **(values | changes))
    db.session.commit()
    return made
