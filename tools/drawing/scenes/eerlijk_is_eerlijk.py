"""Eerlijk is eerlijk: Noor, Daan, and a text that a machine helped to write."""

from .. import figure, room, things
from ..figure import Arm
from ..people import Mood
from ..sheet import Sheet, fill, line, place
from .people import LOOKS_LEFT, LOOKS_RIGHT, PUPILS, YOU, cast, mood

NOOR, DAAN, SAMIRA = cast("noor"), cast("daan"), cast("samira")


def classroom(sheet: Sheet, floor: int = 560) -> str:
    """Return the classroom as seen from the screen: its back wall, with a window and shelves."""
    found = room.room(sheet, floor)
    found += room.window(sheet, 70, 70, 380, 330, "day", place(room.tree(), 110, 330, 0.9))
    found += room.pinboard(1180, 110)
    shelf = fill("M0 0h330v14H0z", "#b07c46")
    for at, (colour, high) in enumerate((("#c4674a", 92), ("#1f5f4a", 84), ("#d9952a", 96), ("#34495a", 80), ("#4f8a6b", 90), ("#c4674a", 76))):
        shelf += fill(f"M{16 + at * 34} 0v-{high}h28v{high}z", colour) + fill(f"M{20 + at * 34}-{high - 18}h20v12h-20z", "#fffdf6", 0.7)
    return found + place(shelf + place(things.plant(), 276, 0, 0.6), 700, 262)


def cover() -> str:
    """Noor and Daan at one table, an empty balloon between them."""
    sheet = Sheet(1600, 900, "Noor en Daan aan één tafel; tussen hen een lege tekstballon")
    noor, noors = figure.half(sheet, NOOR, mood("noor", "dicht", lids=0.6, turn=0.15), Arm((-190, 190), (-60, 236), turn=40), Arm((190, 190), (70, 232), turn=40))
    daan, daans = figure.half(sheet, DAAN, mood("daan", "vlot", turn=-0.5, gaze=(-0.5, 0)), Arm((-250, 170), (-232, 60), "palm", 16), Arm((250, 180), (240, 66), "palm", 16))
    return sheet.svg(
        room.room(sheet, 600),
        room.window(sheet, 70, 60, 300, 330, "day", place(room.tree(), 100, 330, 0.9)),
        room.pinboard(1270, 110),
        place(noor, 500, 470, 1.08),
        place(daan, 1090, 456, 1.1),
        things.table(sheet, 800, 640, 1300, 170, 120, 0),
        place(things.lid(open_by=0.5), 500, 752, 1.2),
        place(noors, 500, 470, 1.08),
        place(daans, 1090, 456, 1.1),
        place(things.paper(), 1060, 760, 1.1),
        place(things.pencil("#c4674a"), 850, 776, 0.9, turn=-18),
        place(things.balloon(280, 180, side=1), 800, 190),
    )


def hardop() -> str:
    """Said aloud: Noor pulls her laptop shut, heads turn."""
    sheet = Sheet(1600, 900, "Noor trekt haar laptop dicht, Daan leunt achterover, de klas kijkt om")
    row = ""
    for at, (who, look) in enumerate(zip(PUPILS, (LOOKS_RIGHT, LOOKS_RIGHT, Mood(turn=0.5, gaze=(0.5, 0.2)), Mood(turn=-0.6, gaze=(-0.5, 0.2)), LOOKS_LEFT, LOOKS_LEFT), strict=True)):
        x = (120, 380, 650, 950, 1220, 1480)[at]
        row += place(figure.half(sheet, who, look)[0], x, 396 + (at % 2) * 10, 0.56)
    far = "".join(things.table(sheet, x, 480, 380, 40, 26, 110) for x in (250, 800, 1350))
    laptops = "".join(place(things.lid(), x, 504, 0.5) for x in (150, 360, 700, 930, 1250, 1470))
    noor, noors = figure.half(sheet, NOOR, mood("noor", "dicht", shoulders=20), Arm((-190, 200), (-92, 196), "palm", 66), Arm((190, 200), (92, 196), "palm", 66))
    daan, daans = figure.half(sheet, DAAN, mood("daan", "vlot", turn=-0.4, gaze=(-0.5, 0), smile=0.35), Arm((-236, 150), (-100, 130), "fist", 60), Arm((236, 150), (110, 150), "fist", 80))
    return sheet.svg(
        room.room(sheet, 470),
        room.window(sheet, 120, 40, 300, 230, "day"),
        room.window(sheet, 520, 40, 300, 230, "day"),
        room.pinboard(1120, 60),
        row,
        far,
        laptops,
        place(noor, 520, 560, 1.0),
        place(daan, 1110, 540, 1.02),
        things.table(sheet, 800, 730, 1180, 170, 120, 0),
        place(things.lid(open_by=0.62), 520, 822, 1.16),
        place(noors, 520, 560, 1.0),
        place(daans, 1110, 540, 1.02),
        place(things.paper(), 1080, 850, 1.0),
    )


