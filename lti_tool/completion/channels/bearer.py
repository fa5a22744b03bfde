"""What the channels with an access token have in common: asking, and reading the answer."""

import json
from collections.abc import Callable
from typing import Any

from lti_tool.completion.channels.base import AnyPlatform, Outcome
from lti_tool.completion.findings import FAILS, FINE, Finding, refused_address
from lti_tool.platforms.http import Answer, RefusedAddress, Unreachable
from lti_tool.platforms.signing import KeyFileUnsafe
from lti_tool.platforms.tokens import ServiceTokens, TokenRefused, is_throttled

_PASSES = {408, 425}

TOKEN = "access token"  # noqa: S105 - the name of a part, no secret


def ask(
    tokens: ServiceTokens,
    platform: AnyPlatform,
    scope: str,
    request: Callable[[str], Answer],
    *,
    renew_on: frozenset[int] = frozenset({401}),
) -> Answer | Outcome:
    """Send a request with an access token; a token that was refused is renewed once.

    Args:
        tokens: access tokens.
        platform: whom to ask.
        scope: what the token must allow.
        request: sends the request with the token that it is given.
        renew_on: statuses by which this service refuses a token.

    Returns:
        The answer, or why there is none.
    """
    try:
        answer = request(tokens.get(platform, (scope,)))
        if answer.status in renew_on and not is_throttled(answer):
            answer = request(tokens.get(platform, (scope,), fresh=True))
    except TokenRefused as refusal:
        return _without_token(refusal)
    except RefusedAddress:
        return Outcome("address-refused")
    except Unreachable:
        return Outcome("unreachable")
    except KeyFileUnsafe:
        return Outcome("key-unusable")
    return answer


def failure(answer: Answer) -> Outcome | None:
    """Return what a failure of the LMS as a whole means for a delivery; None for none of those.

    A redirect or a page with status 200 is one: a login form, maintenance, a proxy.
    """
    later = answer.headers.get("retry-after", "")
    if is_throttled(answer):
        return Outcome("throttled", later)
    if answer.ok:
        return None if said(answer) is not None else Outcome("server-error", later)
    if answer.status < 400 or answer.status >= 500 or answer.status in _PASSES:
        return Outcome("server-error", later)
    return None


def said(answer: Answer) -> dict[str, Any] | None:
    """Return what a service said: a JSON object, empty for an empty answer.

    Anything else is no answer of a service: a page, in whatever encoding, or plain text.
    """
    if not answer.body.strip():
        return {}
    try:
        body = json.loads(answer.body.decode())
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def is_error(body: dict[str, Any]) -> bool:
    """Tell whether an object says that something went wrong, whatever the status said."""
    return "error" in body or "errors" in body


def examine_token(tokens: ServiceTokens, platform: AnyPlatform, scope: str) -> Finding | None:
    """Ask for a token: it proves that the LMS can read our keys, too.

    Returns:
        None when the LMS knows us and does not grant this scope.
    """
    url = platform.auth_token_url
    try:
        tokens.get(platform, (scope,), fresh=True)
    except TokenRefused as refusal:
        if refusal.error == "invalid_scope":
            return None
        return Finding(FAILS, TOKEN, _why_refused(url, refusal))
    except RefusedAddress as reason:
        return refused_address(TOKEN, url, reason)
    except Unreachable as reason:
        return Finding(FAILS, TOKEN, f"{url} does not answer ({reason}); check --auth-token-url")
    except KeyFileUnsafe as reason:
        return Finding(FAILS, TOKEN, str(reason))
    return Finding(FINE, TOKEN, f"granted, scope {scope.rpartition('/')[2]}")


def _without_token(refusal: TokenRefused) -> Outcome:
    if refusal.throttled:
        return Outcome("throttled", refusal.retry_after)
    if not 400 <= refusal.status < 500 and refusal.error != "invalid_scope":
        return Outcome("server-error", refusal.retry_after)
    return Outcome("scope-refused" if refusal.error == "invalid_scope" else "token-refused")


def _why_refused(url: str, refusal: TokenRefused) -> str:
    if refusal.throttled:
        return "the LMS asks us to slow down; run this again in a minute"
    if not 400 <= refusal.status < 500:
        return (
            f"{url} answers with a page (HTTP {refusal.status}) instead of a token; check "
            "--auth-token-url, or the LMS is being maintained"
        )
    return (
        f"the LMS refuses (HTTP {refusal.status} {refusal.error}".rstrip()
        + "); check that the client id is right, that the tool is enabled there, and that the "
        "LMS can reach our keyset address, which 'proeftuin platforms show' and the start page "
        "of this tool name"
    )
