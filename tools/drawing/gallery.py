"""Every drawing that is made by functions."""

from collections.abc import Callable, Mapping

from . import bust
from .scenes import bij_elkaar_kijken, drie_weken_later, eerlijk_is_eerlijk, hij_slaapt_niet, intervisie, pages, wat_heb_je_gezegd, weerstand, wie_denkt_er_dan, zeventien_seconden

SCENES: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "eerlijk-is-eerlijk": eerlijk_is_eerlijk.DRAWINGS,
    "hij-slaapt-niet": hij_slaapt_niet.DRAWINGS,
    "wie-denkt-er-dan": wie_denkt_er_dan.DRAWINGS,
    "bij-elkaar-kijken": bij_elkaar_kijken.DRAWINGS,
    "zeventien-seconden": zeventien_seconden.DRAWINGS,
    "wat-heb-je-gezegd": wat_heb_je_gezegd.DRAWINGS,
    "drie-weken-later": drie_weken_later.DRAWINGS,
    "bij-elkaar-kijken/film": weerstand.DRAWINGS,
    **intervisie.DRAWINGS,
}
"""The drawings of each item, by the name under which they are kept; those in a folder `film` are
only seen in a film."""


def drawn_for_pages() -> dict[str, str]:
    """Return the drawings of the tool's own pages, by name."""
    return {name: draw() for name, draw in pages.DRAWINGS.items()}


def drawn() -> dict[str, str]:
    """Return each drawing's name under `content/art`, and its SVG."""
    scenes = {f"{item}/{name}": draw() for item, named in SCENES.items() for name, draw in named.items()}
    return bust.all_portraits() | scenes
