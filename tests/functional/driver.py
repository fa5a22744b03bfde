"""A browser that follows a launch from the sandbox LMS into the tool.

driver = Driver(sandbox.base_url, "moodle")
activity = driver.add_activity("Een lastig gesprek", item="lastig-gesprek")
page = driver.launch(activity["id"], "sam")
page = driver.submit_form(page, "[data-next]")
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urljoin

import requests
from browsing import WebBrowser, origin_of, parse

REDIRECTS = (301, 302, 303, 307, 308)


class Driver(WebBrowser):
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
        super().__init__(verify)
        self.sandbox_url = sandbox_url
        self.profile = profile
        self.storage = storage

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
