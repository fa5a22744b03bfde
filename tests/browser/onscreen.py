"""What people do on a screen: open an activity, go on, choose, write; with a mouse or with keys.

A surface is where the tool's page is shown: a window of its own, or the LMS's frame.
"""

from collections.abc import Callable, Iterable
from urllib.parse import quote

from driver import Driver
from playwright.sync_api import Frame, Page, TimeoutError

from lti_tool.experience.play.engine import Step

Surface = Page | Frame
OpenPage = Callable[..., Page]

PHONE, DESKTOP = 374, 1400

ARRIVED = "main[data-page]:not([data-page=opening])"
MOST_STOPS = 120


def window(at: Surface) -> Page:
    """The window in which a surface is shown."""
    return at if isinstance(at, Page) else at.page


def kind(at: Surface) -> str:
    """Which page this is, in its own words."""
    return at.locator("main").get_attribute("data-page") or ""


def completion(at: Surface) -> str:
    """What the page says about the completion."""
    return at.locator("main").get_attribute("data-completion") or ""


def heading(at: Surface) -> str:
    return at.locator("h1").inner_text()


def own_address(at: Surface) -> str:
    """The address of the step that is shown."""
    return at.locator("main").get_attribute("data-address") or ""


def arrive(at: Surface, selector: str) -> None:
    """Wait for a page of the tool that comes by way of others, to its end and its scripts."""
    at.wait_for_selector(selector)
    at.wait_for_load_state("domcontentloaded")


def step(at: Surface, act: Callable[[], object]) -> None:
    """Do something that leads to a next page, and wait until that is there."""
    if at.locator("script[src*='steps.js']").count():  # the next page comes in the same document
        at.locator("main").evaluate("main => main.dataset.left = ''")
        act()
        try:
            arrive(at, f"{ARRIVED}:not([data-left])")  # or in one of its own, by a link
        except TimeoutError as late:
            said = at.locator("[role=alert]").all_inner_texts()
            raise AssertionError(f"{at.url} stays on its {kind(at)} and says {said}") from late
        return
    with at.expect_navigation():
        act()
    arrive(at, ARRIVED)


def reveal(at: Surface, selector: str) -> None:
    """Open what folds around something."""
    folded = at.locator(f"details:not([open]):has({selector}) > summary")
    while folded.count():
        folded.first.click()


def press(at: Surface, selector: str) -> None:
    """Click a button or link that leads to a next page, where it is folded away too."""
    reveal(at, selector)
    step(at, at.locator(selector).first.click)


def onward(at: Surface) -> None:
    """Go on; from one's own words after comparing them."""
    compare = at.locator("details.compare:not([open]) > summary")
    if compare.count():
        compare.click()
    press(at, "[data-next]")


def react(at: Surface, choice: str) -> None:
    """Choose a reaction with the mouse and say it."""
    at.locator(f"label:has(input[name=choice][value='{choice}'])").click()
    press(at, "form:has(input[name=choice]) button")


def to_a_choice(at: Surface) -> None:
    """Go on until there is something to choose."""
    while kind(at) != "choice":
        onward(at)


def walk(at: Surface, steps: Iterable[Step]) -> None:
    """Take a way to its ending."""
    for each in steps:
        if each.choice:
            react(at, each.choice)
        onward(at)
    assert kind(at) == "ending"


def unfold(at: Surface) -> int:
    """Open everything that folds; how many there were."""
    folded, count = at.locator("details:not([open]) > summary:visible"), 0
    while folded.count():
        folded.first.click()
        count += 1
    return count


# --- opening -------------------------------------------------------------------------------------


def launch(page: Page, driver: Driver, activity: int, user: str = "sam", lang: str = "nl") -> None:
    """Open an activity in a window of its own, as from the LMS's link to a new window."""
    there = f"{driver.profile}/launch/{activity}?user={user}&lang={lang}&window=1"
    page.goto(f"{driver.sandbox_url}/{there}")
    arrive(page, ARRIVED)


def open_item(
    page: Page, driver: Driver, slug: str, *, user: str = "sam", lang: str = "nl"
) -> None:
    """Put an item in the course and open it in a window of its own."""
    activity = driver.add_activity(slug, item=slug, line_item=True)
    launch(page, driver, activity["id"], user, lang)


