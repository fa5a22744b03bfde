"""The session that a launch opened: who is here, from where, and what the page may do.

One session per launch, named in the address and proved by a token: in a cookie of its own
where the browser keeps cookies, and otherwise in a hidden field that every page carries on to
the next. The token never stands in an address, and two tabs never mix.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, wraps
from hmac import compare_digest
from typing import Any, Concatenate, NamedTuple, ParamSpec
from urllib.parse import quote

from flask import Response, current_app, g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, select
from sqlalchemy.orm import scoped_session

from lti_tool.clock import full_hour
from lti_tool.errors import ToolError
from lti_tool.hot import Hot
from lti_tool.launch.claims import DeepLinkSettings
from lti_tool.launch.models import LaunchSession, ResourceLink
from lti_tool.launch.state import SESSION_ID_LENGTH
from lti_tool.launch.store import ABSOLUTE, IDLE, touch
from lti_tool.platforms.lti import origin_of
from lti_tool.platforms.models import ACTIVE, Platform
from lti_tool.platforms.registry import KnownPlatform, Registry
from lti_tool.vault import fingerprint, mac_with
from lti_tool.web import Frame, redirect_to

FIELD = "s"
"""Name of the hidden field that proves that a form came from one of our pages."""

MAX_COOKIES = 30
"""Session cookies that a browser keeps for us; more would not fit in a request's header."""

_PREFIX = "pt-"

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request inside a session.

    Attributes:
        session_id: names the session in addresses.
        token: proves it; goes to the browser and nowhere else.
        cookieless: whether pages must carry the token.
        platform: where the person came from.
        deployment_id: our id of the deployment.
        learner_id: our id of the person.
        link_id: our id of the resource link; None while deep linking.
        item: slug of the item that the link opens; "" or None for none.
        course: our id of the deployment and the platform's of the course, if it said so.
        line_item: where completions go by AGS, if anywhere.
        designer: whether the person builds or teaches this course.
        locale: "nl" or "en".
        return_url: the way back to the course.
        deep_linking: what the platform will take back, while deep linking.
        now: the time of the request.
    """

    session_id: str
    token: str
    cookieless: bool
    platform: KnownPlatform
    deployment_id: int
    learner_id: int
    link_id: int | None
    item: str | None
    line_item: str | None
    course: tuple[int, str] | None
    designer: bool
    locale: str
    return_url: str | None
    deep_linking: DeepLinkSettings | None
    now: datetime

    @property
    def form_token(self) -> str:
        """Value of the hidden field: proof of our page, or the token where there is no cookie."""
        return self.token if self.cookieless else _form_proof(self.token)

    @property
    def way_out(self) -> None:
        """Where a trial was begun: a visit is none."""

    def url(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page of this session."""
        return address(self.session_id, endpoint, **values)

    @property
    def at_once(self) -> bool:
        """Whether a POST is answered by the page that it leads to, and not by a redirect.

        So where a redirect would lose the token, and where a script of ours asks for it, which
        shows the page under its own address (RFC 7240 §4.2).
        """
        return self.cookieless or request.headers.get("Prefer") == "return=representation"

    def onward(self, endpoint: str, anchor: str = "", **values: Any) -> ResponseReturnValue:
        """Go to another page of this session after a POST, or to a part of it.

        A browser by itself is redirected, so that a refresh repeats nothing; see `at_once`.
        """
        if not self.at_once:
            return redirect_to(self.url(endpoint, _anchor=anchor or None, **values), 303)
        answer = _answer(endpoint, session_id=self.session_id, **values)
        return shown_at(answer, self.url(endpoint, **values), anchor)


def shown_at(answer: ResponseReturnValue, url: str, anchor: str = "") -> Response:
    """Say where the page that answers a POST has its address, and which part of it is meant."""
    response = current_app.make_response(answer)
    response.headers.setdefault("Content-Location", url)
    if anchor:
        response.headers["X-Proeftuin-Part"] = quote(anchor)
    return response


