"""A head: face, features and what they say. Its origin is the middle of the neck's base; y is up.

In these units an adult's head is 200 high. `parts` returns what lies behind the body's collar and
what lies before it, so that a bust can put its clothes in between.
"""

from dataclasses import dataclass

from . import hair, worn
from .people import Mood, Person
from .sheet import Sheet, ellipse, fill, line, n, place

WHITE = "#fffaf0"
INK = "#2a2420"


@dataclass(frozen=True)
class Shape:
    """The measures of a face: half widths, heights above the neck's base, and its eyes."""

    wide: float
    jaw: float
    chin: float
    eyes: float
    apart: float
    eye: tuple[float, float]
    neck: float


SHAPES = {
    "child": Shape(80, 66, -44, -140, 36, (16.5, 15), 30),
    "teen": Shape(77, 56, -46, -146, 35, (16.5, 13.5), 34),
    "adult": Shape(76, 58, -44, -150, 34, (16.5, 12), 38),
    "broad": Shape(82, 72, -42, -150, 36, (16, 11), 52),
}


def parts(sheet: Sheet, who: Person, mood: Mood) -> tuple[str, str]:
    """Return a head as two parts: the hair behind the body, and everything before it."""
    shape = SHAPES[who.build]
    lock = hair.STYLES[who.hair](who, mood)
    turn = mood.turn
    tilt = mood.tilt
    face = "".join(
        (
            _ears(who, mood, shape),
            _face(sheet, who, mood, shape),
            place(_features(sheet, who, mood, shape), turn * 20, mood.nod * 11),
            place(lock.front, turn * 5, mood.nod * 5),
            worn.glasses(who, mood, shape.eyes + mood.nod * 11, shape.apart, turn * 20),
        )
    )
    drop = n(mood.nod * 4)
    behind = f'<g transform="rotate({n(tilt)}) translate({n(-turn * 4)} {drop})">{lock.back}</g>'
    before = f'<g transform="rotate({n(tilt)}) translate(0 {drop})">{face}</g>'
    return behind, before


def neck(sheet: Sheet, who: Person) -> str:
    """Return the neck, with the shadow of the chin on it."""
    w = SHAPES[who.build].neck
    body = f"M{-w}-100L{-w} 0C{-w} 16 {-w - 20} 22 {-w - 34} 30L{w + 34} 30C{w + 20} 22 {w} 16 {w} 0L{w}-100Z"
    shade = f"M{-w - 4}-80L{w + 4}-80L{w + 2}-26C{w * 0.4}-4 {-w * 0.4}-4 {-w - 2}-26Z"
    return fill(body, who.skin.base) + f"<g {sheet.clip(body)}>{fill(shade, who.skin.shade)}</g>"


def outline(shape: Shape) -> str:
    """Return the path of a face."""
    w, j, c = shape.wide, shape.jaw, shape.chin
    mid = -166
    return f"M{-w} {mid}C{-w}-276 {w}-276 {w} {mid}C{w} {n(c - 56)} {j} {c} 0 {c}C{-j} {c} {-w} {n(c - 56)} {-w} {mid}Z"


def _ears(who: Person, mood: Mood, shape: Shape) -> str:
    if who.hair == "scarf":
        return ""
    y = shape.eyes + 14 + mood.nod * 4
    colour = "#cf6a55" if mood.flush >= 0.7 else who.skin.base
    found = []
    for side in (-1, 1):
        x = side * (shape.wide + 1) - mood.turn * 7
        found.append(ellipse(x, y, 13, 21, colour))
        ear = f"M{n(x + side * 4)} {n(y - 9)}C{n(x - side * 5)} {n(y - 8)} {n(x - side * 4)} {n(y + 5)} {n(x)} {n(y + 8)}"
        found.append(line(ear, who.skin.line, 3.5, 0.7))
    return "".join(found)


