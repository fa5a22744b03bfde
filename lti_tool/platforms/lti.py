"""Names that LTI fixes: claims, scopes, message types, and what an id may look like. Pure."""

from typing import TypeGuard

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
"""Prefix of the claims of LTI Core 1.3 §5.3."""

DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"

SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
"""The right to report progress (AGS 2.0 §3.4.2); it writes, and cannot read a gradebook."""

COMPLETION_SCOPE = "urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90"
"""The right to report completions without a score; see docs/completion-service.md."""

MAX_ID = 255
"""Characters of `sub`, deployment, context and resource link ids (LTI Core 1.3 §5.3)."""


def is_id(value: object) -> TypeGuard[str]:
    """Tell whether a value is 1 to 255 printable ASCII characters."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_ID
        and value.isascii()
        and value.isprintable()
    )
