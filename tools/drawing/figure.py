"""Whole people in the drawings: the same heads and clothes as in the portraits, with arms and legs.

Units are those of a head; the origin is the middle of the neck's base. A standing adult's feet
are 800 below it.
"""

from dataclasses import dataclass, replace

from . import bust, hair, head
from .people import Mood, Person
from .sheet import Sheet, ellipse, fill, line, n, place

QUIET = Mood()
FEET = {"child": 640, "teen": 760, "adult": 800, "broad": 820}
"""How far the feet are below the neck's base."""


@dataclass(frozen=True)
class Arm:
    """Where an elbow and a hand are, and what the hand does: fist, palm or none."""

    elbow: tuple[float, float]
    hand: tuple[float, float]
    shape: str = "fist"
    turn: float = 0
    holds: str = ""
    """Something in the hand, drawn under it."""


def hanging(side: int, who: Person) -> Arm:
    """Return an arm that hangs down."""
    w = bust.WIDTHS[who.build]
    return Arm((side * (w + 8), 210), (side * (w - 6), 360), turn=180)


def limb(who: Person, side: int, pose: Arm, *, rise: float = -12) -> str:
    """Return one arm in its sleeve, and its hand."""
    w = bust.WIDTHS[who.build]
    thick = {"child": 50, "teen": 54, "adult": 58, "broad": 66}[who.build]
    sx, sy = side * (w * 0.84), 82 + rise
    (ex, ey), (hx, hy) = pose.elbow, pose.hand
    # the sleeve ends a little before the hand
    dx, dy = hx - ex, hy - ey
    length = max(1.0, (dx * dx + dy * dy) ** 0.5)
    cx, cy = hx - dx / length * 20, hy - dy / length * 20
    sleeve = bust.arm(who, f"M{n(sx)} {n(sy)}Q{n(ex)} {n(ey)} {n(cx)} {n(cy)}", thick)
    made = {"fist": bust.fist, "palm": bust.palm}.get(pose.shape)
    hand = place(made(who), hx, hy, 0.95, turn=pose.turn, mirror=side < 0) if made else ""
    wrist = line(f"M{n(cx)} {n(cy)}L{n(hx)} {n(hy)}", who.skin.base, thick * 0.56) if made else ""
    return wrist + sleeve + (place(pose.holds, hx, hy) if pose.holds else "") + hand


def half(sheet: Sheet, who: Person, mood: Mood, left: Arm | None = None, right: Arm | None = None) -> tuple[str, str]:
    """Return somebody behind a table: the body, and the arms that lie on the table.

    Left and right are those of the picture.
    """
    body = _long_bust(sheet, who, replace(mood, hand=""), low=236)
    arms = "".join(limb(who, side, pose) for side, pose in ((-1, left), (1, right)) if pose)
    return body, arms


def standing(
    sheet: Sheet, who: Person, mood: Mood = QUIET, left: Arm | None = None, right: Arm | None = None, *, trousers: str = "#3b4a58", stride: float = 0, under: str = "", shoes: str = "#3a332c"
) -> str:
    """Return somebody on their feet, seen from the front; `under` lies between body and arms."""
    arms = "".join(limb(who, side, pose) for side, pose in ((-1, left or hanging(-1, who)), (1, right or hanging(1, who))))
    return _legs(who, trousers, stride, shoes) + _long_bust(sheet, who, replace(mood, hand="")) + under + arms


def seated(sheet: Sheet, who: Person, mood: Mood, left: Arm, right: Arm, *, trousers: str = "#3b4a58", under: str = "", high: float = 1.0) -> str:
    """Return somebody on a chair, seen from the front, knees towards us; feet at 620 by `high`."""
    w = bust.WIDTHS[who.build]
    down = 620 * high
    legs = line(f"M-58 430L-62 {n(down - 30)}M58 430L62 {n(down - 30)}", trousers, 72) + _shoe(-66, down, "#3a332c") + _shoe(66, down, "#3a332c")
    lap = line("M-50 330L-66 420M50 330L66 420", trousers, 104) + line("M-8 340L-12 440M8 340L12 440", "#000", 3, 0.12)
    seat = fill(f"M{n(-w * 0.8)} 170H{n(w * 0.8)}V340C{n(w * 0.5)} 372 {n(-w * 0.5)} 372 {n(-w * 0.8)} 340Z", who.colours[0])
    arms = "".join(limb(who, side, pose) for side, pose in ((-1, left), (1, right)))
    return legs + lap + seat + _long_bust(sheet, who, replace(mood, hand=""), low=340) + under + arms


