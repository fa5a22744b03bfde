"""From the claims of a verified id_token to a frozen `Launch`. Pure.

Unknown claims are ignored (LTI Core 1.3 §5.1); what we do not need is not taken over: no
name, no e-mail address, no picture ever leaves this module.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from lti_tool.launch.roles import Rights, rights_of
from lti_tool.platforms import lti
from lti_tool.platforms.lti import (
    COMPLETION_URL,
    DEEP_LINKING_REQUEST,
    PLACEMENT,
    RESOURCE_LINK_REQUEST,
    SCORE_SCOPE,
    is_id,
    origin_of,
)

LTI, DEEP_LINKING, AGS = lti.CLAIM, lti.DEEP_LINKING_CLAIM, lti.AGS_CLAIM


MAX_URL = 2048
MAX_DATA = 16_384
"""Characters of the deep linking `data` that we promise to echo."""


class Refusal(Exception):
    """Claims that make no launch.

    Attributes:
        code: a key of `lti_tool.errors.PROBLEMS`.
        claim: short name of the claim at fault, for the log.
    """

    def __init__(self, code: str, claim: str) -> None:
        super().__init__(f"{code}: {claim}")
        self.code = code
        self.claim = claim


@dataclass(frozen=True, slots=True)
class DeepLinkSettings:
    """What the platform will take back (Deep Linking 2.0 §4.4.1).

    Attributes:
        return_url: where the response is posted.
        accepts_links: whether `ltiResourceLink` is among the accepted types.
        multiple: whether several items may be returned.
        line_item: accept_lineitem; None when the platform does not say.
        data: opaque text to echo, None when there was none.
        placement: where in the LMS this happens, if it says so.
        context_id: the course, if it says so.
    """

    return_url: str
    accepts_links: bool
    multiple: bool
    line_item: bool | None
    data: str | None
    placement: str | None = None
    context_id: str | None = None


@dataclass(frozen=True, slots=True)
class Launch:
    """One verified launch, in the words that the rest of the tool uses.

    Attributes:
        message_type: `RESOURCE_LINK_REQUEST` or `DEEP_LINKING_REQUEST`.
        sub: the person's id at the platform; never shown, never logged.
        rights: from the context roles.
        item: slug of the item meant, from the custom parameter `item`.
        line_item: address of the link's line item, when there is one.
        can_score: whether the platform grants the score scope.
        completion_url: address of the link's completion service, when there is one.
        copied_from: id of the link of which this one is a copy, if the platform says so.
        return_url: the way back to the course.
        locale: "nl" or "en".
        deep_linking: set for deep linking only.
    """

    message_type: str
    issuer: str
    client_id: str
    deployment_id: str
    sub: str
    rights: Rights
    context_id: str | None
    link_id: str | None
    item: str | None
    line_item: str | None
    can_score: bool
    completion_url: str | None
    copied_from: str | None
    return_url: str | None
    locale: str
    deep_linking: DeepLinkSettings | None


def read(
    claims: Mapping[str, Any],
    *,
    client_id: str,
    origin: str,
    platform_urls: Iterable[str] = (),
    plain_http: bool = False,
) -> Launch:
    """Check the LTI claims and return the launch.

    Signature, issuer, audience, time and nonce are checked before, in `adapter`.

    Args:
        claims: the payload of the id_token.
        client_id: ours at this platform.
        origin: our own origin; the target must lie under it.
        platform_urls: addresses known to be the platform's; its completion service must share
            the origin of one of them, because the address came by way of a teacher's form.
        plain_http: True for a practice LMS without TLS, whose addresses may start with http.

    Raises:
        Refusal: with the code of the error page.
    """
    for claim, check in _REQUIRED.items():
        if claim not in claims:
            raise Refusal("claims-incomplete", claim.rpartition("/")[2])
        if not check(claims[claim]):
            raise Refusal(_CODES.get(claim, "claims-malformed"), claim.rpartition("/")[2])
    message_type = claims[LTI + "message_type"]
    if message_type not in {RESOURCE_LINK_REQUEST, DEEP_LINKING_REQUEST}:
        raise Refusal("message-unknown", "message_type")
    target = claims[LTI + "target_link_uri"]
    if not under(origin, target):
        raise Refusal("claims-target", "target_link_uri")
    deep = message_type == DEEP_LINKING_REQUEST
    endpoint = _mapping(claims, AGS)
    custom = _mapping(claims, LTI + "custom")
    presentation = _mapping(claims, LTI + "launch_presentation")
    scopes = endpoint.get("scope")
    return Launch(
        message_type=message_type,
        issuer=claims["iss"],
        client_id=client_id,
        deployment_id=claims[LTI + "deployment_id"],
        sub=claims["sub"],
        rights=rights_of(claims[LTI + "roles"]),
        context_id=_optional_id(_mapping(claims, LTI + "context").get("id"), "context.id"),
        link_id=None if deep else _link_id(claims),
        item=_item(custom.get("item"), target),
        line_item=_url_or_none(endpoint.get("lineitem"), plain_http=plain_http),
        can_score=isinstance(scopes, list) and SCORE_SCOPE in scopes,
        completion_url=_completion_url(custom, platform_urls, plain_http=plain_http),
        copied_from=_before(custom.get(lti.LINK_HISTORY)),
        return_url=_url_or_none(presentation.get("return_url"), plain_http=plain_http),
        locale=language(presentation.get("locale") or claims.get("locale")),
        deep_linking=_deep_linking(claims, plain_http=plain_http) if deep else None,
    )


def is_lti(claims: Mapping[str, Any]) -> bool:
    """Tell whether claims are of an LTI message at all."""
    return any(name.startswith(LTI) for name in claims)


def under(origin: str, url: object) -> bool:
    """Tell whether `url` is an address of ours: same scheme, host and port as `origin`."""
    if not isinstance(url, str) or len(url) > MAX_URL or not url.isprintable():
        return False
    return url == origin or url.startswith((origin + "/", origin + "?"))


def language(locale: object) -> str:
    """Return "nl" or "en" for an LMS locale such as `nl`, `nl-BE`, `en_us` or `pt_br`.

    Dutch when nothing is said; English for any language that is not Dutch.
    """
    if not isinstance(locale, str) or not locale or locale.startswith("$"):
        return "nl"
    return "nl" if locale.lower().replace("_", "-").partition("-")[0] == "nl" else "en"


def _is_roles(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(role, str) for role in value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


_REQUIRED: dict[str, Callable[[object], bool]] = {
    LTI + "version": lambda value: value == "1.3.0",
    LTI + "message_type": _is_text,
    LTI + "deployment_id": is_id,
    LTI + "target_link_uri": _is_text,
    LTI + "roles": _is_roles,
    "sub": is_id,
}
"""Claims without which there is no launch (LTI Core 1.3 §5.3 and certification 6.1.1).

