"""Beards and glasses, in the units of a head (see `head`)."""

from .hair import strands
from .people import Mood, Person
from .sheet import fill, line, n


def beard(who: Person, wide: float, chin: float, turn: float, nod: float) -> str:
    """Return what grows on somebody's chin and lip; it is cut along the face."""
    c = who.beard_colour
    if not who.beard:
        return ""
    move = f"translate({n(turn * 18)} {n(nod * 10)})"
    w = wide + 6
    around = (
        f"M{-w}-160L{-w + 13}-146C{-w + 14}-112-58-92-40-94C-28-104-16-107 0-104C16-107 28-104 40-94C58-92 {w - 14}-112 {w - 13}-146L{w}-160L{w} {chin + 20}L{-w} {chin + 20}Z"
        "M-31-84C-18-92 18-92 31-84C30-68 14-60 0-60C-14-60-30-68-31-84Z"
    )
    lip = "M-36-84C-34-100-12-108 0-102C12-108 34-100 36-84C24-92 12-93 0-91C-12-93-24-92-36-84Z"
    if who.beard == "moustache":
        thick = "M-42-78C-42-98-16-112 0-103C16-112 42-98 42-78C28-88 14-90 0-88C-14-90-28-88-42-78Z"
        return f'<g transform="{move}">{fill(thick, c)}{strands("M-30-90C-20-98-10-100-4-98", "M30-90C20-98 10-100 4-98", strength=0.15)}</g>'
    strength = {"short": 0.92, "full": 1, "stubble": 0.3}[who.beard]
    shape = f'<path d="{around}" fill="{c}" fill-rule="evenodd" opacity="{strength}"/>'
    grown = fill(lip, c, strength)
    if who.beard == "full":
        grown += strands("M-52-84C-48-64-36-52-20-46", "M52-84C48-64 36-52 20-46", "M-62-104C-60-84-54-70-46-60", "M62-104C60-84 54-70 46-60", "M-6-58v10M8-58v10", strength=0.3)
    return f'<g transform="{move}">{shape}{grown}</g>'


def glasses(who: Person, mood: Mood, eyes: float, apart: float, turn: float) -> str:
    """Return somebody's glasses where they are in this mood: on the nose, low, or up in the hair."""
    if not who.glasses or mood.hair == "no-glasses":
        return ""
    frame, glass = "#2f2a26", "#fff"
    rx, ry, y, width = 27.0, 25.0, eyes + 2, 5.0
    if who.glasses == "half":
        frame, rx, ry, y, width = ("#8a3f33", 27, 17, eyes + (24 if mood.hair == "low-glasses" else 13), 4.6)
    elif who.glasses == "reading":
        frame, rx, ry, y, width = "#5b4a36", 27, 20, eyes + 8, 4.4
    elif who.glasses == "up":
        frame, rx, ry, y, width = "#7a3b2e", 30, 19, -232, 5
    found = ""
    for side in (-1, 1):
        x = side * (apart + 1)
        found += f'<ellipse cx="{n(x + turn)}" cy="{n(y)}" rx="{rx}" ry="{ry}" fill="{glass}" fill-opacity=".16" stroke="{frame}" stroke-width="{width}"/>'
        found += line(f"M{n(x + turn + 6)} {n(y + ry - 8)}l{n(rx - 14)} {n(-rx + 14)}", "#fff", 3, 0.4)
    bridge = f"M{n(turn - apart - 1 + rx)} {n(y - 4)}q{n(apart + 1 - rx)}-7 {n(2 * (apart + 1 - rx))} 0"
    found += line(bridge, frame, width)
    if who.glasses != "up":
        arms = "".join(f"M{n(s * (apart + 1 + rx) + turn)} {n(y - 5)}L{n(s * 77)} {n(eyes - 4)}" for s in (-1, 1))
        found += line(arms, frame, width - 0.6)
    return found
