"""Deep linking: the request's settings, and the strict reading of the response.

Deep Linking 2.0 §3; what each LMS does with an item is in `profiles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lti_tool.sandbox.protocol.toolkeys import ToolKeys, check_audience, check_times, read_claims
from lti_tool.sandbox.services.exchange import DL_ITEMS, Exchange
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.records import Activity, Client, DeepLink, Intent, LineItem
from lti_tool.sandbox.world.store import Lms

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
# Characters that survive only when `data` is echoed and never rebuilt.
ODD_DATA = "csrf:{ticket};&%+ü\"<'\\"


@dataclass
class Received:
    """What a deep linking response led to."""

    deep_link: DeepLink
    created: list[Activity] = field(default_factory=list)
    left_out: list[tuple[str, Refusal]] = field(default_factory=list)
    message: str = ""


def request_settings(lms: Lms, intent: Intent) -> dict[str, Any]:
    """The `deep_linking_settings` claim, and a note of what may come back."""
    habits = lms.habits
    placement = next(p for p in habits.placements if p.name == intent.placement)
    ticket = lms.ticket()
    settings: dict[str, Any] = {
        **habits.deep_linking_settings,
        "accept_types": list(placement.accept_types),
        "accept_multiple": placement.accept_multiple,
        "auto_create": placement.auto_create,
        "deep_link_return_url": lms.url("deep_link_return")
        .replace("{deployment}", intent.client.deployment_id)
        .replace("{ticket}", ticket),
    }
    data = None
    if "data" in settings:
        data = settings["data"] = ODD_DATA.replace("{ticket}", lms.ticket())
    with lms.lock:
        lms.memory.deep_links[ticket] = DeepLink(
            intent, data, placement.accept_multiple, placement.accept_types
        )
    return {DL + "deep_linking_settings": settings}


def receive(
    lms: Lms, keys: ToolKeys, exchange: Exchange, ticket: str, token: str | None
) -> Received:
    """Check a response and put its items in the course.

    Args:
        ticket: the one-time value in the return address.
        token: the form field `JWT`.

    Raises:
        Refusal: nothing was added.
    """
    deep_link = lms.memory.deep_links.get(ticket)
    if deep_link is None:
        raise Refusal("dl_ticket")
    if deep_link.used:
        raise Refusal("dl_used")
    if not token:
        raise Refusal("jwt_missing", name="JWT")
    client = deep_link.intent.client
    exchange.shown = read_claims(token)
    claims = keys.verify(client, token)
    _check_envelope(lms, client, claims)
    _check_data(deep_link, claims)
    items = claims.get(DL_ITEMS)
    if not isinstance(items, list):
        raise Refusal("dl_items")
    if len(items) > 1 and not deep_link.accept_multiple:
        raise Refusal("dl_multiple", got=len(items))
    received = Received(deep_link, message=str(claims.get(DL + "msg") or ""))
    wanted: list[dict[str, Any]] = []
    for item in items:
        try:
            wanted.append(_checked_item(lms, client, deep_link, item, alone=len(items) == 1))
        except Refusal as refusal:
            if lms.habits.bad_item_refuses_all or len(items) == 1:
                raise
            title = item.get("title") if isinstance(item, dict) else item
            received.left_out.append((str(title)[:60], refusal))
    with lms.lock:
        _use_once(lms, deep_link, client, claims)
        received.created = [lms.add_activity(client, **fields) for fields in wanted]
    return received


def _check_envelope(lms: Lms, client: Client, claims: Mapping[str, Any]) -> None:
    """The claims around the items (Security Framework 1.0 §5.2.2)."""
    if claims.get("iss") != client.client_id:
        raise Refusal("jwt_iss", got=claims.get("iss"), want=client.client_id)
    check_audience(dict(claims), [lms.issuer])
    habits = lms.habits
    check_times(dict(claims), lms.now(), ahead=habits.issued_at_ahead, age=habits.issued_at_age)
    if not isinstance(claims.get("nonce"), str) or not claims["nonce"]:
        raise Refusal("jwt_nonce_missing")
    for name, wanted, code in (
        ("deployment_id", client.deployment_id, "dl_deployment"),
        ("message_type", "LtiDeepLinkingResponse", "dl_message_type"),
        ("version", "1.3.0", "dl_version"),
    ):
        if claims.get(LTI + name) != wanted:
            raise Refusal(code, got=claims.get(LTI + name), want=wanted)


def _check_data(deep_link: DeepLink, claims: Mapping[str, Any]) -> None:
    if deep_link.data is None and DL + "data" not in claims:
        return
    if deep_link.data is None or claims.get(DL + "data") != deep_link.data:
        raise Refusal("dl_data", got=claims.get(DL + "data"))


def _use_once(lms: Lms, deep_link: DeepLink, client: Client, claims: Mapping[str, Any]) -> None:
    """Consume the return address and the nonce; called under the lock."""
    if deep_link.used:
        raise Refusal("dl_used")
    nonce = ("response " + client.client_id, claims["nonce"])
    if nonce in lms.memory.nonces:
        raise Refusal("jwt_nonce_reused")
    lms.memory.nonces.add(nonce)
    deep_link.used = True


def _checked_item(
    lms: Lms, client: Client, deep_link: DeepLink, item: Any, *, alone: bool
) -> dict[str, Any]:
    """The arguments of `Lms.add_activity` for one content item."""
    if not isinstance(item, dict) or item.get("type") not in deep_link.accept_types:
        raise Refusal("item_type", got=item.get("type") if isinstance(item, dict) else item)
    title = item.get("title", client.name)
    if not isinstance(title, str) or not title.strip() or len(title) > 255:
        raise Refusal("item_title")
    if not isinstance(item.get("text", ""), str):
        raise Refusal("item_text", name="text")
    url = item.get("url", client.launch_url)
    if not isinstance(url, str) or urlsplit(url)[:2] != urlsplit(client.launch_url)[:2]:
        raise Refusal("item_url", got=url)
    custom = item.get("custom", {})
    if not isinstance(custom, dict):
        raise Refusal("item_custom", name=custom)
    for name, value in custom.items():
        if not isinstance(value, str):
            raise Refusal("item_custom", name=name)
    icon = item.get("icon", {"url": "-"})
    if not isinstance(icon, dict) or not isinstance(icon.get("url"), str):
        raise Refusal("item_icon")
    window = item.get("window")
    return {
        "title": title,
        "text": item.get("text", ""),
        "url": url,
        "custom": custom,
        "line_item": _line_item(lms, item.get("lineItem"), alone=alone),
        "new_window": isinstance(window, dict) and window.get("targetName") == "_blank",
    }


def _line_item(lms: Lms, wanted: Any, *, alone: bool) -> LineItem | None:
    if wanted is None:
        return None
    if not isinstance(wanted, dict):
        raise Refusal("item_line_item", got=wanted)
    for name, limit in (("label", 255), ("resourceId", 512), ("tag", 255)):
        value = wanted.get(name, "")
        if not isinstance(value, str) or len(value) > limit:
            raise Refusal("item_line_item_text", name=name, limit=limit)
    return lms.habits.check_line_item(wanted, alone)
