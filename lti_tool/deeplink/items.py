"""From chosen entries to content items and the claims of the response. Pure.

Deep Linking 2.0 §3.1 and §4.5. PyLTI1p3's own builder leaves out `text`, writes
`"data": null` where the platform sent none, and emits no `label`; so the claims are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"

END_OF_DAY = time(21, 59, tzinfo=UTC)
"""Late on the same day in Amsterdam and Brussels, in summer and in winter."""

LIFETIME_SECONDS = 300
"""Canvas refuses a response older than five minutes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the response needs to know of one chosen item.

    Attributes:
        slug: travels in the custom parameter `item`, so that a copied course keeps it.
        title: in the item's own language.
        summary: plain text.
        day: by when it is to be done; None for any time.
    """

    slug: str
    title: str
    summary: str
    day: date | None = None


def content_item(
    choice: Choice,
    *,
    launch_url: str,
    icon_url: str,
    line_item: int | None,
    title_limit: int,
    dates: bool = True,
) -> dict[str, Any]:
    """Return one `ltiResourceLink` content item.

    Args:
        choice: the chosen item.
        launch_url: the tool's one launch URL.
        icon_url: an icon that resolves; Moodle shows a broken image otherwise.
        line_item: `scoreMaximum` of the line item to bring along, or None for none. No score
            is ever sent against it; some platforms need one to be told of a completion.
        title_limit: characters that the platform stores.
        dates: whether the platform keeps the date by which it is to be done.
    """
    title = _shorten(choice.title, title_limit)
    item: dict[str, Any] = {
        "type": "ltiResourceLink",
        "title": title,
        "text": choice.summary,
        "url": launch_url,
        "icon": {"url": icon_url, "width": 64, "height": 64},
        "custom": {"item": choice.slug},
    }
    if dates and choice.day is not None:
        # Nothing closes on that day: `available` would end the activity itself.
        end = datetime.combine(choice.day, END_OF_DAY)
        item["submission"] = {"endDateTime": end.isoformat()}
    if line_item is not None:
        item["lineItem"] = {
            "scoreMaximum": line_item,
            "label": title,
            "resourceId": choice.slug,
            "tag": "completion",
        }
    return item


def response_claims(
    items: Sequence[dict[str, Any]],
    *,
    issuer: str,
    client_id: str,
    deployment_id: str,
    data: str | None,
    nonce: str,
    now: int,
    error: str = "",
    log: str = "",
) -> dict[str, Any]:
    """Return the claims of the deep linking response; an empty list means cancelled.

    Args:
        items: content items, in the order chosen.
        issuer: the platform's, which becomes the audience.
        client_id: ours at the platform, which becomes the issuer.
        deployment_id: the one that asked.
        data: echoed exactly when the platform sent it, absent otherwise.
        nonce: one-time.
        now: Unix time in seconds.
        error: why nothing can be chosen, for the platform to show its user (§4.5); "" for
            nothing.
        log: the same for the platform's log.
    """
    claims: dict[str, Any] = {
        "iss": client_id,
        "aud": issuer,
        "iat": now,
        "exp": now + LIFETIME_SECONDS,
        "nonce": nonce,
        LTI + "deployment_id": deployment_id,
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        DL + "content_items": list(items),
    }
    if data is not None:
        claims[DL + "data"] = data
    if error:
        claims |= {DL + "errormsg": error, DL + "errorlog": log}
    return claims


def _shorten(title: str, limit: int) -> str:
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"
