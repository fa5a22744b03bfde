"""A browser for tests: pages as trees, forms as they are sent, and cookies as on localhost.

It keeps cookies as a browser does on localhost (Secure cookies over http included), follows
redirects, and sends `Origin` and `Sec-Fetch-Site` as browsers do. It runs no JavaScript: what works
here works without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol
from urllib.parse import urlencode, urljoin, urlsplit

import requests

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Element:
    """One HTML element with its attributes, children and text."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    parent: Element | None = field(default=None, repr=False)
    children: list[Element] = field(default_factory=list, repr=False)
    words: list[str] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        """All text inside, spaces collapsed."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self) -> list[str]:
        found = list(self.words)
        for child in self.children:
            found += child._texts()
        return found

    def walk(self) -> list[Element]:
        """This element and everything inside it, in document order."""
        found = [self]
        for child in self.children:
            found += child.walk()
        return found

    def all(self, selector: str) -> list[Element]:
        """Every element inside that matches: `tag`, `#id`, `.class`, `[name]`, `[name=value]`.

        Parts can be joined (`input[name=item]`); there are no spaces or commas.
        """
        return [element for element in self.walk() if element.matches(selector)]

    def one(self, selector: str) -> Element:
        """The first element that matches; raises `AssertionError` when there is none."""
        found = self.all(selector)
        assert found, f"no {selector} in: {self.text[:400]}"
        return found[0]

    def matches(self, selector: str) -> bool:
        """Whether this element fits `selector` (see `all`)."""
        parts = re.findall(r"^[\w-]+|#[\w-]+|\.[\w-]+|\[[^\]]+\]", selector)
        assert "".join(parts) == selector, f"selector not understood: {selector}"
        return all(self._fits(part) for part in parts)

    def _fits(self, part: str) -> bool:
        if part[0] == "#":
            return self.attrs.get("id") == part[1:]
        if part[0] == ".":
            return part[1:] in self.attrs.get("class", "").split()
        if part[0] == "[":
            name, has_value, value = part[1:-1].partition("=")
            return name in self.attrs and (not has_value or self.attrs[name] == value.strip("\"'"))
        return self.tag == part

    def closest(self, tag: str) -> Element | None:
        """This element or the nearest one around it with that tag."""
        element: Element | None = self
        while element is not None and element.tag != tag:
            element = element.parent
        return element


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document")
        self._open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in VOID:
            self._open = element

    def handle_endtag(self, tag: str) -> None:
        around = self._open.closest(tag)
        if around is not None and around.parent is not None:
            self._open = around.parent

    def handle_data(self, data: str) -> None:
        if self._open.tag not in ("script", "style"):
            self._open.words.append(data)


class Answer(Protocol):
    """What both `requests` and Flask's test client answer."""

    @property
    def text(self) -> str:
        """The body, decoded."""


def parse(response: Answer) -> Element:
    """The page as a tree of elements."""
    builder = _Builder()
    builder.feed(response.text)
    return builder.root


def form_fields(form: Element, pressed: Element | None = None) -> list[tuple[str, str]]:
    """What a browser would send for `form`, untouched, with the button `pressed`."""
    sent: list[tuple[str, str]] = []
    for element in form.walk():
        name = element.attrs.get("name", "")
        if not name or "disabled" in element.attrs:
            continue
        kind = element.attrs.get("type", "text").lower()
        if element.tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in element.attrs:
                sent.append((name, element.attrs.get("value", "on")))
        elif element.tag == "input" and kind not in ("submit", "button", "image", "reset", "file"):
            sent.append((name, element.attrs.get("value", "")))
        elif element.tag == "textarea":
            sent.append((name, "".join(element.words)))
        elif element.tag == "select":
            options = element.all("option")
            chosen = [option for option in options if "selected" in option.attrs] or options[:1]
            sent += [(name, option.attrs.get("value", option.text)) for option in chosen]
    if pressed is not None and pressed.attrs.get("name"):
        sent.append((pressed.attrs["name"], pressed.attrs.get("value", "")))
    return sent


def _submits(element: Element) -> bool:
    """Whether pressing this element sends its form."""
    kind = element.attrs.get("type", "submit" if element.tag == "button" else "text")
    return element.tag in ("button", "input") and kind in ("submit", "image")