def behind(sheet: Sheet, who: Person, left: Arm | None = None, right: Arm | None = None, *, legs: str = "", tilt: float = 0, stride: float = 0, under: str = "") -> str:
    """Return somebody seen from behind; with a colour for trousers in `legs` also standing."""
    path = bust.torso(who, -12)
    w = bust.WIDTHS[who.build]
    look = hair.STYLES[who.hair](who, QUIET)
    shape = head.SHAPES[who.build]
    ears = "" if who.hair in ("scarf", "veil", "long", "mane", "bob") else ellipse(-shape.wide, shape.eyes + 14, 12, 20, who.skin.base) + ellipse(shape.wide, shape.eyes + 14, 12, 20, who.skin.base)
    found = _legs(who, legs, stride, "#3a332c") if legs else ""
    arms = "".join(limb(who, side, pose) for side, pose in ((-1, left), (1, right)) if pose)
    collar = "" if who.hair in ("scarf",) else line(f"M{-shape.neck - 12} 4C{-shape.neck} 22 {shape.neck} 22 {shape.neck + 12} 4", bust.darker(who.colours[0]), 12)
    hem = fill(f"M{n(-w - 4)} 186H{n(w + 4)}L{n(w * 0.94)} {n(_hem(who))}H{n(-w * 0.94)}Z", who.colours[0])
    seam = line(f"M{n(-w * 0.66)} 190C{n(-w * 0.68)} 150 {n(-w * 0.66)} 126 {n(-w * 0.6)} 104M{n(w * 0.66)} 190C{n(w * 0.68)} 150 {n(w * 0.66)} 126 {n(w * 0.6)} 104", "#000", 4, 0.16)
    shade = f"<g {sheet.clip(path)}>{fill(f'M{n(w * 0.4)} 0C{n(w * 0.54)} 60 {n(w * 0.54)} 120 {n(w * 0.46)} 200L{w + 20} 200V0Z', '#000', 0.08)}{_back_of(who, w)}</g>"
    scalp = f'<g transform="rotate({n(tilt)})">{ears}{look.behind}</g>'
    return found + hem + head.neck(sheet, who) + fill(path, who.colours[0]) + shade + seam + collar + under + scalp + arms


def _back_of(who: Person, w: float) -> str:
    if who.clothes == "vest":
        stripes = "".join(fill(f"M{-w - 20} {y}H{w + 20}V{y + 15}H{-w - 20}Z", who.colours[1]) for y in range(18, 200, 30))
        return (
            stripes
            + fill("M-112 0H112C106 90 106 140 112 200H-112C-106 140-106 90-112 0Z", "#4f8a6b")
            + line("M-108 66C-50 74 50 74 108 66M-106 110C-50 118 50 118 106 110M-108 152C-50 160 50 160 108 152", "#000", 4, 0.15)
        )
    if who.clothes == "work":
        return fill(f"M{-w - 20} 118H{w + 20}V146H{-w - 20}Z", "#e9e4cf") + fill(f"M{-w - 20} 124H{w + 20}V129H{-w - 20}ZM{-w - 20} 135H{w + 20}V140H{-w - 20}Z", "#f0c673", 0.8)
    if who.clothes == "hoodie":
        return fill("M-70-6C-80 60-40 104 0 104C40 104 80 60 70-6Z", who.colours[1])
    return ""


def _hem(who: Person) -> float:
    return {"child": 330, "teen": 390, "adult": 410, "broad": 420}[who.build] + (110 if who.clothes == "coat" else 0)


def _long_bust(sheet: Sheet, who: Person, mood: Mood, *, low: float = 0) -> str:
    """Return a bust whose clothes go on below the chest."""
    w = bust.WIDTHS[who.build]
    low = low or _hem(who)
    narrow = w * (0.98 if who.clothes == "coat" else 0.9)
    body = fill(f"M{n(-w - 4)} 176H{n(w + 4)}L{n(narrow)} {n(low)}H{n(-narrow)}Z", who.colours[0])
    body += fill(f"M{n(w * 0.42)} 176H{n(w + 4)}L{n(narrow)} {n(low)}H{n(w * 0.4)}Z", "#000", 0.07)
    if who.clothes == "vest":
        body += fill(f"M{n(-112)} 176H-28V{n(low)}H-112ZM28 176H112V{n(low)}H28Z", "#4f8a6b") + "".join(fill(f"M-28 {y}H28v15H-28z", who.colours[1]) for y in range(198, int(low), 30))
    elif who.clothes in ("cardigan", "jacket"):
        body += fill(f"M-34 176H34V{n(low)}H-34Z", who.colours[1])
    elif who.clothes in ("coat", "blouse", "shirt", "work"):
        body += line(f"M-1 176V{n(low)}", "#000", 4, 0.2)
    return body + bust.bust(sheet, who, mood)


def _legs(who: Person, trousers: str, stride: float, shoes: str) -> str:
    feet = FEET[who.build]
    hip = _hem(who) - 40
    thick = {"child": 66, "teen": 78, "adult": 86, "broad": 94}[who.build]
    low = feet - 24
    found = line(f"M-46 {n(hip)}L{n(-50 - stride)} {n(low - abs(stride) * 0.2)}M46 {n(hip)}L{n(50 + stride)} {n(low)}", trousers, thick)
    found += line(f"M0 {n(hip + 20)}L0 {n(hip + 90)}", "#000", 4, 0.2)
    return _shoe(-54 - stride, feet - abs(stride) * 0.2, shoes) + _shoe(54 + stride, feet, shoes) + found


def _shoe(x: float, y: float, colour: str) -> str:
    return fill(f"M{n(x - 44)} {n(y)}C{n(x - 48)} {n(y - 40)} {n(x + 48)} {n(y - 40)} {n(x + 44)} {n(y)}Z", colour)