def _face(sheet: Sheet, who: Person, mood: Mood, shape: Shape) -> str:
    path = outline(shape)
    side = -1 if mood.turn > 0.3 else 1
    w = shape.wide
    shade = f"M{side * 18}-270C{side * 60}-250 {side * 52}-200 {side * 54}-150C{side * 56}-100 {side * 40}-60 {side * 2} {shape.chin}L{side * (w + 20)} {shape.chin}L{side * (w + 20)}-270Z"
    beard = worn.beard(who, shape.wide, shape.chin, mood.turn, mood.nod)
    blush = ""
    strength = round(0.18 + 0.36 * min(1, mood.flush), 2) if mood.flush >= 0 else 0
    for one in (-1, 1):
        blush += ellipse(one * 46 + mood.turn * 18, shape.eyes + 36 + mood.nod * 10, 28, 20, sheet.glow(who.skin.blush, min(1, strength * 2.2)))
    if strength == 0:
        blush = ""
    pale = fill(path, "#fff", 0.16) if mood.flush < 0 else ""
    return fill(path, who.skin.base) + pale + f"<g {sheet.clip(path)}>{blush}{fill(shade, who.skin.shade, 0.45)}{beard}</g>"


def _features(sheet: Sheet, who: Person, mood: Mood, shape: Shape) -> str:
    found = [_lines_of_age(who, mood, shape)]
    for side in (-1, 1):
        far = 1 - 0.1 * max(0.0, mood.turn * side)
        x = side * shape.apart * far
        found += [_eye(sheet, who, mood, shape, x, side), _brow(who, mood, shape, x, side)]
    found += [_nose(who, mood, shape), _mouth(sheet, who, mood, shape)]
    if who.freckles:
        for x, y in ((-50, 30), (-40, 38), (-30, 29), (-22, 36), (50, 30), (40, 38), (30, 29), (22, 36), (0, 26)):
            found.append(ellipse(x, shape.eyes + y, 2.6, 2.4, who.skin.line, 0.55))
    return "".join(found)


def _eye(sheet: Sheet, who: Person, mood: Mood, shape: Shape, x: float, side: int) -> str:
    w, h = shape.eye
    y = shape.eyes
    wide = h * (1.5 if mood.lids < 0.05 else 1.34)
    top = wide - mood.lids * (wide + h * 0.75)
    low = h * 1.12 - mood.squint * h * 1.5
    if mood.lids >= 0.5:
        low = max(low, -top + 7)
    inner, outer = x - side * w, x + side * w
    lift = 2.5 if who.lashes else 1
    upper = f"M{n(inner)} {n(y + 2)}Q{n(x - side)} {n(y - top)} {n(outer)} {n(y - lift)}"
    lower = f"Q{n(x + side * 2)} {n(y + low)} {n(inner)} {n(y + 2)}Z"
    almond = upper + lower
    gx, gy = mood.gaze
    ix, iy = x + gx * w * 0.52, y - 1 + gy * h * 0.5
    radius = h * (0.8 if shape.eye[1] > 13 else 0.84)
    iris = ellipse(ix, iy, radius, radius, "#4a3325") + ellipse(ix, iy, radius * 0.55, radius * 0.55, "#1d1512")
    shine = ellipse(ix + radius * 0.32, iy - radius * 0.38, radius * 0.24, radius * 0.24, "#fff")
    ball = fill(almond, "#fdf3ea" if not mood.wet else "#fbe9e6")
    inside = f"<g {sheet.clip(almond)}>{iris}{shine}{line(upper, INK, 5, 0.16)}</g>"
    lid = line(upper, INK, 5.2 if who.lashes else 4.4)
    extra = ""
    if who.lashes:
        extra += line(f"M{n(outer)} {n(y - lift)}l{n(side * 5)}-4", INK, 4)
    crease = top + 6 if mood.lids < 0.4 else wide * 0.75
    extra += line(f"M{n(inner + side * 5)} {n(y - crease * 0.62)}Q{n(x)} {n(y - crease * 0.98)} {n(outer - side * 1)} {n(y - crease * 0.5)}", who.skin.line, 2.6, 0.55 if mood.lids < 0.4 else 0.3)
    if mood.squint > 0.3:
        extra += line(f"M{n(inner + side * 4)} {n(y + 10)}Q{n(x)} {n(y + 8)} {n(outer - side * 2)} {n(y + 8)}", who.skin.line, 2.8, 0.6)
    if mood.hair == "tired" or who.age > 50:
        bag = 0.75 if mood.hair == "tired" else 0.4
        extra += line(f"M{n(inner + side * 3)} {n(y + 15)}Q{n(x)} {n(y + 21)} {n(outer - side * 3)} {n(y + 13)}", who.skin.line, 2.8, bag)
    if mood.wet:
        rim = f"M{n(inner + side * 3)} {n(y + low * 0.45)}Q{n(x)} {n(y + low * 0.95)} {n(outer - side * 3)} {n(y + low * 0.4)}"
        extra += line(rim, "#c9696a", 3, 0.8) + line(rim, "#e9f6fa", 4.2)
        if side > 0 and mood.hand:
            extra += fill(f"M{n(x + 4)} {n(y + 16)}c3 6 5 9 5 12a5 5 0 0 1-10 0c0-3 2-6 5-12z", "#d9eef5", 0.9)
    return ball + inside + lid + extra