A missing `sub` is an anonymous launch by §5.3.6.1; we have nobody to tell the LMS about
then, and certification asks for a refusal.
"""

_CODES = {LTI + "version": "claims-incomplete"}


def _mapping(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an optional object claim; anything but an object counts as absent."""
    value = claims.get(name)
    return value if isinstance(value, dict) else {}


def _link_id(claims: Mapping[str, Any]) -> str:
    link = claims.get(LTI + "resource_link")
    if not isinstance(link, dict) or not link.get("id"):
        raise Refusal("claims-incomplete", "resource_link.id")
    if not is_id(link["id"]):
        raise Refusal("claims-malformed", "resource_link.id")
    return str(link["id"])


def _optional_id(value: object, name: str) -> str | None:
    if value is None or value == "":
        return None
    if not is_id(value):
        raise Refusal("claims-malformed", name)
    return str(value)


def _item(custom: object, target: str) -> str | None:
    """Return the item's slug; the target's query is the fallback for a lost custom value."""
    if not custom:
        custom = next(iter(parse_qs(urlsplit(target).query).get("item", [])), None)
    return str(custom) if is_id(custom) and not str(custom).startswith("$") else None


def _before(history: object) -> str | None:
    """Return the latest of a link's earlier ids (LTI Core 1.3 appendix B.6.4): it stands first.

    A platform that does not know the variable sends it as it is, or nothing.
    """
    if not isinstance(history, str) or history.startswith("$"):
        return None
    latest = unquote(history.partition(",")[0].strip())
    return latest if is_id(latest) else None


def _url_or_none(value: object, *, plain_http: bool) -> str | None:
    """Return an https address, or None for anything else, the empty string included.

    Measured on Moodle 4.5: `lineitem` can be an empty string.
    """
    if not isinstance(value, str) or not 0 < len(value) <= MAX_URL or not value.isprintable():
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    safe = parts.scheme == "https" or (plain_http and parts.scheme == "http")
    return value if safe and parts.hostname and "@" not in parts.netloc else None


def _completion_url(
    custom: Mapping[str, Any], platform_urls: Iterable[str], *, plain_http: bool
) -> str | None:
    """Return the address of the completion service, if it is the platform's own."""
    url = _url_or_none(custom.get(COMPLETION_URL), plain_http=plain_http)
    return url if url and origin_of(url) in set(map(origin_of, platform_urls)) else None


def _deep_linking(claims: Mapping[str, Any], *, plain_http: bool) -> DeepLinkSettings:
    settings = claims.get(DEEP_LINKING)
    if not isinstance(settings, dict):
        raise Refusal("claims-incomplete", "deep_linking_settings")
    return_url = _url_or_none(settings.get("deep_link_return_url"), plain_http=plain_http)
    if return_url is None:
        raise Refusal("claims-incomplete", "deep_link_return_url")
    types = settings.get("accept_types")
    if not isinstance(types, list):
        raise Refusal("claims-incomplete", "accept_types")
    data = settings.get("data")
    if data is not None and (not isinstance(data, str) or len(data) > MAX_DATA):
        raise Refusal("claims-malformed", "data")
    placement = claims.get(PLACEMENT)
    line_item = _yes(settings["accept_lineitem"]) if "accept_lineitem" in settings else None
    return DeepLinkSettings(
        return_url=return_url,
        accepts_links="ltiResourceLink" in types,
        multiple=_yes(settings.get("accept_multiple")),
        line_item=line_item,
        data=data,
        placement=placement if isinstance(placement, str) else None,
        context_id=_optional_id(_mapping(claims, LTI + "context").get("id"), "context.id"),
    )


def _yes(value: object) -> bool:
    """Read a boolean; some platforms send it as text."""
    return value is True or value == "true"
