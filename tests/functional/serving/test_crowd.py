"""SQLite with a crowd: sixteen learners at once, and none is told that the database is locked."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from visits import GARDEN, Browser, School

LEARNERS, SECONDS = 16, 4.0


@pytest.fixture
def crowd(app: Flask, school: School) -> list[Browser]:
    school.publish(GARDEN)
    return [school.launch("tuin", f"learner-{number}") for number in range(LEARNERS)]


def test_sixteen_learners_at_once_write_without_a_lock_in_their_way(crowd, tmp_path: Path):
    deadline = time.monotonic() + SECONDS
    together = threading.Barrier(LEARNERS)

    def play(browser: Browser) -> list[int]:
        seen = []
        together.wait()
        while time.monotonic() < deadline:
            browser.open()
            if browser.page == "ending":
                browser.press("[data-replay]")
            elif browser.page == "choice":
                browser.choose(browser.html.one("input[type=radio]").attrs["value"])
            else:
                browser.onward()
            seen.append(browser.response.status_code)
        return seen

    with ThreadPoolExecutor(LEARNERS) as hands:
        seen = [status for statuses in hands.map(play, crowd) for status in statuses]
    assert set(seen) == {200}
    assert len(seen) > 3 * LEARNERS
