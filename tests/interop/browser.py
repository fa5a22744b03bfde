"""A browser as far as an LTI story needs one: cookies per host, redirects, links and forms.

It follows what a page says and runs no script. Like a browser it sends `Origin` and `Referer`
(obeying `Referrer-Policy`), keeps `Secure` cookies on loopback addresses, and turns a redirected
POST into a GET. It does not hold back `SameSite` cookies: third-party cookies are a matter for a
real browser.
"""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header

REDIRECTS = {301, 302, 303, 307, 308}
MAX_HOPS = 10
MAX_STEPS = 120
ANSWER = "Ik vraag eerst wat er aan de hand is."

Attributes = dict[str, str]


@dataclass
class Control:
    """One form control: `attributes` as written, `text` for a textarea."""

    tag: str
    attributes: Attributes
    text: str = ""

    @property
    def type(self) -> str:
        """The kind of control: `radio`, `checkbox`, `submit`, `textarea`, …"""
        default = {"input": "text", "button": "submit"}.get(self.tag, self.tag)
        return self.attributes.get("type", default).lower() if self.tag != "select" else "select"

    @property
    def name(self) -> str:
        """The name it is sent under, empty when it is not sent."""
        return self.attributes.get("name", "")

    @property
    def value(self) -> str:
        """The value it is sent with."""
        if self.tag == "textarea":
            return self.text
        default = "on" if self.type in {"radio", "checkbox"} else ""
        return self.attributes.get("value", default)


@dataclass
class Form:
    """One form with its controls, also those that name it with their `form` attribute."""

    attributes: Attributes
    controls: list[Control] = field(default_factory=list)

    def of_type(self, kind: str) -> list[Control]:
        """Return the enabled controls of one type."""
        return [c for c in self.controls if c.type == kind and "disabled" not in c.attributes]

    def defaults(self) -> list[tuple[str, str]]:
        """Return what is sent when nothing is touched, buttons left out."""
        sent = []
        for control in self.controls:
            if not control.name or "disabled" in control.attributes:
                continue
            if control.type in {"submit", "button", "reset", "image", "select", "file"}:
                continue
            if control.type in {"radio", "checkbox"} and "checked" not in control.attributes:
                continue
            sent.append((control.name, control.value))
        return sent


class _Parser(HTMLParser):
    """Collects the forms, the links and the attributes of `<main>`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.main: Attributes = {}
        self.forms: list[Form] = []
        self.links: list[Attributes] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._textarea: Control | None = None
        self._silent = 0
        self._adopted: list[tuple[str, Control]] = []
        self.feed(html)
        self.close()
        for owner, control in self._adopted:
            for form in self.forms:
                if form.attributes.get("id") == owner:
                    form.controls.append(control)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "main":
            self.main = attributes
        elif tag == "form":
            self._form = Form(attributes)
            self.forms.append(self._form)
        elif tag == "a" and "href" in attributes:
            self.links.append(attributes)
        elif tag in {"script", "style"}:
            self._silent += 1
        elif tag in {"input", "button", "textarea", "select"}:
            control = Control(tag, attributes)
            if "form" in attributes:
                self._adopted.append((attributes["form"], control))
            elif self._form is not None:
                self._form.controls.append(control)
            if tag == "textarea":
                self._textarea = control

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._textarea = None
        elif tag in {"script", "style"}:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.text += data
        elif not self._silent and data.strip():
            self.text.append(data.strip())


class Page:
    """What one address answered, with the parts that a person could use."""

    def __init__(self, response: requests.Response) -> None:
        self.url = response.url
        self.status = response.status_code
        self.headers = response.headers
        parsed = _Parser(response.text)
        self.main = parsed.main
        self.forms = parsed.forms
        self.links = parsed.links
        self.text = " ".join(parsed.text)

    @property
    def kind(self) -> str:
        """What the tool says this page is (`data-page`), empty for a page that does not say."""
        return self.main.get("data-page", "")

    @property
    def completion(self) -> str:
        """What the tool says about the completion (`data-completion`)."""
        return self.main.get("data-completion", "")

    def form_with(self, kind: str) -> Form | None:
        """Return the first form that has a control of this type."""
        return next((form for form in self.forms if form.of_type(kind)), None)

    def marked(self, mark: str) -> tuple[Form, Control] | None:
        """Return the first form with a submit button that carries the attribute `mark`."""
        for form in self.forms:
            for button in form.of_type("submit"):
                if mark in button.attributes:
                    return form, button
        return None

    def __repr__(self) -> str:
        """Summarise the page for a failing test."""
        error = self.main.get("data-error", "")
        return f"{self.status} {self.url} page={self.kind!r} error={error!r}: {self.text[:600]}"


class Browser:
    """One person's browser."""

    def __init__(self, language: str = "nl") -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._language = language
        loopback_is_secure = DefaultCookiePolicy(secure_protocols=("http", "https"))
        self._cookies = RequestsCookieJar(policy=loopback_is_secure)

    def open(self, url: str, *, came_from: Page | None = None) -> Page:
        """Go to an address, as typed or by a link on `came_from`."""
        return self._go("GET", url, None, came_from)

    def follow(self, page: Page, link: Attributes) -> Page:
        """Click a link."""
        return self.open(urljoin(page.url, link["href"]), came_from=page)

    def submit(
        self,
        page: Page,
        form: Form,
        *,
        button: Control | None = None,
        fields: list[tuple[str, str]] | None = None,
    ) -> Page:
        """Send a form.

        Args:
            page: where the form stands.
            form: the form.
            button: what was pressed; its name, value and `formaction` count.
            fields: names and values to send instead of the form's own with those names.
        """
        replaced = {name for name, _ in fields or []}
        sent = [(n, v) for n, v in form.defaults() if n not in replaced] + (fields or [])
        if button is not None and button.name:
            sent.append((button.name, button.value))
        pressed = button.attributes if button is not None else {}
        assert "multipart" not in form.attributes.get("enctype", ""), "no uploads in this story"
        action = pressed.get("formaction") or form.attributes.get("action") or page.url
        method = (pressed.get("formmethod") or form.attributes.get("method") or "get").upper()
        return self._go(method, urljoin(page.url, action), sent, page)

    def _go(
        self, method: str, url: str, fields: list[tuple[str, str]] | None, came_from: Page | None
    ) -> Page:
        for _ in range(MAX_HOPS):
            response = self._send(method, url, fields, came_from)
            if response.status_code not in REDIRECTS or "Location" not in response.headers:
                return Page(response)
            url = urljoin(url, response.headers["Location"])
            if response.status_code not in {307, 308}:
                method, fields = "GET", None
        raise AssertionError(f"more than {MAX_HOPS} redirects, last to {url}")

    def _send(
        self, method: str, url: str, fields: list[tuple[str, str]] | None, came_from: Page | None
    ) -> requests.Response:
        headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": self._language}
        headers |= _referring_headers(method, url, came_from)
        prepared = requests.Request(
            method,
            url,
            params=fields if method == "GET" else None,
            data=fields if method == "POST" else None,
            headers=headers,
        ).prepare()
        cookies = get_cookie_header(self._cookies, prepared)
        if cookies:
            prepared.headers["Cookie"] = cookies
        response = self._session.send(prepared, allow_redirects=False, timeout=30)
        extract_cookies_to_jar(self._cookies, prepared, response.raw)
        return response