@dataclass(frozen=True)
class Sending:
    """What a browser sends when a link is followed or a form is submitted.

    Attributes:
        action: the address, relative to the page; "" for the page's own.
    """

    method: str
    action: str
    fields: list[tuple[str, str]]


def sending(document: Element, at: str | Element, **fields: Any) -> Sending:
    """What pressing a button, submitting a form or following a link sends.

    Args:
        document: the page.
        at: an element or what finds one: a form, something inside one (a button is pressed), or
            a link.
        fields: values to fill in; a list fills a field several times, None leaves it out.

    Raises:
        AssertionError: nothing fits, or a field is not in the form.
    """
    element = document.one(at) if isinstance(at, str) else at
    if element.tag == "a":
        return Sending("get", element.attrs["href"], [])
    form = element.closest("form")
    if form is None and "form" in element.attrs:
        form = document.one(f"#{element.attrs['form']}")
    assert form is not None, f"{at} is not inside a form"
    buttons = [inside for inside in form.walk() if _submits(inside)]
    pressed = element if _submits(element) else next(iter(buttons), None)
    sent = form_fields(form, pressed)
    known = {inside.attrs.get("name") for inside in form.walk()}
    for name, value in fields.items():
        assert name in known, f"the form has no field {name}, only {known}"
        values = value if isinstance(value, list) else [] if value is None else [value]
        sent = [pair for pair in sent if pair[0] != name] + [(name, str(v)) for v in values]
    own = pressed.attrs.get("formaction") if pressed is not None else None
    method = form.attrs.get("method", "get").lower()
    return Sending(method, own or form.attrs.get("action", ""), sent)


def origin_of(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class BrowserSession(requests.Session):
    """A session that sends Secure cookies over http too, as browsers do on localhost."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """As in `requests`, but with this jar and not with a copy that has lost its policy."""
        prepared = super().prepare_request(request)
        prepared.headers.pop("Cookie", None)
        prepared.prepare_cookies(self.cookies)
        return prepared


class WebBrowser:
    """One browser, over real HTTP.

    Args:
        verify: how certificates are checked, as in `requests`.
    """

    def __init__(self, verify: bool | str = True) -> None:
        self.session = BrowserSession()
        self.session.verify = verify

    def take_cookies(self, cookies: Iterable[Mapping[str, Any]]) -> None:
        """Go on where a real browser is: its cookies, as Playwright tells them."""
        for one in cookies:
            where = {"domain": one["domain"], "path": one["path"], "secure": one["secure"]}
            self.session.cookies.set(one["name"], one["value"], **where)

    def get(self, url: str, *, follow: bool = True, page: str = "") -> requests.Response:
        """Go to `url`, from a link on `page`."""
        headers = {
            "Accept": "text/html",
            "Sec-Fetch-Site": self._site(page, url) if page else "none",
        }
        return self.session.get(url, headers=headers, allow_redirects=follow, timeout=60)

    def post(
        self, url: str, fields: Any, *, follow: bool = True, page: str = ""
    ) -> requests.Response:
        """Post `fields` from a form on `page`."""
        headers = {"Accept": "text/html"}
        if page:
            headers |= {"Origin": origin_of(page), "Sec-Fetch-Site": self._site(page, url)}
            if origin_of(page) == origin_of(url):
                headers["Referer"] = page
        return self.session.post(
            url, data=fields, headers=headers, allow_redirects=follow, timeout=60
        )

    @staticmethod
    def _site(page: str, url: str) -> str:
        """`Sec-Fetch-Site`; ports do not make a site, hosts do."""
        if origin_of(page) == origin_of(url):
            return "same-origin"
        same = urlsplit(page).hostname == urlsplit(url).hostname
        return "same-site" if same else "cross-site"

    def submit_form(
        self, response: requests.Response, selector: str, **fields: Any
    ) -> requests.Response:
        """Submit a form, press a button, or follow a link.

        Args:
            response: the page.
            selector: finds a form, something inside one (a button is pressed), or a link.
            fields: values to fill in; a list fills a field several times, None leaves it out.

        Raises:
            AssertionError: nothing fits, or a field is not in the form.
        """
        sent = sending(parse(response), selector, **fields)
        url = urljoin(response.url, sent.action or response.url)
        if sent.method == "post":
            return self.post(url, sent.fields, page=response.url)
        if sent.fields:
            url = url.partition("?")[0] + "?" + urlencode(sent.fields)
        return self.get(url, page=response.url)
