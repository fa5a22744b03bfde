"""Passages: which paragraphs of a text are there, given what happened. Pure."""

from collections.abc import Set as AbstractSet
from functools import lru_cache

from lti_tool.experience.document.parts import Paragraph, Passage

NOTHING: frozenset[str] = frozenset()
"""The flags with which everything begins."""


def paragraphs(passage: Passage) -> tuple[Paragraph, ...]:
    """Return all paragraphs of a passage, whatever their conditions; none of an empty text.

    A text that was written as one string stays one paragraph here, also when Markdown makes
    several of it.
    """
    return _single(passage) if isinstance(passage, str) else passage


@lru_cache(maxsize=4096)
def _single(text: str) -> tuple[Paragraph, ...]:
    """Return a text as its only paragraph; checking one again for each page takes a while."""
    return (Paragraph(text=text),) if text else ()


def shown(passage: Passage, flags: AbstractSet[str]) -> tuple[Paragraph, ...]:
    """Return the paragraphs that are there with exactly these flags set, in order."""
    return tuple(one for one in paragraphs(passage) if one.when is None or one.when.holds(flags))


def written(passage: Passage, flags: AbstractSet[str]) -> str:
    """Return what is there with these flags as one text of Markdown, without saying who speaks."""
    return "\n\n".join(one.text for one in shown(passage, flags))
