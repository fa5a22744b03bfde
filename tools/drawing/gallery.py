"""Every drawing that is made by functions."""

from collections.abc import Callable, Mapping

from . import bust
from .scenes import bij_elkaar_kijken, drie_weken_later, eerlijk_is_eerlijk, hij_slaapt_niet, wat_heb_je_gezegd, wie_denkt_er_dan, zeventien_seconden

SCENES: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "eerlijk-is-eerlijk": eerlijk_is_eerlijk.DRAWINGS,
    "hij-slaapt-niet": hij_slaapt_niet.DRAWINGS,
    "wie-denkt-er-dan": wie_denkt_er_dan.DRAWINGS,
    "bij-elkaar-kijken": bij_elkaar_kijken.DRAWINGS,
    "zeventien-seconden": zeventien_seconden.DRAWINGS,
    "wat-heb-je-gezegd": wat_heb_je_gezegd.DRAWINGS,
    "drie-weken-later": drie_weken_later.DRAWINGS,
}
"""The drawings of each item, by the name under which they are kept."""


def drawn() -> dict[str, str]:
    """Return each drawing's name under `content/art`, and its SVG."""
    scenes = {f"{item}/{name}": draw() for item, named in SCENES.items() for name, draw in named.items()}
    return bust.all_portraits() | scenes