def address(session_id: str, endpoint: str, **values: Any) -> str:
    """Return the address of a page of a session."""
    if any(isinstance(value, list) for value in values.values()):
        # What somebody looks for in the picker: nothing to hold.
        return url_for(endpoint, session_id=session_id, **values)
    before, after = _around_id(endpoint, **values)
    return f"{before}{session_id}{after}"


@lru_cache(maxsize=4096)
def _around_id(endpoint: str, **values: Any) -> tuple[str, str]:
    """Return what stands before and after a session's id in an address: the same for everybody.

    Held, because building an address takes as long as ten other expressions of a template.
    """
    before, _, after = url_for(endpoint, session_id="~", **values).partition("~")
    return before, after


def host_cookie(name: str) -> str:
    """Return the full name of a cookie; `__Host-` pins it to this host over HTTPS."""
    return f"__Host-{name}" if g.settings.secure else name


def cookie_name(session_id: str) -> str:
    """Return the name of a session's cookie."""
    return host_cookie(_PREFIX + session_id)


def set_cookie(response: Response, name: str, value: str, max_age: int) -> None:
    """Set a cookie that works in a frame of another site.

    Over HTTPS: SameSite=None, Secure and Partitioned (CHIPS). Over plain HTTP, which is for
    a practice LMS on the same host only, browsers refuse those, and Lax is enough.
    """
    secure = g.settings.secure
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        secure=secure,
        samesite="None" if secure else "Lax",
        partitioned=secure,
    )


def give_session(response: Response, session_id: str, token: str) -> None:
    """Hand the session to the browser as a cookie of its own, and drop the oldest ones.

    A browser sends its oldest cookies first (RFC 6265 §5.4).
    """
    held = [name for name in request.cookies if name.startswith(host_cookie(_PREFIX))]
    for name in held[: -MAX_COOKIES + 1] if len(held) >= MAX_COOKIES else ():
        set_cookie(response, name, "", 0)
    set_cookie(response, cookie_name(session_id), token, int(ABSOLUTE.total_seconds()))


def enter(session_id: str, token: str, endpoint: str) -> ResponseReturnValue:
    """Answer the present request with a page of a session that it opened without a cookie."""
    g.entered = session_id, token
    return _answer(endpoint, session_id=session_id)


class _Held(NamedTuple):
    """What is stored of a session and its link."""

    token_hash: str
    cookieless: bool
    platform_id: int
    deployment_id: int
    learner_id: int
    link_id: int | None
    designer: bool
    locale: str
    return_url: str | None
    deep_linking: str | None
    seen_at: datetime
    expires_at: datetime
    item: str | None
    opens: str | None
    context_id: str | None
    line_item: str | None
    status: str


_HELD = Hot(
    select(
        LaunchSession.token_hash,
        LaunchSession.cookieless,
        LaunchSession.platform_id,
        LaunchSession.deployment_id,
        LaunchSession.learner_id,
        LaunchSession.link_id,
        LaunchSession.designer,
        LaunchSession.locale,
        LaunchSession.return_url,
        LaunchSession.deep_linking,
        LaunchSession.seen_at,
        LaunchSession.expires_at,
        ResourceLink.item,
        ResourceLink.opens,
        ResourceLink.context_id,
        ResourceLink.line_item,
        Platform.status,
    )
    .join(Platform, Platform.id == LaunchSession.platform_id)
    .outerjoin(ResourceLink, ResourceLink.id == LaunchSession.link_id)
    .where(LaunchSession.id == bindparam("session_id"))
)

_SESSION_ID = re.compile(rf"[A-Za-z0-9_-]{{{SESSION_ID_LENGTH}}}")


