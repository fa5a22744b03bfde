"""The same token many times at once: one launch, and clean refusals for the rest.

In threads of one process on SQLite; through several server processes on SQLite and on PostgreSQL
in tests/functional/launch.
"""

import threading
from collections import Counter

from flask import Flask
from tinylms import TOOL, Browser, code_of, stored


def test_55_twenty_at_once(browser: Browser, tool: Flask) -> None:
    browser.launch({"sub": "someone-before"})  # the platform's keys are known
    opening = browser.login()
    claims = browser.lms.claims(opening.nonce, browser.now())
    form = {"id_token": browser.lms.sign(claims), "state": opening.state}
    name = f"__Host-lti-{opening.state[:12]}"
    cookie = browser.client.get_cookie(name, "tool.example")
    assert cookie is not None
    before = stored(tool)
    outcomes: Counter[tuple[int, str | None]] = Counter()
    start = threading.Barrier(20)

    def post() -> None:
        client = tool.test_client()
        client.set_cookie(name, cookie.value, domain="tool.example", secure=True)
        start.wait()
        response = client.post("/lti/launch", data=form, base_url=TOOL)
        outcomes[response.status_code, code_of(response)] += 1

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == {(303, None): 1, (401, "state-used"): 19}
    after = stored(tool)
    assert after["launch_session"] == before["launch_session"] + 1
    assert after["learner"] == before["learner"] + 1
