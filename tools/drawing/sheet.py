"""One SVG under construction: its frame, and the definitions that its parts share."""

import re
from dataclasses import dataclass, field

LONG = re.compile(r"\d+\.\d{4,}")
"""What is left of a sum in a path: more digits than can be seen."""

LICENCE = "Proeftuin, CC BY-SA 4.0"
ROUND = 'stroke-linecap="round" stroke-linejoin="round"'
"""How all lines on a sheet end and meet."""


@dataclass
class Sheet:
    """A drawing of `width` by `height` units; parts ask it for clips and gradients."""

    width: int
    height: int
    title: str
    _defs: dict[str, str] = field(default_factory=dict)

    def clip(self, path: str) -> str:
        """Return the attribute that cuts a shape along a path."""
        name = self._define(f'<path d="{path}"/>', "clipPath", "")
        return f'clip-path="url(#{name})"'

    def down(self, top: str, bottom: str) -> str:
        """Return the paint of a gradient from top to bottom."""
        return self._gradient('x2="0" y2="1"', (top, 1), (bottom, 1))

    def across(self, left: str, right: str) -> str:
        """Return the paint of a gradient from left to right."""
        return self._gradient('x2="1"', (left, 1), (right, 1))

    def fading(self, colour: str, strength: float = 0.6, *, direction: str = "x2='0' y2='1'") -> str:
        """Return the paint of a colour that fades to nothing, as light and shadow do."""
        return self._gradient(direction.replace("'", '"'), (colour, strength), (colour, 0))

    def glow(self, colour: str, strength: float = 0.7) -> str:
        """Return the paint of a round glow."""
        stops = f'<stop stop-color="{colour}" stop-opacity="{strength}"/><stop offset="1" stop-color="{colour}" stop-opacity="0"/>'
        return f"url(#{self._define(stops, 'radialGradient', '')})"

    def svg(self, *parts: str) -> str:
        """Return the whole drawing."""
        defs = LONG.sub(lambda found: n(float(found[0])), "\n".join(f"    {one}" for one in self._defs.values()))
        body = LONG.sub(lambda found: n(float(found[0])), "\n".join(f"  {one}" for one in parts if one))
        box = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {box} {ROUND}>\n  <title>{self.title}</title>\n  <desc>{LICENCE}</desc>\n  <defs>\n{defs}\n  </defs>\n{body}\n</svg>\n'

    def _gradient(self, direction: str, *stops: tuple[str, float]) -> str:
        inside = "".join(f'<stop offset="{place}" stop-color="{colour}"' + (f' stop-opacity="{opacity}"' if opacity != 1 else "") + "/>" for place, (colour, opacity) in enumerate(stops))
        return f"url(#{self._define(inside, 'linearGradient', direction)})"

    def _define(self, inside: str, tag: str, attributes: str) -> str:
        key = f"{tag} {attributes} {inside}"
        if key not in self._defs:
            name = f"d{len(self._defs)}"
            extra = f" {attributes}" if attributes else ""
            self._defs[key] = f'<{tag} id="{name}"{extra}>{inside}</{tag}>'
        return self._defs[key].split('id="', 1)[1].split('"', 1)[0]


def n(value: float) -> str:
    """Write a number as short as it can be."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def fill(path: str, colour: str, opacity: float = 1) -> str:
    """Return a filled path."""
    faint = f' opacity="{opacity}"' if opacity != 1 else ""
    return f'<path d="{path}" fill="{colour}"{faint}/>'


def line(path: str, colour: str, width: float, opacity: float = 1) -> str:
    """Return a line."""
    faint = f' opacity="{opacity}"' if opacity != 1 else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{n(width)}"{faint}/>'


def ellipse(x: float, y: float, rx: float, ry: float, colour: str, opacity: float = 1) -> str:
    """Return an ellipse."""
    faint = f' opacity="{opacity}"' if opacity != 1 else ""
    return f'<ellipse cx="{n(x)}" cy="{n(y)}" rx="{n(rx)}" ry="{n(ry)}" fill="{colour}"{faint}/>'


def place(inside: str, x: float, y: float, scale: float = 1, *, turn: float = 0, mirror: bool = False) -> str:
    """Return a part moved, scaled, turned (degrees) and, if asked, mirrored."""
    if not (x or y or turn or mirror) and scale == 1:
        return inside
    moves = f"translate({n(x)} {n(y)})"
    if turn:
        moves += f" rotate({n(turn)})"
    if mirror:
        moves += f" scale({-scale:.3g} {scale:.3g})"
    elif scale != 1:
        moves += f" scale({scale:.3g})"
    return f'<g transform="{moves}">{inside}</g>'
