"""The short audit of a page like others that were audited still finds what its content breaks."""

import audit
import pytest
from playwright.sync_api import Page

PAGE = """<!doctype html><html lang="nl"><title>Een titel</title><body><main data-page="x">
<h1>Een titel</h1><h2>Een kop</h2><img src="data:," alt="Een hek"><p>Tekst <a href="/a">weg</a></p>
<ul><li>Een</li></ul>
<p><label for="een">Naam</label><input id="een"><label for="twee">Dag</label><input id="twee"></p>
<button>Verder</button></main></body></html>"""

GOOD: set[str] = set()
"""The shapes on that page, audited once."""


@pytest.fixture
def page(desktop: Page) -> Page:
    desktop.set_content(PAGE)
    return desktop


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("<h2>Een kop", "<h2>", "without a name"),
        ('alt="Een hek"', 'alt=""', ""),
        ('alt="Een hek"', "", "without alt"),
        (">weg<", "><", "without a name"),
        (">Verder<", "><", "without a name"),
        ('id="een"', 'id="twee"', "an id that stands twice"),
        ('for="een"', 'for="drie"', "for of nothing"),
        ("<h2>", "<h3>", "a level of headings is skipped"),
        ("<p>Tekst", '<p style="color: #ddd">Tekst', "color-contrast"),
        ("<p>Tekst", '<p role="knop">Tekst', "aria-roles"),
        ("<li>Een</li>", "<div>Een</div>", "list: "),
    ],
)
def test_it_finds_what_differs(page: Page, before: str, after: str, words: str) -> None:
    assert audit.node_page(page, "nl", GOOD) == []
    page.set_content(PAGE.replace(before, after))
    found = audit.node_page(page, "nl", set(GOOD))
    assert any(words in each for each in found) if words else not found, found
