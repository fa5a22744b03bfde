"""Head and shoulders: the clothes that people wear, and what their hands do. Portraits."""

from . import head
from .cast import CAST
from .people import Mood, Person
from .sheet import Sheet, ellipse, fill, line, n, place

SIZE = 480
WIDTHS = {"child": 138, "teen": 158, "adult": 178, "broad": 206}
"""Half the width of the shoulders."""


def portrait(item: str, who: Person, name: str) -> str:
    """Return somebody's portrait in one mood, as a whole SVG."""
    mood = who.moods[name]
    sheet = Sheet(SIZE, SIZE, f"{who.slug}, {name}")
    scale = {"child": 1.28, "teen": 1.23, "adult": 1.2, "broad": 1.14}[who.build]
    body = bust(sheet, who, mood)
    return sheet.svg(f'<rect width="{SIZE}" height="{SIZE}" fill="{who.ground}"/>', ellipse(240, 226, 196, 196, "#fffaf0", 0.5), place(body, 240, 390, scale))


def bust(sheet: Sheet, who: Person, mood: Mood) -> str:
    """Return head and shoulders; the origin is the middle of the neck's base."""
    behind, before = head.parts(sheet, who, mood)
    rise = -mood.shoulders - (20 if who.build in ("child", "teen") else 12)
    move = f'<g transform="translate({n(mood.lean * 0.6)} {n(abs(mood.lean) * 0.2)})">'
    clothes = clothed(sheet, who, rise)
    return f"{move}{behind}</g>{head.neck(sheet, who)}{place(clothes, 0, 0)}{move}{before}</g>{_hands(sheet, who, mood)}"


def torso(who: Person, rise: float) -> str:
    """Return the outline of neck, shoulders and chest."""
    w = WIDTHS[who.build]
    k = head.SHAPES[who.build].neck
    return (
        f"M{-k - 14} {n(8 + rise * 0.5)}C{-k - 26} {n(26 + rise)} {n(-w * 0.72)} {n(24 + rise)} {n(-w * 0.86)} {n(50 + rise)}"
        f"C{n(-w * 1.02)} {n(74 + rise)} {-w} 150 {-w - 4} 190L{w + 4} 190C{w} 150 {n(w * 1.02)} {n(74 + rise)} {n(w * 0.86)} {n(50 + rise)}"
        f"C{n(w * 0.72)} {n(24 + rise)} {k + 26} {n(26 + rise)} {k + 14} {n(8 + rise * 0.5)}"
        f"C{k} 30 {-k} 30 {-k - 14} {n(8 + rise * 0.5)}Z"
    )


def clothed(sheet: Sheet, who: Person, rise: float) -> str:
    """Return the chest as somebody has dressed it."""
    path = torso(who, rise)
    w = WIDTHS[who.build]
    main, other = who.colours
    k = head.SHAPES[who.build].neck
    shade = fill(f"M{n(w * 0.36)} 0C{n(w * 0.5)} 60 {n(w * 0.5)} 120 {n(w * 0.42)} 200L{w + 20} 200V0Z", "#000", 0.07)
    seams = line(f"M{n(-w * 0.66)} 190C{n(-w * 0.68)} 150 {n(-w * 0.66)} 126 {n(-w * 0.6)} 104M{n(w * 0.66)} 190C{n(w * 0.68)} 150 {n(w * 0.66)} 126 {n(w * 0.6)} 104", "#000", 4, 0.16)
    detail = DETAILS[who.clothes](who, k, w, main, other)
    extras = "".join(EXTRAS[one](k) for one in who.extras if one in EXTRAS)
    return fill(path, main) + f"<g {sheet.clip(path)}>{shade}{seams}{detail}{extras}</g>" + over(who, k, rise)


