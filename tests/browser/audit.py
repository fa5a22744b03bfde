"""Whether everyone can use a page: what axe finds, and what axe does not look at.

Each check gives sentences about what is wrong, so that one run names everything at once.
"""

from axe_playwright_python.base import AXE_SCRIPT
from onscreen import Surface, window
from playwright.sync_api import Page

# WCAG 2.0 up to 2.2, levels A and AA, and axe's own advice on top.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320  # CSS pixels: 1280 at 400 % zoom (WCAG 1.4.10)

RUN_AXE = """async (options) => {
  const always = { resultTypes: ["violations"], iframes: false };
  // At the end a bar that stays in view covers nothing; elsewhere whoever scrolls uncovers it,
  // and Keys sees that the focus is never covered.
  const before = window.scrollY;
  window.scrollTo({ top: document.body.scrollHeight, behavior: "instant" });
  const found = await axe.run(document, { ...always, ...options });
  window.scrollTo({ top: before, behavior: "instant" });
  return found.violations.flatMap((each) => each.nodes.map((node) => (
    `${each.id}: ${each.help}: ${node.target.join(" ")}: ${node.failureSummary}`
  )));
}"""

ANATOMY = """() => {
  const shown = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter((heading) => heading.checkVisibility());
  return {
    lang: document.documentElement.lang,
    title: document.title,
    h1: shown.filter((heading) => heading.tagName === "H1").length,
    levels: shown.map((heading) => Number(heading.tagName[1])),
    mains: document.querySelectorAll("main").length,
    viewport: document.querySelector("meta[name=viewport]")?.content ?? "",
  };
}"""

# Every element with its attributes, the kinds of blocks in it, and all that it stands in. Left out
# is what holds content: names, addresses, words. Colours, roles and structure follow from the rest.
SHAPES = """() => {
  const content = new Set(["id", "for", "name", "value", "href", "src", "srcset", "alt", "title",
    "action", "formaction", "width", "height", "content", "datetime", "placeholder", "form",
    "aria-label", "aria-labelledby", "aria-describedby", "aria-controls"]);
  const inline = new Set(["A", "ABBR", "B", "BR", "CODE", "EM", "I", "Q", "SPAN", "STRONG"]);
  const shape = (element) => element.tagName + [...element.attributes].map(({ name, value }) => (
    `[${name}${content.has(name) || name.startsWith("data-") ? "" : `=${value}`}]`
  )).sort().join("");
  const blocks = (element) => [...new Set([...element.children].map((child) => child.tagName))]
    .filter((tag) => !inline.has(tag)).sort();
  const found = new Set();
  const walk = (element, path) => {
    const here = `${path} > ${shape(element)}`;
    found.add(`${here} {${blocks(element)}}`);
    for (const child of element.children) walk(child, here);
  };
  walk(document.body, shape(document.documentElement));
  return [...found];
}"""

# What can be wrong all the same: names that are missing, and references that lead nowhere.
CONTENT = """() => {
  const found = [];
  const note = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
  const words = (element) => [
    element.textContent, element.getAttribute("aria-label"), element.title,
    ...[...element.querySelectorAll("img[alt]")].map((image) => image.alt)].join("").trim();
  for (const element of document.querySelectorAll("a[href], button, summary, label, legend, th,"
    + " h1, h2, h3, h4, h5, h6, [role=img]")) {
    if (element.checkVisibility() && !words(element)) note("without a name", element);
  }
  for (const element of document.querySelectorAll("input, select, textarea")) {
    const named = [...element.labels ?? []].some(words) || element.getAttribute("aria-label");
    const asks = !["hidden", "submit"].includes(element.type);
    if (asks && !named) note("without a label", element);
  }
  for (const image of document.images) if (!image.hasAttribute("alt")) note("without alt", image);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) {
    note("an id that stands twice", document.getElementById(id));
  }
  for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const missing = (id) => !document.getElementById(id);
      const nowhere = element.getAttribute(name).split(/\\s+/).some(missing);
      if (nowhere) note(`${name} of nothing`, element);
    }
  }
  return found;
}"""

AUDITED: set[str] = set()
"""The shapes on the pages of this process in which all of axe found nothing, light and dark."""

# What sticks out at the right of the window, or is cut off inside its own box.
STICKS_OUT = """() => {
  const room = document.documentElement.clientWidth;
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className} `
    + `“${element.textContent.trim().slice(0, 40)}”`;
  const found = [];
  const note = (what, element) => found.push(`${what}: ${name(element)}`);
  if (document.scrollingElement.scrollWidth > room) {
    found.push(`the page scrolls sideways: ${document.scrollingElement.scrollWidth} > ${room}`);
  }
  const scrolls = (element) => element.closest(".scroll, pre, .unseen, .visually-hidden, .skip");
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility() || scrolls(element) || element.closest("svg")) continue;
    const box = element.getBoundingClientRect();
    if (box.width && (box.right > room + 1 || box.left < -1)) note("outside", element);
    const style = getComputedStyle(element);
    const cuts = ["hidden", "clip"].includes(style.overflowX) && element.tagName !== "INPUT";
    if (cuts && element.scrollWidth > element.clientWidth + 1) note("cut off", element);
  }
  return found;
}"""

