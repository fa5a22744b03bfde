"""The words of LTI 1.3 that several parts of the tool use: claims, scopes, ids. Pure."""

import re
from functools import lru_cache
from typing import TypeGuard
from urllib.parse import urlsplit

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
"""Start of the names of LTI's own claims (LTI Core 1.3 §5.3)."""

DEEP_LINKING_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"

PLACEMENT = "https://www.instructure.com/placement"
"""Where in the LMS a deep linking request comes from; Canvas alone says so (measured)."""

PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
"""Parts of a registration (LTI Dynamic Registration 1.0 §3)."""

SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
"""Leave to post a score message, which carries a completion and no score (AGS 2.0 §3.4.2); it
writes, and cannot read a gradebook."""

COMPLETION_SCOPE = "urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90"
"""Leave to use the completion service (docs/completion-service.md)."""

COMPLETION_URL, COMPLETION_VARIABLE = "completion_url", "$ResourceLink.completion.url"
"""The custom parameter in which a launch names the address of that service for its link, and the
value with which a registration declares it; an LMS without the service sends that back as it is."""

LINK_HISTORY = "link_history"
LINK_HISTORY_VARIABLE = "$ResourceLink.id.history"
"""The custom parameter in which a launch names the links that its own was copied from, and what an
LMS is to put there (LTI Core 1.3 appendix B.6.4)."""

MAX_ID = 255
"""Characters of `sub`, deployment, context and resource link ids (LTI Core 1.3 §5.3)."""

_HOST = re.compile(r"([\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?", re.ASCII)


def is_id(value: object) -> TypeGuard[str]:
    """Tell whether a value is 1 to 255 printable ASCII characters."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_ID
        and value.isascii()
        and value.isprintable()
    )


@lru_cache(maxsize=1024)  # every page asks it of the same three
def origin_of(url: str | None) -> str | None:
    """Return the origin of an address as browsers write and compare it (RFC 6454 §6.2).

    It can stand in a policy: whatever is no host is no origin.

    Returns:
        Scheme, host in lower case, and the port if it is not the usual one; None for what is no
        http or https address, or carries credentials.
    """
    try:
        parts = urlsplit(url or "")
        usual = {"https": 443, "http": 80}[parts.scheme]
        port = "" if parts.port in {None, usual} else f":{parts.port}"
    except (ValueError, KeyError):
        return None
    host = _HOST.fullmatch(parts.netloc.lower())
    return f"{parts.scheme}://{host[1]}{port}" if host else None