def _sweater(who: Person, k: float, w: float, main: str, other: str) -> str:
    rib = line(f"M{-k - 14} 8C{-k} 42 {k} 42 {k + 14} 8", other, 15)
    knit = "".join(line(f"M{x} {y}l6 7 6-7", "#fff", 3, 0.14) for y in (84, 112, 140, 168) for x in range(-110 + (y % 3) * 12, 110, 40))
    if "collar" in who.extras:
        rib = line(f"M{-k - 10} 18C{-k} 52 {k} 52 {k + 10} 18", "#3f755a", 13) + fill(f"M{-k - 10} 4L-2 34L-26 58L{-k - 22} 22Z", other) + fill(f"M{k + 10} 4L2 34L26 58L{k + 22} 22Z", other)
        rib += line(f"M-2 34L-26 58L{-k - 22} 22M2 34L26 58L{k + 22} 22", "#000", 2.5, 0.12)
    elif who.slug == "karim":
        rib = fill(f"M{-k - 12} 8C-20 30 20 30 {k + 12} 8L0 66Z", other) + line(f"M{-k - 14} 8L0 72L{k + 14} 8", "#79827f", 12)
    return knit + rib


def _hoodie(who: Person, k: float, w: float, main: str, other: str) -> str:
    cords = line("M-26 44C-30 70-28 90-30 112M26 44C30 70 28 84 27 100", "#f4ecd8", 5)
    pocket = line("M-70 190C-62 160-40 150-20 150H20C40 150 62 160 70 190", "#000", 4, 0.14)
    inner = fill(f"M{-k - 18} 2C-20 56 20 56 {k + 18} 2L{k + 26} 18C24 76-24 76 {-k - 26} 18Z", other)
    return inner + cords + pocket


def _cardigan(who: Person, k: float, w: float, main: str, other: str) -> str:
    shirt = fill(f"M{-k - 10} 0C-20 30 20 30 {k + 10} 0L34 190H-34Z", other)
    neck = line(f"M{-k - 4} 14C-18 40 18 40 {k + 4} 14", "#000", 3, 0.14)
    edge = line(f"M{-k - 12} 4C-48 60-34 120-34 190M{k + 12} 4C48 60 34 120 34 190", "#000", 5, 0.16)
    buttons = "".join(ellipse(44, y, 5.5, 5.5, "#f4ecd8", 0.85) for y in (96, 130, 164))
    return shirt + neck + edge + buttons


def _blouse(who: Person, k: float, w: float, main: str, other: str) -> str:
    skin = fill(f"M{-k - 8} 0L0 74L{k + 8} 0C20 24-20 24 {-k - 8} 0Z", who.skin.base) + fill(f"M{-k} 12C-16 34 16 34 {k} 12L{k - 10} 30C14 42-14 42 {-k + 10} 30Z", who.skin.shade, 0.7)
    lapel = f"M{-k - 18} 2C{-k - 2} 8 {-k} 18 0 74L-32 84C-54 56-64 34 {-k - 34} 18Z"
    found = skin + line("M0 74V190", "#000", 3.5, 0.2) + fill(lapel, other) + place(fill(lapel, other), 0, 0, 1, mirror=True)
    return found + "".join(ellipse(0, y, 4.5, 4.5, "#fffaf0", 0.8) for y in (104, 136, 168))


def _coat(who: Person, k: float, w: float, main: str, other: str) -> str:
    lapel = f"M{-k - 20} 0C{-k - 8} 30-30 80-4 118L-40 128C-70 92-86 54 {-k - 44} 16Z"
    found = fill(f"M{-k - 12} 0L0 120L{k + 12} 0Z", other) + fill(lapel, "#000", 0.18) + place(fill(lapel, "#000", 0.18), 0, 0, 1, mirror=True)
    found += line("M-2 118V190", "#000", 4, 0.25) + "".join(ellipse(18, y, 6.5, 6.5, "#000", 0.3) for y in (138, 172))
    return found + line(f"M{-k - 2} 16C-18 46 18 46 {k + 2} 16", "#000", 4, 0.15)


def _jacket(who: Person, k: float, w: float, main: str, other: str) -> str:
    lapel = f"M{-k - 16} 2C{-k - 6} 30-34 90-8 140L-44 112L-58 118L-66 84C-80 60-84 40 {-k - 40} 14Z"
    found = fill(f"M{-k - 12} 0L0 144L{k + 12} 0C20 24-20 24 {-k - 12} 0Z", other) + line(f"M{-k + 2} 20C-16 44 16 44 {k - 2} 20", "#000", 3, 0.15)
    found += fill(lapel, "#3b6d58") + place(fill(lapel, "#3b6d58"), 0, 0, 1, mirror=True) + line("M0 144V190", "#000", 4, 0.25)
    return found + ellipse(70, 112, 9, 9, "#d9952a") + ellipse(70, 112, 4, 4, "#f4dc9f")