# Words that stand on more than one line.
BROKEN_WORDS = """([within, word]) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (walk.nextNode()) {
    const text = walk.currentNode;
    if (!text.parentElement.closest(within)) continue;
    for (const found of text.data.matchAll(new RegExp(word, "gu"))) {
      const range = document.createRange();
      range.setStart(text, found.index);
      range.setEnd(text, found.index + found[0].length);
      if (range.getClientRects().length > 1) broken.push(found[0]);
    }
  }
  return broken;
}"""

# WCAG 1.4.4 and 1.4.12: twice as large, and with the spacing that a reader may set. A constructed
# sheet stands outside the page's Content-Security-Policy, as a reader's own settings do.
RESTYLE = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = rules ? [sheet] : [];
}"""
TWICE_AS_LARGE = "html { font-size: 212.5% !important }"
WIDELY_SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"""


def axe(at: Surface, **options: object) -> list[str]:
    """What axe finds on the page as it is now."""
    if not at.evaluate("'axe' in window"):
        at.evaluate(AXE_SCRIPT)
    found: list[str] = at.evaluate(RUN_AXE, {"runOnly": TAGS, **options})
    return found


def anatomy(at: Surface, lang: str) -> list[str]:
    """Whether language, title and headings say what the page is."""
    page = at.evaluate(ANATOMY)
    found = []
    if page["lang"] != lang:
        found.append(f"the page is in {page['lang']}, not in {lang}")
    if len(page["title"].partition(" · ")[0].strip()) < 3:
        found.append(f"the title says nothing: {page['title']}")
    if page["h1"] != 1 or page["mains"] != 1:
        found.append(f"{page['h1']} headings h1 and {page['mains']} times main")
    steps = zip([0, *page["levels"]], page["levels"], strict=False)
    if any(below - above > 1 for above, below in steps):
        found.append(f"a level of headings is skipped: {page['levels']}")
    if "user-scalable=no" in page["viewport"] or "maximum-scale" in page["viewport"]:
        found.append("the page cannot be enlarged")
    return found


def sticks_out(at: Surface) -> list[str]:
    found: list[str] = at.evaluate(STICKS_OUT)
    return found


def broken_words(at: Surface, within: str, word: str = r"\S+") -> list[str]:
    """The words inside elements that do not stand on one line; `word` says what one is."""
    found: list[str] = at.evaluate(BROKEN_WORDS, [within, word])
    return found


def in_the_dark(page: Page) -> list[str]:
    """What axe finds of the colours in the dark scheme."""
    page.emulate_media(color_scheme="dark")
    found = axe(page, runOnly=["color-contrast", "link-in-text-block"])
    page.emulate_media(color_scheme="light")
    return found


def enlarged(page: Page) -> list[str]:
    """Whether text that is twice as large, or widely spaced, still has its place."""
    found = []
    for rules in (TWICE_AS_LARGE, WIDELY_SPACED):
        page.evaluate(RESTYLE, rules)
        found += [f"with {rules.split('{')[1].strip()[:24]}: {each}" for each in sticks_out(page)]
    page.evaluate(RESTYLE, "")
    return found


def named(at: Surface, found: list[str]) -> list[str]:
    """Say of each sentence on which page it was."""
    where = at.locator("main").get_attribute("data-page") or window(at).url
    title = at.locator("h1").first.inner_text()
    return [f"[{where}: {title}] {sentence}" for sentence in found]


def node_page(page: Page, lang: str, audited: set[str] = AUDITED) -> list[str]:
    """Everything, for a page that is `NARROW` already: light, dark, reflow.

    Axe looks at a page that has an element of a shape that was on no page found good so far.
    Elsewhere colours, roles and structure are known to be good, and only what other words and
    pictures can break is looked at, at a hundredth of the time.

    Args:
        audited: the shapes found good; grows.
    """
    found = anatomy(page, lang) + sticks_out(page) + page.evaluate(CONTENT)
    shapes = set(page.evaluate(SHAPES))
    if shapes <= audited:
        return named(page, found)
    seen = axe(page) + [f"dark: {each}" for each in in_the_dark(page)]
    if not seen:
        audited |= shapes
    return named(page, found + seen)


def whole_page(page: Page, lang: str) -> list[str]:
    """Everything, on a wide screen and a narrow one."""
    size = page.viewport_size
    assert size is not None
    found = axe(page) + enlarged(page)
    page.set_viewport_size({"width": NARROW, "height": 640})
    found += [f"at {NARROW} px: {each}" for each in axe(page) + sticks_out(page)]
    found += [f"at {NARROW} px, dark: {each}" for each in in_the_dark(page)]
    page.set_viewport_size(size)
    return named(page, found + anatomy(page, lang))
