"""Markdown of authors to HTML that is safe to show, and what was unsafe in it.

Two walls: markdown-it with `html=False` writes every `<` of the author as text, and nh3 then lets
through only the few tags and the two schemes named here, whatever the first let slip.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import compile as pattern
from typing import Any, Literal

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_SAFE_ADDRESS = pattern(r"(?i)(https://[^/?#]|mailto:.)")
_INLINE_TAGS = {"em", "strong", "code", "br"}
_BLOCK_TAGS = _INLINE_TAGS | {"p", "a", "ul", "ol", "li", "blockquote", "pre", "hr"}
_BLOCK_TAGS |= {"h3", "h4", "h5", "h6"}
# Text without one of these holds neither HTML nor a link, and need not be read as Markdown.
_SUSPECT = pattern(r"[<\[]")


@dataclass(frozen=True, slots=True)
class Removed:
    """Something in a text that is removed when it is shown: HTML, an unsafe link, or a picture."""

    kind: Literal["html", "link", "image"]
    value: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link in a text: the words to click on and where they lead."""

    text: str
    url: str


def is_safe_address(url: str) -> bool:
    """Whether an address may be linked to: `https` with a host, or `mailto`."""
    return _SAFE_ADDRESS.match(url) is not None


def _renderer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).disable("image")
    made.validateLink = is_safe_address  # type: ignore[method-assign] # its documented extension point
    return made


def _reader() -> MarkdownIt:
    """A parser that sees HTML and every link, for reporting only; its output is never shown."""
    made = MarkdownIt("commonmark", {"html": True})
    made.validateLink = lambda url: url is not None  # type: ignore[method-assign] # its documented extension point
    return made


_RENDERER = _renderer()
_READER = _reader()


@lru_cache(maxsize=4096)
def to_html(text: str) -> Markup:
    """Render paragraphs of Markdown; headings start at `h3`, links open outside the frame."""
    env: dict[str, Any] = {}
    tokens = _RENDERER.parse(text, env)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    html = _RENDERER.renderer.render(tokens, _RENDERER.options, env)
    clean = nh3.clean(
        str(html),
        tags=_BLOCK_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Markup(clean)  # noqa: S704 # nosec B704 # nh3 made it


@lru_cache(maxsize=4096)
def to_inline_html(text: str) -> Markup:
    """Render one line of Markdown for a label or a heading: emphasis and code, no links."""
    clean = nh3.clean(str(_RENDERER.renderInline(text)), tags=_INLINE_TAGS, attributes={})
    return Markup(clean)  # noqa: S704 # nosec B704 # nh3 made it


def to_text(text: str) -> str:
    """Give the words of a text without its markup, on one line."""
    words: list[str] = []
    for token in _RENDERER.parse(text):
        for part in token.children or ():
            words.append(" " if part.type in {"softbreak", "hardbreak"} else part.content)
        words.append(" " if token.children else f" {token.content} ")
    return " ".join("".join(words).split())


def removed(text: str) -> tuple[Removed, ...]:
    """Give everything that `to_html` removes from a text or shows as plain characters."""
    found: list[Removed] = []
    for token in _tokens(text):
        if token.type in {"html_block", "html_inline"}:
            found.append(Removed("html", token.content.strip()))
        elif token.type == "image":
            found.append(Removed("image", str(token.attrs.get("src", ""))))
        elif token.type == "link_open" and not is_safe_address(str(token.attrs["href"])):
            found.append(Removed("link", str(token.attrs["href"])))
    return tuple(found)


def links(text: str) -> tuple[Anchor, ...]:
    """Give all links in a text with the words they stand under, the unsafe ones too."""
    found: list[Anchor] = []
    url: str | None = None
    words: list[str] = []
    for token in _tokens(text):
        if token.type == "link_open":
            url, words = str(token.attrs["href"]), []
        elif token.type == "link_close" and url is not None:
            found.append(Anchor(" ".join("".join(words).split()), url))
            url = None
        elif token.type in {"text", "code_inline"}:
            words.append(token.content)
    return tuple(found)


def _tokens(text: str) -> Iterator[Token]:
    """Yield block and inline tokens in reading order."""
    if not _SUSPECT.search(text):
        return
    for token in _READER.parse(text):
        yield from token.children or [token]