def naast_de_tafel() -> str:
    """The teacher crouches beside Noor's table."""
    sheet = Sheet(1600, 900, "Een leraar hurkt naast de tafel van Noor; haar scherm toont drie regels, de stoel van Daan is leeg")
    you = figure.behind(sheet, YOU, Arm((-220, 220), (-150, 330), "none"), Arm((230, 170), (250, 60), turn=-20), tilt=8)
    noor = figure.behind(sheet, NOOR, Arm((-200, 200), (-120, 250), "none"), Arm((206, 180), (186, 24), turn=16), tilt=-6)
    plan = "".join(line(f"M60 {60 + row * 44}h{wide}", "#9db5ad", 9) for row, wide in enumerate((320, 260, 340)))
    return sheet.svg(
        room.room(sheet, 520),
        room.screen(sheet, 150, 70, 520, 300, plan),
        room.window(sheet, 1120, 60, 380, 330, "day", place(room.tree(), 250, 330, 0.9)),
        "".join(place(things.chair(colour), x, 420, 0.5) for x, colour in ((860, "#4f8a6b"), (980, "#c4674a"))),
        things.table(sheet, 920, 410, 330, 34, 20, 80),
        things.table(sheet, 880, 560, 900, 150, 100, 300),
        place(things.laptop(sheet, 3), 850, 640, 1.35),
        place(things.paper(), 1190, 650, 0.9),
        place(things.chair("#d9952a"), 1190, 660, 1.6),
        place(noor, 640, 690, 1.05),
        place(you, 290, 720, 1.1),
    )


def ruilen() -> str:
    """Noor takes her laptop to another table, where Samira makes room."""
    sheet = Sheet(1600, 900, "Noor loopt met haar laptop naar Samira, die haar tas van de stoel haalt")
    machine = place(fill("M-120-84h240a10 10 0 0 1 10 10V74h-260V-74a10 10 0 0 1 10-10z", "#52626a") + fill("M-20-10a20 20 0 1 0 40 0 20 20 0 1 0-40 0z", "#8fa1a6"), 0, 250, 0.9)
    noor = figure.standing(
        sheet, NOOR, mood("noor", "rustig", turn=0.6, gaze=(0.7, 0)), Arm((-200, 230), (-96, 300), turn=70), Arm((200, 230), (96, 300), turn=70), trousers="#3f4f60", stride=26, under=machine
    )
    samira, samiras = figure.half(sheet, SAMIRA, mood("samira", "lachend", turn=-0.6, mouth=0, smile=0.8, tilt=-4), Arm((-240, 150), (-300, 214), turn=-60), Arm((190, 210), (70, 236), turn=60))
    pupil = figure.half(sheet, PUPILS[5], LOOKS_RIGHT)[0]
    return sheet.svg(
        classroom(sheet, 560),
        place(pupil, 180, 420, 0.62),
        things.table(sheet, 190, 520, 400, 50, 30, 130),
        place(things.lid(), 190, 552, 0.6),
        place(things.seat("#d9952a"), 900, 842, 1.15),
        place(samira, 1220, 520, 0.98),
        place(things.bag("#c4674a"), 916, 640, 1.0, turn=-8),
        things.table(sheet, 1290, 690, 640, 130, 70, 200),
        place(things.lid(), 1330, 770, 1.0),
        place(samiras, 1220, 520, 0.98),
        place(noor, 540, 340, 0.7),
        place(things.paper(), 1560, 770, 0.8),
    )


def samen_scherm() -> str:
    """Noor has turned her screen to Daan, who points at a line."""
    sheet = Sheet(1600, 900, "Noor en Daan van achteren, gebogen over één scherm; hij wijst een regel aan")
    noor = figure.behind(sheet, NOOR, Arm((-210, 220), (-120, 300), "none"), Arm((210, 200), (150, 170), turn=-40), tilt=7)
    finger = line("M0-10L-34-62", DAAN.skin.base, 14)
    daan = figure.behind(sheet, DAAN, Arm((-226, 170), (-214, 30), "fist", -24, finger), Arm((210, 220), (120, 300), "none"), tilt=-7)
    return sheet.svg(
        classroom(sheet, 520),
        things.table(sheet, 800, 540, 1300, 240, 200, 0),
        place(things.laptop(sheet, 5, accent="#d9952a"), 800, 660, 2.1),
        place(things.paper(), 1330, 640, 1.0),
        place(things.mug("#c7d9dc"), 300, 640, 0.8),
        place(noor, 500, 700, 1.16),
        place(daan, 1110, 690, 1.16),
    )


def stapel() -> str:
    """Sunday evening: a pile of texts."""
    sheet = Sheet(1600, 900, "Zondagavond aan de keukentafel: een hoge stapel teksten, een laptop en koude thee")
    return sheet.svg(
        room.room(sheet, 640, evening=True),
        room.window(sheet, 120, 90, 360, 340, "night"),
        place(things.plant(), 420, 426, 0.7),
        fill("M1120 250h360v14h-360z", "#8c6238") + place(things.books("#c4674a", "#34495a", "#d9952a"), 1220, 250) + place(things.mug("#4f8a6b"), 1400, 250, 0.7),
        place(things.lamp(sheet), 830, 210, 1.1),
        things.top(sheet, 580),
        fill("M300 640C560 590 1100 590 1340 640C1500 720 1400 860 820 870C240 860 160 720 300 640Z", sheet.glow("#fff1c9", 0.5)),
        place(things.laptop(sheet, 4), 560, 760, 1.5),
        place(things.stack(30), 1090, 780, 1.25, turn=-1),
        place(things.mug("#d9952a"), 860, 830, 0.95),
        place(things.pencil("#c4574a"), 1290, 830, 1.0, turn=-14),
        place(things.paper(), 260, 820, 1.1, turn=-8),
    )


DRAWINGS = {"cover": cover, "hardop": hardop, "naast-de-tafel": naast_de_tafel, "ruilen": ruilen, "samen-scherm": samen_scherm, "stapel": stapel}