def _brow(who: Person, mood: Mood, shape: Shape, x: float, side: int) -> str:
    inner, outer = mood.brows
    base = shape.eyes - shape.eye[1] - 17
    cocked = mood.cocked * 13 if side > 0 else -mood.cocked * 2
    yi = base - inner * 11 - cocked * 0.5
    yo = base + 5 - outer * 9 - cocked
    xi = x - side * (19 - max(0, -inner) * 3)
    xo = x + side * 21
    ym = min(yi, yo) - 5 + abs(inner - outer) * 2.5 - cocked * 0.3
    t = 4.6 * who.brow_weight
    path = f"M{n(xi)} {n(yi - t)}Q{n(x + side * 3)} {n(ym - t)} {n(xo)} {n(yo)}Q{n(x + side * 3)} {n(ym + t * 1.1)} {n(xi)} {n(yi + t)}Q{n(xi - side * 3)} {n(yi)} {n(xi)} {n(yi - t)}Z"
    frown = ""
    if inner < -0.5:
        frown = line(f"M{n(side * 7)} {n(yi - 4)}l{n(-side * 1.5)} 11", who.skin.line, 3, 0.55)
    return fill(path, who.brow_colour or who.hair_colour) + frown


def _nose(who: Person, mood: Mood, shape: Shape) -> str:
    y = shape.eyes + (40 if shape.eye[1] < 14 else 34)
    size = 0.85 if who.build in ("child", "teen") else 1.0
    s = -1 if mood.turn < -0.2 else 1
    d = mood.turn * 5
    bridge = "" if who.build == "child" else f"M{n(d + s * 5)} {n(y - 30 * size)}C{n(d + s * 7)} {n(y - 18)} {n(d + s * 13 * size)} {n(y - 8)} {n(d + s * 12 * size)} {n(y - 2)}"
    tip = f"M{n(d + s * 12 * size)} {n(y - 3)}C{n(d + s * 12 * size)} {n(y + 5)} {n(d + s * 2)} {n(y + 7)} {n(d - s * 7 * size)} {n(y + 3)}"
    return line(bridge + tip, who.skin.line, 3.8, 0.85)


