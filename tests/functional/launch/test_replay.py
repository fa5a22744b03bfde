"""Row 55: one token twenty times at once through several worker processes, on both databases."""

import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from sqlalchemy import create_engine, text
from tinylms import LTI, Lms


def login(url: str, lms: Lms) -> tuple[str, str, dict[str, str]]:
    """Log in and return state, nonce and the browser's cookies."""
    params = lms.login_params(target_link_uri=f"{url}/lti/launch")
    response = requests.post(f"{url}/lti/login", data=params, allow_redirects=False, timeout=10)
    assert response.status_code == 302, response.text
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    return query["state"][0], query["nonce"][0], dict(response.cookies)


def form(url: str, lms: Lms, state: str, nonce: str, **changes: Any) -> dict[str, str]:
    target = {LTI + "target_link_uri": f"{url}/lti/launch"}
    claims = lms.claims(nonce, time.time(), **(target | changes))
    return {"state": state, "id_token": lms.sign(claims)}


def test_55_twenty_at_once(server: Any, lms: Lms, new_database_url: str) -> None:
    for round_number in range(3):
        state, nonce, cookies = login(server.url, lms)
        body = form(server.url, lms, state, nonce, sub=f"learner-{round_number}")
        outcomes: Counter[tuple[int, str | None]] = Counter()
        start = threading.Barrier(20)

        def post(
            body: dict[str, str] = body,
            cookies: dict[str, str] = cookies,
            outcomes: Counter[tuple[int, str | None]] = outcomes,
            start: threading.Barrier = start,
        ) -> None:
            start.wait()
            response = requests.post(
                f"{server.url}/lti/launch",
                data=body,
                cookies=cookies,
                allow_redirects=False,
                timeout=30,
            )
            code = response.headers.get("X-Proeftuin-Error")
            outcomes[response.status_code, code] += 1

        threads = [threading.Thread(target=post) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert outcomes == {(303, None): 1, (401, "state-used"): 19}
    engine = create_engine(new_database_url)
    with engine.connect() as connection:
        for table in ("launch_session", "learner"):
            assert connection.scalar(text(f"select count(*) from {table}")) == 3
    engine.dispose()


def test_a_state_given_out_by_one_process_is_good_in_all(server: Any, lms: Lms) -> None:
    for _ in range(12):
        state, nonce, cookies = login(server.url, lms)
        response = requests.post(
            f"{server.url}/lti/launch",
            data=form(server.url, lms, state, nonce),
            cookies=cookies,
            allow_redirects=False,
            timeout=10,
        )
        assert response.status_code == 303, response.text


def test_forty_people_at_once(server: Any, lms: Lms, new_database_url: str) -> None:
    """First launches of one course: everybody gets in, and the link is stored once.

    The LMS's keys are known: what a class sees that waits for slow ones stands in `test_jwks`.
    """
    state, nonce, cookies = login(server.url, lms)
    first = form(server.url, lms, state, nonce, sub="learner-0")
    requests.post(
        f"{server.url}/lti/launch", data=first, cookies=cookies, allow_redirects=False, timeout=30
    )
    prepared = []
    for number in range(40):
        state, nonce, cookies = login(server.url, lms)
        prepared.append((form(server.url, lms, state, nonce, sub=f"learner-{number}"), cookies))
    statuses: Counter[int] = Counter()
    start = threading.Barrier(40)

    def post(body: dict[str, str], cookies: dict[str, str]) -> None:
        start.wait()
        response = requests.post(
            f"{server.url}/lti/launch",
            data=body,
            cookies=cookies,
            allow_redirects=False,
            timeout=30,
        )
        statuses[response.status_code] += 1

    threads = [threading.Thread(target=post, args=one) for one in prepared]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == {303: 40}
    engine = create_engine(new_database_url)
    with engine.connect() as connection:
        counts = {
            table: connection.scalar(text(f"select count(*) from {table}"))
            for table in ("learner", "resource_link", "launch_session")
        }
    engine.dispose()
    assert counts == {"learner": 40, "resource_link": 1, "launch_session": 41}
