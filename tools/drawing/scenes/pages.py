"""Small drawings for the tool's own pages. Their ground lets the page through: light and dark."""

import re
from dataclasses import replace

from .. import bust
from ..people import Mood
from ..sheet import Sheet, ellipse, fill, line, place
from .people import cast

WHOLE = re.compile(r"(?<![\w.#])(?:\d\d+|[4-9])\.\d(?!\d)")
"""Numbers of which the part behind the point is too small to be seen."""
MINUS = re.compile(r"(?<=\d) -(?=\d[^()]*?\")")
"""Spaces in a path that its minus signs make needless."""

LEAF, FRESH, CLAY, GOLD = "#4f8a6b", "#7db695", "#c4674a", "#d9952a"


def seedling(high: float = 90, leaf: str = LEAF, light: str = FRESH) -> str:
    """Return the mark of the tool as a plant: a stem and two leaves, its foot at the origin."""
    stem = line(f"M0 0V{-high}", leaf, 7)
    return (
        stem
        + fill(f"M0 {-high * 0.62}C-34 {-high * 0.62}-50 {-high * 0.86}-50 {-high * 1.14}C-18 {-high * 1.14} 0 {-high * 0.96} 0 {-high * 0.62}Z", GOLD)
        + fill(f"M0 {-high * 0.84}C0 {-high * 1.16} 18 {-high * 1.36} 50 {-high * 1.36}C50 {-high * 1.06} 34 {-high * 0.84} 0 {-high * 0.84}Z", light)
    )


def ground(w: float, h: float, colour: str = "#8fb08f") -> str:
    """Return a soft patch behind everything, through which the page shows."""
    a, b = w / 2, h / 2
    return fill(
        f"M{-a} {b * 0.3:.0f}C{-a:.0f} {-b * 0.7:.0f} {-a * 0.5:.0f} {-b:.0f} {-a * 0.05:.0f} {-b * 0.92:.0f}C{a * 0.5:.0f} {-b * 0.84:.0f} {a:.0f} {-b * 0.8:.0f} {a:.0f} {b * 0.1:.0f}C{a:.0f} {b:.0f} {a * 0.4:.0f} {b * 0.9:.0f} 0 {b * 0.96:.0f}C{-a * 0.5:.0f} {b:.0f} {-a:.0f} {b:.0f} {-a} {b * 0.3:.0f}Z",
        colour,
        0.28,
    )


def bubble(w: float, h: float, colour: str, side: int, lines: int) -> str:
    """Return a balloon with lines in it for words."""
    a, b = w / 2, h / 2
    found = f'<rect x="{-a:.0f}" y="{-b:.0f}" width="{w:.0f}" height="{h:.0f}" rx="22" fill="{colour}"/>' + fill(f"M{side * 14} {b - 6:.0f}h{side * 30}l{side * -2} 34z", colour)
    return found + "".join(line(f"M{-a + 26:.0f} {-b + 30 + k * 24:.0f}h{(w - 52) * (1, 0.7, 0.85)[k % 3]:.0f}", "#fffaf0", 8, 0.9) for k in range(lines))


def home() -> str:
    """Two people who talk, and a plant that comes up between them."""
    sheet = Sheet(720, 420, "Twee mensen in gesprek, met een jonge plant ertussen")
    one = bust.bust(sheet, replace(cast("mama"), clothes="cardigan", colours=("#34405c", "#8d5a68")), Mood(turn=0.7, gaze=(0.6, 0), smile=0.45, tilt=-3))
    other = bust.bust(sheet, cast("ruben"), Mood(turn=-0.7, gaze=(-0.6, 0), smile=0.5, tilt=3))
    drawn = sheet.svg(
        place(ground(700, 400), 360, 214),
        f"<g {sheet.clip('M0 0H720V372H0Z')}>{place(one, 172, 292, 0.66)}{place(other, 548, 286, 0.66)}</g>",
        place(bubble(150, 74, LEAF, -1, 2), 306, 66, 0.9),
        place(bubble(120, 62, CLAY, 1, 1), 432, 142, 0.9),
        fill("M60 368H660V380C660 386 654 390 648 390H72C66 390 60 386 60 380Z", "#b07c46"),
        place(fill("M-40-54h80l-10 54h-60z", CLAY) + fill("M-46-62h92v16h-92z", "#d17c5e") + place(seedling(96), 0, -56), 360, 368, 0.95),
    )
    before, mark, after = drawn.partition("</desc>")
    return before + mark + MINUS.sub("-", WHOLE.sub(lambda found: f"{float(found[0]):.0f}", after))


def error() -> str:
    """A pot that fell over; the plant is well."""
    sheet = Sheet(560, 320, "Een omgevallen bloempot; de plant leeft nog")
    pot = fill("M-70-50h140l-18 100h-104z", CLAY) + fill("M-78-62h156v26H-78z", "#d17c5e") + fill("M-56-36H-30L-22 50H-40Z", "#fff", 0.12)
    return sheet.svg(
        place(ground(540, 300, "#d8a58a"), 280, 166),
        ellipse(280, 262, 210, 13, "#000", 0.12),
        fill("M96 262C110 214 170 214 214 222C240 228 262 240 272 262Z", "#7a5638") + "".join(ellipse(x, y, r, r, "#7a5638") for x, y, r in ((84, 254, 8), (66, 258, 5), (290, 256, 7))),
        place(pot, 322, 212, 1.0, turn=-98),
        place(seedling(104), 246, 214, 1.0, turn=-72),
        place(line("M0 0v-34M24 6l20-26M-24 6l-20-26", GOLD, 7), 408, 120, 0.9, turn=24),
    )


DRAWINGS = {"home": home, "error": error}
