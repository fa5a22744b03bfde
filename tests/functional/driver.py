"""A browser-like client for tests: it follows a launch from the sandbox LMS into the tool.

It keeps cookies as a browser does on localhost (Secure cookies over http included), follows
redirects, posts the forms that an LMS posts by itself, and sends `Origin` and `Sec-Fetch-Site` as
browsers do. It runs no JavaScript: what works here works without it.

    driver = Driver(sandbox.base_url, "moodle")
    activity = driver.add_activity("Een lastig gesprek", item="lastig-gesprek")
    page = driver.launch(activity["id"], "sam")
    page = driver.submit_form(page, "[data-next]")
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import requests

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
REDIRECTS = (301, 302, 303, 307, 308)


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


def parse(response: requests.Response) -> Element:
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


class Driver:
    """One browser, at one platform of the sandbox.

    Args:
        sandbox_url: the sandbox's base address.
        profile: "strict", "moodle" or "canvas".
        storage: keep `lti_storage_target` in the login; without JavaScript there is no storage, so
            by default the login looks like one from a browser window that offers none.
        verify: how certificates are checked, as in `requests`.
    """

    def __init__(
        self, sandbox_url: str, profile: str, *, storage: bool = False, verify: bool | str = True
    ) -> None:
        self.sandbox_url = sandbox_url
        self.profile = profile
        self.storage = storage
        self.session = BrowserSession()
        self.session.verify = verify

    # --- the sandbox's JSON interface -------------------------------------------------------------

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Call `/api/<profile>/<path>`; raises `AssertionError` with the sandbox's sentence."""
        url = f"{self.sandbox_url}/api/{self.profile}/{path}"
        answer = requests.request(method, url, json=body, timeout=30, verify=self.session.verify)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def state(self) -> dict[str, Any]:
        """Everything the platform knows (see `lti_tool.sandbox.api.state`)."""
        found: dict[str, Any] = self.api("GET", "state")
        return found

    def messages(self, kind: str = "") -> list[dict[str, Any]]:
        """The messages exchanged, newest first."""
        found: list[dict[str, Any]] = self.api(
            "GET", f"messages?kind={kind}" if kind else "messages"
        )
        return found

    def violations(self) -> list[dict[str, Any]]:
        """Every score field the platform ever saw: must be empty."""
        found: list[dict[str, Any]] = self.state()["violations"]
        return found

    def is_done(self, activity_id: int, user: str) -> bool:
        """Whether the platform shows a tick."""
        return any(
            tick["activity_id"] == activity_id and tick["user"] == user and tick["state"] >= 1
            for tick in self.state()["completions"]
        )

    def add_activity(self, title: str, **fields: Any) -> dict[str, Any]:
        """Put an activity in the course without deep linking (`item=…`, `line_item=True`, …)."""
        found: dict[str, Any] = self.api("POST", "activities", {"title": title, **fields})
        return found

    # --- a launch, step by step -------------------------------------------------------------------

    def start(self, **body: Any) -> dict[str, Any]:
        """Let the platform begin a launch; gives `method`, `url` and `fields` of the login."""
        login: dict[str, Any] = self.api("POST", "launches", body)
        if not self.storage:
            login["fields"].pop("lti_storage_target", None)
        return login

    def login(self, login: dict[str, Any]) -> requests.Response:
        """Send the login initiation; the tool's answer, redirects not followed."""
        if login["method"] == "GET":
            url = login["url"] + "?" + urlencode(login["fields"])
            return self.get(url, follow=False, page=self.sandbox_url)
        return self.post(login["url"], login["fields"], follow=False, page=self.sandbox_url)

    def authorize(self, answer: requests.Response) -> requests.Response:
        """From the tool's answer to the login to the platform's page with the signed message.

        Takes a redirect, or a page with a form or link (`data-next`, or the only form).
        """
        for _ in range(5):
            if answer.status_code in REDIRECTS:
                answer = self.get(urljoin(answer.url, answer.headers["Location"]), follow=False)
            elif origin_of(answer.url) == origin_of(self.sandbox_url):
                return answer
            else:
                answer = self.submit_form(answer, "[data-next]" if self._next(answer) else "form")
        raise AssertionError(f"the login never came back to the platform: {answer.url}")

    @staticmethod
    def _next(answer: requests.Response) -> bool:
        return bool(parse(answer).all("[data-next]"))

    def deliver(self, page: requests.Response) -> requests.Response:
        """Post the platform's signed message to the tool and follow to the final page."""
        return self.submit_form(page, "form[data-auto]")

    def launch(
        self, activity_id: int, user: str = "sam", *, recipe: Any = None, **choices: Any
    ) -> requests.Response:
        """Open an activity as `user`; the tool's final answer.

        Args:
            recipe: how the message must be bent (see `sandbox.protocol.forge.check_recipe`).
            choices: `lang`, `new_window`, `client_id`.
        """
        login = self.start(activity_id=activity_id, user=user, recipe=recipe or {}, **choices)
        return self._through(login)

    def deep_link(
        self, user: str = "tess", *, recipe: Any = None, **choices: Any
    ) -> requests.Response:
        """Start adding activities as `user`; the tool's picker."""
        login = self.start(deep_link=True, user=user, recipe=recipe or {}, **choices)
        return self._through(login)

    def _through(self, login: dict[str, Any]) -> requests.Response:
        answer = self.login(login)
        if answer.status_code >= 400:
            return answer
        return self.deliver(self.authorize(answer))

    def insert(self, picker: requests.Response, *items: str) -> requests.Response:
        """Choose `items` in the picker and hand them to the platform; the platform's page."""
        answer = self.submit_form(picker, "[data-insert]", item=list(items))
        return self.submit_form(answer, "form") if parse(answer).all("input[name=JWT]") else answer

    # --- a browser --------------------------------------------------------------------------------

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
        document = parse(response)
        element = document.one(selector)
        if element.tag == "a":
            return self.get(urljoin(response.url, element.attrs["href"]), page=response.url)
        form = element.closest("form")
        if form is None and "form" in element.attrs:
            form = document.one(f"#{element.attrs['form']}")
        assert form is not None, f"{selector} is not inside a form"
        buttons = [inside for inside in form.walk() if _submits(inside)]
        pressed = element if _submits(element) else next(iter(buttons), None)
        sent = form_fields(form, pressed)
        known = {inside.attrs.get("name") for inside in form.walk()}
        for name, value in fields.items():
            assert name in known, f"the form has no field {name}, only {known}"
            values = value if isinstance(value, list) else [] if value is None else [value]
            sent = [pair for pair in sent if pair[0] != name] + [(name, str(v)) for v in values]
        own = pressed.attrs.get("formaction") if pressed is not None else None
        url = urljoin(response.url, own or form.attrs.get("action") or response.url)
        if form.attrs.get("method", "get").lower() == "get":
            return self.get(url.partition("?")[0] + "?" + urlencode(sent), page=response.url)
        return self.post(url, sent, page=response.url)
