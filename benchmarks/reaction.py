"""What a reaction costs: choosing, storing it, reading the feedback; beside a plain Flask floor.

    .venv/bin/python benchmarks/reaction.py [ROUNDS] [REACTIONS]

The item is one that ships. A browser sends a reaction by our script and is answered with the page;
without the script it is redirected to it, as on the floor. The floor stores one column in one
commit, and renders a page of about as many bytes from a template with a loop.
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench import ROOT
from bench.servers import Server, World, run, world
from bench.table import Row, show
from bench.web import AT_ONCE, Browser, all_of, path_of
from browsing import Element, form_fields, parse
from launch import FLOOR
from tinylms import LTI

ITEM = "eerlijk-is-eerlijk"
OURS = "Proeftuin"
BARE = "Proeftuin, without script"


@dataclass
class Learner:
    """Somebody who sits before a choice.

    Attributes:
        page: the page that they look at.
    """

    browser: Browser
    page: Element

    def send(self, form: Element, **fields: str) -> None:
        """Send a form as a browser does, and go where it leads."""
        said = dict(form_fields(form)) | fields
        answer = self.browser.post(path_of(form.attrs["action"]), **said)
        while answer.status == 303:
            answer = self.browser.get(path_of(answer.location))
        if answer.status != 200:
            raise SystemExit(f"{answer.status} {answer.text[:500]}")
        self.page = parse(answer)  # it only reads the text

    @property
    def kind(self) -> str:
        """What the page says it is."""
        return self.page.one("main").attrs["data-page"]

    def to_a_choice(self) -> None:
        """Go on until there is something to choose."""
        while self.kind != "choice":
            button = self.page.one("[data-next]")
            form = button.closest("form")
            if form is None:
                self.show(button.attrs["href"])
            else:
                self.send(form)

    def show(self, path: str) -> None:
        """Look at a page."""
        answer = self.browser.get(path_of(path))
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {answer.text[:500]}")
        self.page = parse(answer)  # it only reads the text

    def react(self) -> None:
        """Take the first reaction that was not tried yet."""
        radio = self.page.one("input[type=radio]")
        form = radio.closest("form")
        assert form is not None
        self.send(form, choice=radio.attrs["value"])

    def back(self) -> None:
        """Go back to the choice."""
        form = next(
            form for form in self.page.all("form") if form.attrs["action"].endswith("/another")
        )
        self.send(form)


def main(rounds: int, reactions: int) -> None:
    """Measure and print."""
    with world() as made:
        rows = measured(made, made.tool(), rounds, reactions)
    show("A reaction and the page of its feedback", rows, (FLOOR,))


def measured(made: World, tool: Server, rounds: int, reactions: int) -> Mapping[str, Row]:
    """Return the rows of the table."""
    learners = prepare(made, tool, reactions)
    learners[0].react()
    size = len(learners[0].page.text)
    learners[0].back()
    text = "Zo gaat het vaak: je zegt iets, en de ander zegt iets terug. "
    paragraphs = [{"title": f"Stap {number}", "text": 4 * text} for number in range(size // 260)]
    floor = made.floor(paragraphs)
    visitors = [plain(made, floor, number) for number in range(reactions)]
    rows = {OURS: Row(), BARE: Row(), FLOOR: Row()}
    for number in range(-1, rounds):
        round_of = [(FLOOR, timed(floor, visitors, plainly, lambda one: one))]
        for name in (OURS, BARE):
            for one in learners:
                one.browser.scripted = name == OURS
            round_of.append((name, timed(tool, learners, Learner.react, lambda one: one.browser)))
            all_of(Learner.back, learners)
        for name, (spent, seconds) in round_of:
            if number >= 0:  # the first warms up
                rows[name].server.append(spent[0] * 1000 / reactions)
                rows[name].database.append(spent[1] * 1000 / reactions)
                rows[name].seconds += seconds
    return rows


def prepare(made: World, tool: Server, number: int) -> list[Learner]:
    """Publish what ships, and let that many people come before their first choice."""
    run(tool.environment, "content", "publish", str(ROOT / "content"))
    learners = [enter(made, tool, f"player-{one}") for one in range(number)]
    all_of(Learner.to_a_choice, learners)
    return learners


def timed(server: Server, people: list[Any], act: Any, browser: Any) -> Any:
    """Let everybody act; processor time of server and database, and seconds of each."""
    took: list[float] = []

    def one(person: Any) -> None:
        times = browser(person).times
        before = len(times)
        act(person)
        took.append(sum(times[before:]))

    began = server.spent()
    all_of(one, people, AT_ONCE)
    time.sleep(0.02)
    ended = server.spent()
    return [after - before for before, after in zip(began, ended, strict=True)], took


def enter(made: World, tool: Server, sub: str, item: str = ITEM) -> Learner:
    """Launch, and look at the first page."""
    browser, answer = launched(made, tool, sub, item)
    browser.scripted = True
    learner = Learner(browser, Element("nothing"))
    learner.show(answer)
    return learner


def launched(made: World, server: Server, sub: str, item: str) -> tuple[Browser, str]:
    """Launch; the browser, and the address of the first page."""
    browser = Browser(server.url)
    target = server.url + server.launch
    answer = browser.post(server.login, **made.lms.login_params(target_link_uri=target))
    query = dict(pair.split("=", 1) for pair in answer.location.partition("?")[2].split("&"))
    claims = {LTI + "target_link_uri": target, "sub": sub, LTI + "custom": {"item": item}}
    token = made.lms.sign(made.lms.claims(query["nonce"], time.time(), **claims))
    answer = browser.post(server.launch, id_token=token, state=query["state"])
    if answer.status != 303:
        raise SystemExit(f"{answer.status} {answer.text[:500]}")
    return browser, path_of(answer.location)


def plain(made: World, floor: Server, number: int) -> Browser:
    """Launch the floor."""
    return launched(made, floor, f"player-{number}", ITEM)[0]


def plainly(browser: Browser) -> None:
    """React on the floor."""
    browser.post("/react", choice="1")
    answer = browser.get("/page")
    if answer.status != 200:
        raise SystemExit(f"{answer.status} {answer.text[:500]}")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [8, 40][len(given) :]))
