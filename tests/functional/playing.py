"""What functional tests do again and again: play an item to its ending, wait for the tick."""

import itertools
import time
from collections.abc import Callable, Sequence

import requests
from browsing import parse
from driver import Driver

DELIVERED_WITHIN = 20


def page(response: requests.Response) -> tuple[str, str]:
    """What the page says it is: its kind and its completion."""
    main = parse(response).one("main")
    return main.attrs.get("data-page", ""), main.attrs.get("data-completion", "")


def play_to_the_end(
    driver: Driver, response: requests.Response, turns: Sequence[int] = (0,)
) -> requests.Response:
    """Take every step forward until an ending; `turns` says which reaction to take each time."""
    choices = itertools.cycle(turns)
    for _ in range(120):
        kind, _completion = page(response)
        if kind == "ending":
            return response
        if kind == "choice":
            radios = parse(response).all("input[type=radio][name=choice]")
            chosen = radios[next(choices) % len(radios)].attrs["value"]
            response = driver.submit_form(response, "input[name=choice]", choice=chosen)
        else:
            response = driver.submit_form(response, "[data-next]")
        assert response.status_code == 200, response.text[:500]
    raise AssertionError("no ending in 120 steps")


def wait_for_tick(driver: Driver, activity: int, user: str) -> None:
    """Wait until the LMS shows that somebody is done."""
    deadline = time.monotonic() + DELIVERED_WITHIN
    while not driver.is_done(activity, user):
        assert time.monotonic() < deadline, driver.messages()[:3]
        time.sleep(0.2)


def once_delivered(ask: Callable[[], requests.Response]) -> requests.Response:
    """Ask for a page until it says so: the LMS shows its tick before its answer is noted here."""
    deadline = time.monotonic() + DELIVERED_WITHIN
    while page(answer := ask())[1] != "delivered":
        assert time.monotonic() < deadline, page(answer)
        time.sleep(0.2)
    return answer