def _shirt(who: Person, k: float, w: float, main: str, other: str) -> str:
    skin = fill(f"M{-k - 6} 0L0 58L{k + 6} 0C20 24-20 24 {-k - 6} 0Z", who.skin.base) + fill(f"M{-k} 10C-16 32 16 32 {k} 10L{k - 12} 28C12 38-12 38 {-k + 12} 28Z", who.skin.shade, 0.8)
    wing = f"M{-k - 14} -4C{-k - 4} 14-18 40 0 58L-30 84L{-k - 30} 22Z"
    found = skin + line("M0 58V190", "#000", 3.5, 0.2) + fill(wing, other) + place(fill(wing, other), 0, 0, 1, mirror=True)
    return found + "".join(ellipse(0, y, 4.5, 4.5, "#fffaf0", 0.85) for y in (88, 122, 156))


def _checked(who: Person, k: float, w: float, main: str, other: str) -> str:
    grid = "".join(line(f"M{x} 0V190", other, 7, 0.4) for x in range(-168, 190, 42)) + "".join(line(f"M-200 {y}H200", other, 7, 0.4) for y in range(32, 190, 42))
    grid += "".join(line(f"M{x} 0V190", "#c4674a", 2.5, 0.5) for x in range(-147, 190, 42)) + "".join(line(f"M-200 {y}H200", "#c4674a", 2.5, 0.5) for y in range(53, 190, 42))
    pocket = fill("M58 96h64v70l-32 12-32-12z", main) + line("M58 96h64v70l-32 12-32-12z", "#000", 3, 0.18)
    return grid + pocket + _shirt(who, k, w, main, "#eef2f0")


def _work(who: Person, k: float, w: float, main: str, other: str) -> str:
    found = fill(f"M{-k - 16}-6C{-k - 4} 20-24 50-6 78L-30 96C-62 70-80 40 {-k - 36} 14Z", "#22354a")
    found += place(fill(f"M{-k - 16}-6C{-k - 4} 20-24 50-6 78L-30 96C-62 70-80 40 {-k - 36} 14Z", "#22354a"), 0, 0, 1, mirror=True)
    found += fill(f"M{-k - 4} 6L0 72L{k + 4} 6C20 26-20 26 {-k - 4} 6Z", "#8e9797")
    strip = fill(f"M{-w - 20} 118H{w + 20}V146H{-w - 20}Z", "#e9e4cf") + fill(f"M{-w - 20} 124H{w + 20}V129H{-w - 20}ZM{-w - 20} 135H{w + 20}V140H{-w - 20}Z", "#f0c673", 0.8)
    return found + strip + line("M0 74V190", "#dfe5e4", 5, 0.6) + fill("M66 82h66v8h-66z", "#22354a")


def _vest(who: Person, k: float, w: float, main: str, other: str) -> str:
    """A striped jumper under a bodywarmer."""
    stripes = "".join(fill(f"M{-w - 20} {y}H{w + 20}V{y + 15}H{-w - 20}Z", other) for y in range(18, 200, 30))
    inside = stripes + line(f"M{-k - 12} 8C{-k} 40 {k} 40 {k + 12} 8", "#2f4557", 13)
    half = "M-30 6C-36 60-30 130-28 190H-112C-104 140-106 90-120 40L-74 16Z"
    quilt = line("M-116 62C-90 70-60 70-32 66M-108 104C-84 112-56 112-30 108M-108 146C-84 154-56 154-29 150", "#000", 4, 0.16)
    body = fill(half, "#4f8a6b") + quilt
    zip_ = line("M-30 10C-36 60-30 130-28 190M30 10C36 60 30 130 28 190", "#f4ecd8", 4, 0.8)
    return inside + body + place(body, 0, 0, 1, mirror=True) + zip_


DETAILS = {
    "sweater": _sweater, "hoodie": _hoodie, "cardigan": _cardigan, "blouse": _blouse, "coat": _coat,
    "jacket": _jacket, "shirt": _shirt, "checked": _checked, "work": _work, "vest": _vest,
}  # fmt: skip