class Visits:
    """Opens the visit of each request, for the views of a session.

    Args:
        session: the database session of the present request.
        registry: who may launch us.
    """

    def __init__(self, session: scoped_session[Any], registry: Registry) -> None:
        self._session = session
        self._registry = registry

    def visiting(
        self, view: Callable[Concatenate[Visit, P], ResponseReturnValue]
    ) -> Callable[..., ResponseReturnValue]:
        """Give a view the visit that its `session_id` names, or refuse."""

        @wraps(view)
        def wrapped(session_id: str, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            return view(self.open(session_id), *args, **kwargs)

        return wrapped

    def designing(
        self, view: Callable[Concatenate[Visit, P], ResponseReturnValue]
    ) -> Callable[..., ResponseReturnValue]:
        """As `visiting`, for those who build or teach the course."""

        @wraps(view)
        def wrapped(visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not visit.designer:
                raise ToolError("role-missing")
            return view(visit, *args, **kwargs)

        return self.visiting(wrapped)

    def open(self, session_id: str) -> Visit:
        """Return the visit of the present request.

        Raises:
            ToolError: `session-unknown` without the right token, `session-expired`,
                `platform-blocked`, or `form-foreign` for a POST that is not from one of our pages.
        """
        if not _SESSION_ID.fullmatch(session_id):
            raise ToolError("session-unknown")
        found = _HELD.rows(self._session.connection(), {"session_id": session_id})
        if not found:
            raise ToolError("session-unknown")
        held = _Held(*found[0])
        token = _token(session_id, cookieless=held.cookieless)
        if not compare_digest(fingerprint(token), held.token_hash):
            raise ToolError("session-unknown")
        now: datetime = g.now
        if now >= held.expires_at or now - held.seen_at > IDLE:
            raise ToolError("session-expired")
        if request.method == "POST":
            _check_form(token, cookieless=held.cookieless)
        platform = self._registry.by_id(held.platform_id)
        if platform is None or held.status != ACTIVE:
            raise ToolError("platform-blocked")
        if full_hour(now) > held.seen_at:
            touch(self._session(), session_id, now)
            self._session.commit()
        settings = held.deep_linking and DeepLinkSettings(**json.loads(held.deep_linking))
        context_id = settings.context_id if settings else held.context_id
        visit = Visit(
            session_id=session_id,
            token=token,
            cookieless=held.cookieless,
            platform=platform,
            deployment_id=held.deployment_id,
            learner_id=held.learner_id,
            link_id=held.link_id,
            item=held.opens or held.item,
            course=(held.deployment_id, context_id) if context_id else None,
            line_item=held.line_item,
            designer=held.designer,
            locale=held.locale,
            return_url=held.return_url,
            deep_linking=settings or None,
            now=now,
        )
        g.visit = visit
        g.locale = visit.locale
        g.frame = _frame(visit)
        return visit


def _frame(visit: Visit) -> Frame:
    """Return where the pages of a visit may be shown, and where their forms may lead.

    Canvas has one issuer for all schools, each on a host of its own, so that the addresses of
    the verified launch count too.
    """
    platform = visit.platform
    urls = [platform.issuer, platform.auth_login_url, visit.return_url]
    answers = None
    if visit.deep_linking is not None:
        urls.append(visit.deep_linking.return_url)
        answers = origin_of(visit.deep_linking.return_url)
    return Frame(
        ancestors=frozenset(filter(None, map(origin_of, urls))),
        targets=frozenset(filter(None, [answers])),
    )


def _answer(endpoint: str, **values: Any) -> ResponseReturnValue:
    view = current_app.ensure_sync(current_app.view_functions[endpoint])
    answer: ResponseReturnValue = view(**values)
    return answer


def _token(session_id: str, *, cookieless: bool) -> str:
    if not cookieless:
        return request.cookies.get(cookie_name(session_id), "")
    entered: tuple[str, str] | None = g.get("entered")
    if entered is not None and entered[0] == session_id:
        return entered[1]
    return request.form.get(FIELD, "")


def _check_form(token: str, *, cookieless: bool) -> None:
    """Refuse a POST that another site made the browser send.

    SameSite=None protects nothing, so that every form carries proof, and a foreign Origin is
    refused on top.
    """
    origin = request.headers.get("Origin")
    own = g.settings.base_url
    if origin is not None and origin != own and not (cookieless and origin == "null"):
        raise ToolError("form-foreign")
    if cookieless:
        return  # the token itself came with the form
    if not compare_digest(request.form.get(FIELD, "").encode(), _form_proof(token).encode()):
        raise ToolError("form-foreign")


def _form_proof(token: str) -> str:
    return mac_with(token, "form").hex()[:32]
