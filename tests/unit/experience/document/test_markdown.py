"""Markdown: what authors need comes through, and nothing else ever does."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lti_tool.experience.document import markdown
from lti_tool.experience.document.markdown import (
    Anchor,
    is_safe_address,
    links,
    removed,
    to_html,
    to_inline_html,
    to_text,
)

LINK = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hoi", "<p>Hoi</p>\n"),
        ("*\"Alleen\ntops.\"*", "<p><em>\"Alleen\ntops.\"</em></p>\n"),
        ("**Ja**, `nee`", "<p><strong>Ja</strong>, <code>nee</code></p>\n"),
        ("- een\n- twee", "<ul>\n<li>een</li>\n<li>twee</li>\n</ul>\n"),
        ("3. drie", '<ol start="3">\n<li>drie</li>\n</ol>\n'),
        ("> Citaat", "<blockquote>\n<p>Citaat</p>\n</blockquote>\n"),
        ("# Kop", "<h3>Kop</h3>\n"),
        ("###### Kop", "<h6>Kop</h6>\n"),
        ("<b>vet</b>", "<p>&lt;b&gt;vet&lt;/b&gt;</p>\n"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
        ("[SLO](https://slo.nl/a?b=c)", f"<p>{LINK.format('https://slo.nl/a?b=c', 'SLO')}</p>\n"),
        ("<https://slo.nl>", f"<p>{LINK.format('https://slo.nl', 'https://slo.nl')}</p>\n"),
        ("[Mail](mailto:a@b.nl)", f"<p>{LINK.format('mailto:a@b.nl', 'Mail')}</p>\n"),
    ],
)  # fmt: skip
def test_what_authors_write_is_shown(text: str, html: str) -> None:
    assert str(to_html(text)).replace("&quot;", '"') == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<!-- weg -->",
        "<b>vet</b>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#10;script:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](http://a.nl)",
        "[x](//a.nl)",
        "[x](/lti/launch)",
        "[x](anders.md)",
        "[x](#boven)",
        "[x](https:alert)",
        "<javascript:alert(1)>",
        "[x]\n\n[x]: javascript:alert(1)",
        "![x](https://a.nl/volg.gif)",
        "![x](data:image/svg+xml;base64,AAAA)",
    ],
)
def test_what_is_unsafe_is_never_shown_and_always_reported(text: str) -> None:
    for html in (to_html(text), to_inline_html(text)):
        tags, addresses = seen_in(html)
        assert tags <= {"p", "a"}
        assert all(address == "https://a.nl/volg.gif" for address in addresses)
    assert removed(text)


def test_the_second_wall_holds_when_the_first_lets_everything_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    careless = MarkdownIt("commonmark", {"html": True})
    monkeypatch.setattr(careless, "validateLink", lambda url: True)
    monkeypatch.setattr(markdown, "_RENDERER", careless)
    for text in ("[x](/lti/launch)", "[x](javascript:a)", "<a href='x' onclick=a>x</a>"):
        assert str(to_html.__wrapped__(text)).count("href") == 0
    html = str(to_html.__wrapped__("<svg><script>a</script></svg>![x](https://a.nl/x.png)"))
    assert seen_in(html)[0] <= {"p"}


@pytest.mark.parametrize(
    "text",
    ["1 < 2", "ik <3 school", "a [b] c", "*ja*", "[x](https://a.nl)", "`<script>`",
     "<mailto:a@b.nl>", "[x](HTTPS://A.NL)", "\\<b>"],
)  # fmt: skip
def test_what_is_safe_is_not_reported(text: str) -> None:
    assert removed(text) == ()


def test_a_finding_names_what_was_removed() -> None:
    found = removed("<b>x</b> [y](http://a.nl) ![z](z.png)")
    assert [(each.kind, each.value) for each in found] == [
        ("html", "<b>"),
        ("html", "</b>"),
        ("link", "http://a.nl"),
        ("image", "z.png"),
    ]


def test_one_line_has_emphasis_but_no_links_and_no_paragraph() -> None:
    assert str(to_inline_html("*Ja*, [lees](https://a.nl)")) == "<em>Ja</em>, lees"


def test_links_come_with_the_words_they_stand_under() -> None:
    text = "[Lees **dit**](https://a.nl) en\n\n- [`dat`](http://b.nl)"
    assert links(text) == (Anchor("Lees dit", "https://a.nl"), Anchor("dat", "http://b.nl"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Kop\n\n*Een* [twee](https://a.nl)\ndrie", "Kop Een twee drie"),
        ("*Ja*, on**waar**schijnlijk!", "Ja, onwaarschijnlijk!"),
        ("- a\n- b", "a b"),
        ("`x < y`\n\n    z", "x < y z"),
        ("<b>", "<b>"),
        ("", ""),
    ],
)
def test_the_words_without_markup(text: str, words: str) -> None:
    assert to_text(text) == words


@pytest.mark.parametrize(
    ("url", "safe"),
    [("https://a.nl", True), ("mailto:a@b", True), ("https://", False), ("https:///x", False),
     ("http://a.nl", False), ("", False), (" https://a.nl", False), ("mailto:", False)],
)  # fmt: skip
def test_an_address_is_safe(url: str, safe: bool) -> None:
    assert is_safe_address(url) is safe


class Seen(HTMLParser):
    """Notes the tags and addresses in HTML, as a browser would read it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


def seen_in(html: str) -> tuple[set[str], list[str]]:
    seen = Seen()
    seen.feed(str(html))
    assert {name for name, _ in seen.attributes} <= {"href", "rel", "target", "start"}
    return seen.tags, [value or "" for name, value in seen.attributes if name == "href"]


hostile = st.lists(
    st.sampled_from(
        ["<", ">", "[", "](", ")", "![", "`", "*", "\n", "javascript:", "https://a", "script", '"',
         "'", " onload=", "&#106;", "svg", "a", "\\", "\x00", "data:", "//", "<!--", "style="]
    )
).map("".join)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.text() | hostile)
def test_nothing_but_known_tags_and_safe_addresses_comes_out(text: str) -> None:
    allowed = {"p", "a", "em", "strong", "code", "br", "ul", "ol", "li", "blockquote", "pre", "hr"}
    tags, addresses = seen_in(to_html(text))
    assert tags <= allowed | {"h3", "h4", "h5", "h6"}
    assert all(is_safe_address(address) for address in addresses)
    inline_tags, inline_addresses = seen_in(to_inline_html(text))
    assert inline_tags <= {"em", "strong", "code", "br"}
    assert inline_addresses == []
    assert links(text) is not None
    assert "\n" not in to_text(text)