def _mouth(sheet: Sheet, who: Person, mood: Mood, shape: Shape) -> str:
    y = shape.eyes + (68 if who.build == "child" else 71)
    w = (25 + max(0, mood.smile) * 8) * mood.width * (0.88 if who.beard else 1)
    curve = mood.smile * (15 if mood.smile > 0 else 11)
    k = mood.skew * 7
    left, right = y - curve * 0.5 + k * 0.6, y - curve * 0.5 - k
    dark = who.skin.lip
    if mood.mouth > 0.2:
        drop = 12 + mood.mouth * 26
        if mood.smile > 0.3:
            path = f"M{n(-w)} {n(left)}Q0 {n(y + curve * 0.25)} {n(w)} {n(right)}C{n(w * 0.85)} {n(y + drop)} {n(-w * 0.85)} {n(y + drop)} {n(-w)} {n(left)}Z"
        else:
            r = w * 0.8
            path = f"M{n(-r)} {n(y)}C{n(-r)} {n(y - 9)} {n(r)} {n(y - 9)} {n(r)} {n(y)}C{n(r)} {n(y + drop * 0.85)} {n(-r)} {n(y + drop * 0.85)} {n(-r)} {n(y)}Z"
        teeth = fill(f"M{n(-w)} {n(y - 20)}h{n(2 * w)}v{n(22 + mood.mouth * 6)}Q0 {n(y + 8 + mood.mouth * 8)} {n(-w)} {n(y + 2 + mood.mouth * 6)}Z", WHITE) if mood.teeth else ""
        tongue = ellipse(0, y + drop * 0.82, w * 0.6, 9, "#c9706a") if mood.mouth > 0.3 else ""
        inside = fill(path, "#5c2a2a") + f"<g {sheet.clip(path)}>{tongue}{teeth}</g>"
        return inside + line(path, dark, 3.4)
    corner = ""
    if mood.press > 0.3:
        flat = curve * 0.5
        path = f"M{n(-w)} {n(y - flat * 0.4 + k * 0.5)}C{n(-w * 0.4)} {n(y + flat - 1)} {n(w * 0.4)} {n(y + flat - 1)} {n(w)} {n(y - flat * 0.4 - k)}"
        corner = line(f"M{n(-w - 4)} {n(y - flat * 0.4 - 5)}v9M{n(w + 4)} {n(y - flat * 0.4 - 5 - k)}v9", who.skin.line, 3, 0.6)
        lip = line(f"M{n(-w * 0.35)} {n(y + 12)}Q0 {n(y + 9)} {n(w * 0.35)} {n(y + 12)}", who.skin.line, 3, 0.55)
        return line(path, dark, 5.6) + corner + lip
    path = f"M{n(-w)} {n(left)}Q0 {n(y + curve)} {n(w)} {n(right)}"
    if mood.smile > 0.4:
        corner = line(f"M{n(-w - 4)} {n(left - 5)}q-3 4-1 8M{n(w + 4)} {n(right - 5)}q3 4 1 8", who.skin.line, 3, 0.6)
    lower = y + max(curve * 0.55, 2) + 11
    gap = ""
    if mood.mouth > 0.05:
        gap = fill(f"{path}Q0 {n(y + curve + 6 + mood.mouth * 30)} {n(-w)} {n(left)}Z", "#5c2a2a")
        lower += 5
    lip = line(f"M{n(-w * 0.36)} {n(lower)}Q0 {n(lower + 2.5)} {n(w * 0.36)} {n(lower)}", who.skin.line, 3.2, 0.5)
    return gap + line(path, dark, 5) + corner + lip


def _lines_of_age(who: Person, mood: Mood, shape: Shape) -> str:
    found = ""
    y = shape.eyes
    tone = who.skin.line
    if who.age >= 40:
        strength = 0.5 if who.age >= 50 else 0.32
        fold = 2 + max(0, mood.smile) * 6
        for side in (-1, 1):
            found += line(f"M{side * 27} {n(y + 48)}Q{n(side * (36 + fold))} {n(y + 58)} {n(side * (36 + fold))} {n(y + 70)}", tone, 3, strength)
            if who.age >= 50:
                found += line(f"M{side * 56} {n(y - 4)}l{side * 9}-4M{side * 57} {n(y + 3)}l{side * 9} 2", tone, 2.6, strength)
    if who.age >= 40 and (mood.brows[0] > 0.35 or mood.cocked > 0.5):
        found += line(f"M-30 {n(y - 55)}Q0 {n(y - 61)} 30 {n(y - 55)}", tone, 3, 0.4)
    return found