EXTRAS = {
    "lanyard": lambda k: line(f"M{-k - 16} 14C-40 80-14 120-4 146M{k + 16} 14C40 80 14 120 4 146", "#1f5f4a", 7)
    + fill("M-24 144h48v46h-48z", "#fffdf6") + fill("M-16 154h32v6h-32zM-16 168h20v6h-20z", "#b9b5a2"),
    "keys": lambda k: line(f"M{-k - 16} 14C-40 80-14 120-4 140M{k + 16} 14C40 80 14 120 4 140", "#34495a", 7)
    + '<circle cx="0" cy="152" r="11" fill="none" stroke="#8a8f8c" stroke-width="5"/>' + line("M-4 162l-8 26M6 162l6 28", "#b9bdb8", 8),
    "cord": lambda k: line(f"M{-k - 4} 6C-60 40-34 78 0 78C34 78 60 40 {k + 4} 6", "#5b4a36", 3.4, 0.9),
    "pen": lambda k: fill("M74 76h10v44h-10z", "#c4574a") + fill("M74 76h10v10h-10z", "#2a2420"),
    "strap": lambda k: line("M-96 10C-104 70-100 130-96 200", "#34495a", 26) + line("M-96 10C-104 70-100 130-96 200", "#fff", 2.5, 0.25),
}  # fmt: skip


def over(who: Person, k: float, rise: float) -> str:
    """Return what is worn round the neck, over everything."""
    if who.slug == "van-loon":
        scarf = fill("M-66-6C-40 22 40 22 66-6C84 10 84 38 62 50C26 70-26 70-62 50C-84 38-84 10-66-6Z", who.colours[1])
        scarf += fill("M-40 48C-52 90-56 130-54 176L-4 178C-4 130-6 90-2 56Z", "#b55a3f")
        return place(scarf + line("M-62 20C-30 42 30 44 66 18M-50 40C-20 56 30 56 58 38M-38 80C-42 110-42 140-40 170", "#000", 3.5, 0.14), 0, rise * 0.5)
    if who.clothes == "hoodie":
        low = n(rise * 0.6)
        hood = f"M{-k - 20} -16C{-k - 60} 6 {-k - 46} 50 -4 62L4 62C{k + 46} 50 {k + 60} 6 {k + 20} -16C{k + 22} 12 22 34 0 36C-22 34 {-k - 22} 12 {-k - 20} -16Z"
        edge = line(f"M{-k - 20} -16C{-k - 22} 12-22 34 0 36C22 34 {k + 22} 12 {k + 20} -16", "#000", 3, 0.16)
        return f'<g transform="translate(0 {low})">{fill(hood, who.colours[1])}{edge}</g>'
    return ""


def fist(who: Person) -> str:
    """Return a loosely closed hand, its wrist below."""
    s = who.skin
    body = fill("M-27 26C-34 4-32-18-20-26C-8-33 16-33 26-22C34-12 32 10 24 28Z", s.base)
    return body + line("M-8-28C-12-18-12-10-9-3M6-30C3-20 3-12 5-5M19-27C17-18 17-12 18-6", s.line, 3.2, 0.7) + line("M-28 2C-20-8-8-8-2 0C2 6-2 12-10 12", s.line, 3.2, 0.7)


def palm(who: Person) -> str:
    """Return an open hand, fingers up."""
    s = who.skin
    fingers = ((-20, -16, -27, -58), (-7, -20, -9, -68), (7, -19, 9, -65), (20, -12, 26, -50))
    found = "".join(line(f"M{a} {b}L{c} {d}", s.base, 14.5) for a, b, c, d in fingers)
    found += line("M-22 16L-44-12", s.base, 16)
    found += fill("M-29-14C-22-26 22-26 29-12C31 8 26 26 20 34H-18C-26 22-30 4-29-14Z", s.base)
    return found + line("M-13-22V-14M0-24V-16M13-22V-14", s.line, 3, 0.55) + line("M-18 0C-6 10 8 8 20-2", s.line, 3, 0.4)


def arm(who: Person, path: str, width: float = 62) -> str:
    """Return a sleeved arm along a path, with its edge drawn."""
    return line(path, darker(sleeve(who)), width + 7) + line(path, sleeve(who), width)


def sleeve(who: Person) -> str:
    """Return the colour of somebody's sleeves."""
    return "#b9483c" if who.clothes == "vest" else who.colours[0]