def _referring_headers(method: str, url: str, came_from: Page | None) -> dict[str, str]:
    """Return `Origin` and `Referer` as the Fetch standard has browsers send them (http only)."""
    if came_from is None:
        return {}
    origin = _origin(came_from.url)
    same = origin == _origin(url)
    policy = came_from.headers.get("Referrer-Policy", "strict-origin-when-cross-origin")
    hidden = policy == "no-referrer" or (policy == "same-origin" and not same)
    headers = {}
    if method != "GET":
        headers["Origin"] = "null" if hidden else origin
    if not hidden:
        headers["Referer"] = came_from.url if same else f"{origin}/"
    return headers


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def arrive(browser: Browser, page: Page) -> Page:
    """Submit the forms that a browser submits by itself, until the tool shows a page of its own.

    Those are the platform's form with the id_token and whatever the tool puts between its launch
    and its first page. A page with more or fewer than one form is a place to stop.
    """
    for _ in range(MAX_HOPS):
        if page.kind or len(page.forms) != 1 or page.status != requests.codes.ok:
            return page
        page = browser.submit(page, page.forms[0])
    raise AssertionError(f"no end to the forms that submit themselves: {page}")


def play(browser: Browser, page: Page) -> Page:
    """Play an item to its ending by what its pages say, and return the ending.

    Each time a choice returns, the next reaction is tried, so that no circle holds us.
    """
    visits: Counter[str] = Counter()
    for _ in range(MAX_STEPS):
        if page.kind == "ending":
            return page
        assert page.status == requests.codes.ok and page.kind not in {"", "error"}, page
        page = _step(browser, page, visits)
    raise AssertionError(f"no ending within {MAX_STEPS} steps: {page}")


def _step(browser: Browser, page: Page, visits: Counter[str]) -> Page:
    choice = page.form_with("radio")
    if choice is not None:
        [button] = choice.of_type("submit")
        radios = choice.of_type("radio")
        taken = radios[visits[page.text] % len(radios)]
        visits[page.text] += 1
        return browser.submit(page, choice, button=button, fields=[(taken.name, taken.value)])
    onward = page.marked("data-next")
    if onward is not None:
        form, button = onward
        written = [(area.name, ANSWER) for area in form.of_type("textarea")]
        return browser.submit(page, form, button=button, fields=written)
    link = next((link for link in page.links if "data-next" in link), None)
    assert link is not None, f"no way forward: {page}"
    return browser.follow(page, link)