def open_picker(page: Page, driver: Driver, lang: str = "nl") -> None:
    """Open the picker in a window of its own."""
    page.goto(f"{driver.sandbox_url}/{driver.profile}/deep-link?user=tess&lang={quote(lang)}")
    arrive(page, "[data-page=picker]")


def in_frame(page: Page) -> Frame:
    """The tool's page inside the LMS's, once it has arrived."""
    frame = page.locator("iframe[data-tool]").element_handle().content_frame()
    assert frame is not None
    arrive(frame, ARRIVED)
    return frame


def look_until(at: Surface, state: str) -> None:
    """Load the page again and again until it says this of the completion."""
    for _ in range(60):
        if completion(at) == state:
            return
        at.wait_for_timeout(500)
        at.goto(at.url)
    raise AssertionError(f"the completion stays {completion(at)}, it does not become {state}")


# --- keys ----------------------------------------------------------------------------------------

FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const ring = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = at.getBoundingClientRect();
  const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: (at.innerText || at.value || at.id || at.tagName).trim().slice(0, 60),
    heading: at.tagName === "H1",
    // Inside a film the browser's own controls take the focus, and show it in their own way.
    ring: at.matches("video, audio") || ring(at)
      || ring(at.closest(".item:has(input:focus)") || at.closest("label, .card") || at),
    covered: !there || !(at.contains(there) || there.contains(at)),
  };
}"""


def at_heading(at: Surface) -> None:
    """The focus is on the page's heading, so that a screen reader starts reading there."""
    found = at.evaluate(FOCUSED)
    assert found and found["heading"], f"the focus is not on the heading but on {found}"


class Keys:
    """A person without a mouse, on a surface; complains where the focus cannot be seen.

    The focus has to be in the surface already when that is a frame.
    """

    def __init__(self, at: Surface) -> None:
        self.at = at
        self._keys = window(at).keyboard

    def tab_to(self, selector: str, key: str = "Tab") -> None:
        """Press Tab until what `selector` finds has the focus."""
        for _ in range(MOST_STOPS):
            self._keys.press(key)
            if self._check() and self.at.evaluate(
                "selector => document.activeElement.matches(selector)", selector
            ):
                return
        raise AssertionError(f"{MOST_STOPS} times {key} does not lead to {selector}")

    def go(self, selector: str) -> None:
        """Tab to a button or link and press Enter; the next page starts at its heading."""
        self.tab_to(selector)
        step(self.at, lambda: self._keys.press("Enter"))
        at_heading(self.at)

    def save(self) -> None:
        """Tab to the button under a text and press it; reading goes on where it says so."""
        self.tab_to(".writing button")
        step(self.at, lambda: self._keys.press("Enter"))
        self.at.wait_for_selector(".writing .note:focus")

    def choose(self, value: str) -> None:
        """Tab to the reactions, walk them with the arrow, and press the button after them."""
        self.tab_to("input[name=choice]")
        self._keys.press("Space")
        for _ in range(6):
            if self.at.evaluate("document.activeElement.value") == value:
                break
            self._keys.press("ArrowDown")
            self._check()
        else:
            raise AssertionError(f"the arrow keys do not lead to the reaction {value}")
        self.go("form:has(input[name=choice]) button")

    def open_all(self, selector: str) -> int:
        """Tab to everything that `selector` finds and open it with Space; how many there were."""
        count = self.at.locator(selector).count()
        for _ in range(count):
            self.tab_to(selector)
            self._keys.press("Space")
            assert self.at.evaluate("document.activeElement.parentElement.open")
        return count

    def write(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self._keys.type(text)

    def _check(self) -> bool:
        """Whether something has the focus; if so, it must be seen to have it."""
        found = self.at.evaluate(FOCUSED)
        if found is None:
            return False  # Tab went round by the browser's own bar
        assert found["ring"], f"the focus on “{found['name']}” cannot be seen"
        assert not found["covered"], f"the focus on “{found['name']}” is out of sight"
        return True