def darker(colour: str) -> str:
    """Return a colour a little darker, for edges."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part * 0.86):02x}" for part in parts)


def _hands(sheet: Sheet, who: Person, mood: Mood) -> str:
    found = ""
    if mood.hand == "pen":
        pen = line("M-2-30L26-96", "#34495a", 9) + line("M24-91L26-96", "#d9952a", 9)
        found = arm(who, "M150 210L72 80", 60) + place(place(pen, 6, -8) + fist(who), 46, 14, turn=-24)
    elif mood.hand == "raised":
        found = arm(who, "M-190 200L-156 92", 60) + place(line("M2 60L0 20", who.skin.base, 34) + palm(who), -146, 30, turn=-6)
    elif mood.hand == "scarf":
        found = arm(who, "M150 230L66 118", 64) + place(fist(who), 30, 62, 1.05, turn=-40)
    elif mood.hand == "ball":
        marks = fill("M-26-16L0-36 26-16 16 16H-16Z", "#34495a")
        marks += line("M0-36V-80M26-16L80-34M16 16L50 62M-16 16L-50 62M-26-16L-80-34", "#34495a", 4.5)
        marks += fill("M30-80C60-30 60 30 20 90L90 90V-80Z", "#000", 0.1)
        disc = ellipse(0, 0, 66, 66, "#ece8da") + f"<g {sheet.clip(_circle(0, 0, 66))}>{marks}</g>"
        found = arm(who, "M-104 24C-156 40-186 84-190 150", 44) + place(disc, -112, 64, 0.94)
        found += place(fist(who), -126, 70, 0.95, turn=64)
    elif mood.hand == "chin":
        side = 1 if mood.tilt < 0 else -1
        found = place(arm(who, "M112 220L48 50", 58) + place(fist(who), 30, -14, 1.02, turn=-14), -side * 4, 4, mirror=side < 0)
    elif mood.hand == "mouth":
        found = arm(who, "M120 220L52 40", 60) + place(palm(who), 26, -36, 0.98, turn=-28)
    elif mood.hand == "crossed":
        found = arm(who, "M-172 84C-150 128-60 112 40 74", 50) + place(fist(who), 74, 58, 0.92, turn=62, mirror=True)
        found += arm(who, "M172 84C150 132 70 124-84 86", 50)
    elif mood.hand == "flat":
        table = fill("M-300 46H300V200H-300Z", "#cf9f66") + fill("M-300 46H300v6H-300z", "#fff", 0.25)
        spread = line("M-30 2H34M-36-9L20-12M-30 13H30M-18-19L20-20", who.skin.base, 14) + fill("M10-28C40-30 66-20 74 0C66 20 40 24 8 20Z", who.skin.base)
        spread += line("M-28-3H6M-26 8H6M-18-14H8", who.skin.line, 3, 0.5)
        found = table + arm(who, "M182 190C176 130 154 92 116 76", 54) + place(spread, 36, 66, 1.05, turn=10)
    elif mood.hand == "folder":
        map_ = fill("M-62-76H48l12 12V120H-62Z", "#34495a") + fill("M-54-66H52V120H-54Z", "#f4ecd8") + fill("M-62-54H44V120H-62Z", "#41586b")
        found = place(map_, -116, 80, turn=-8) + place(fist(who), -150, 84, 0.95, turn=58)
    if who.slug == "hessel" and mood.hair == "no-glasses":
        found += place(
            '<g fill="#fff" fill-opacity=".3" stroke="#5b4a36" stroke-width="4.4"><ellipse cx="-26" rx="24" ry="17"/><ellipse cx="28" cy="2" rx="24" ry="17"/></g>'
            + line("M-3-4q4-5 8 0", "#5b4a36", 4),
            0,
            78,
            0.95,
            turn=6,
        )
    return found


def _circle(x: float, y: float, r: float) -> str:
    return f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 1 0 {n(2 * r)} 0a{n(r)} {n(r)} 0 1 0 {n(-2 * r)} 0Z"


def all_portraits() -> dict[str, str]:
    """Return every portrait in the cast: its name under `content/art`, and its SVG."""
    return {f"{item}/{who.slug}-{mood}": portrait(item, who, mood) for item, people in CAST.items() for who in people for mood in who.moods}
