"""Kom je eens bij me kijken? A team meeting, and what is left of it in winter."""

from dataclasses import replace

from .. import figure, room, things
from ..figure import Arm
from ..people import Mood
from ..sheet import Sheet, ellipse, fill, line, place
from .people import ANOUK, cast, mood

MARJA, YOUSSEF, KARIN = cast("marja"), cast("youssef"), cast("karin")


def meeting(sheet: Sheet) -> str:
    """Return the meeting room, as on the first picture of this item."""
    return room.room(sheet, 600, wainscot="#e3d1b0") + room.window(sheet, 110, 60, 460, 380, "grey", place(room.tree(bare=True), 350, 380, 1.2)) + place(room.clock(0, 0, 3, 25), 660, 140, 0.95)


def cover() -> str:
    """The table from your own chair."""
    sheet = Sheet(1600, 900, "De vergadertafel vanaf jouw stoel: Marja met haar armen over elkaar, Youssef en Karin aan de zijkanten")
    marja = figure.half(sheet, MARJA, mood("marja", "afwachtend"))[0]
    crossed = figure.limb(MARJA, -1, Arm((-190, 230), (70, 176), "fist", -56)) + figure.limb(MARJA, 1, Arm((190, 236), (-76, 196), "none"))
    youssef, youssefs = figure.half(sheet, YOUSSEF, mood("youssef", "hoopvol", turn=0.7, gaze=(0.6, 0)), Arm((-200, 210), (-30, 270), turn=50), Arm((210, 190), (130, 256), "palm", 50))
    karin, karins = figure.half(sheet, KARIN, mood("karin", "nuchter", turn=-0.7, gaze=(-0.6, 0)), Arm((-200, 200), (-60, 260), turn=60), Arm((200, 200), (60, 256), turn=60))
    return sheet.svg(
        meeting(sheet),
        room.pinboard(1120, 90),
        place(marja, 800, 420, 0.92),
        fill("M360 600H1240L1600 900H0Z", sheet.down("#dfb27c", "#c08b54")) + fill("M360 600H1240l6 8H352z", "#fff", 0.25),
        place(crossed, 800, 420, 0.92),
        place(youssef, 250, 500, 1.06),
        place(karin, 1350, 500, 1.06),
        fill("M0 730C120 716 380 716 520 730L600 900H0ZM1600 730C1480 716 1220 716 1080 730L1000 900H1600Z", sheet.down("#d6a76f", "#c08b54")),
        place(youssefs, 250, 500, 1.06),
        place(karins, 1350, 500, 1.06),
        place(things.mug("#d9952a"), 620, 740, 0.7),
        place(things.mug("#4f8a6b"), 1010, 726, 0.66),
        place(things.paper(), 800, 850, 1.3),
        place(things.pencil("#1f5f4a"), 960, 850, 1.1, turn=-30),
    )


def deur() -> str:
    """The director looks in."""
    sheet = Sheet(1600, 900, "De vergaderkamer vanaf de tafel: de directeur kijkt om de deur, een klembord in haar hand")
    board = place(
        fill("M-70-96H70V96H-70Z", "#8c6238") + fill("M-60-82H60V88H-60Z", "#fffdf6") + fill("M-24-104h48v22h-48z", "#8a8f8c") + line("M-44-50h84M-44-24h70M-44 2h84M-44 28h54", "#b9b5a2", 6),
        30,
        -30,
        0.9,
        turn=-8,
    )
    anouk, arms = figure.half(sheet, ANOUK, Mood(smile=0.65, brows=(0.4, 0.4), tilt=8, turn=0.3, lids=0.05), Arm((-226, 220), (-70, 178), turn=50, holds=board), None)
    hallway = place(room.hooks(0, 0, ("#8fb08f", "", "#7d9aa6", "#c98a6a")), 20, 100, 0.86)
    return sheet.svg(
        meeting(sheet),
        room.ajar(sheet, 960, 110, 330, 490, view=hallway + place(anouk + arms, 196, 296, 0.88)),
        fill("M960 600H1290L1180 900H520Z", sheet.fading("#fff1c9", 0.5)),
        place(things.chair("#4f8a6b"), 560, 530, 1.0) + place(things.chair("#c4674a"), 820, 530, 1.0),
        fill("M200 640H1400L1600 900H0Z", sheet.down("#dfb27c", "#c08b54")) + fill("M200 640H1400l6 9H193z", "#fff", 0.25),
        place(things.laptop(sheet, 4), 420, 760, 0.98),
        place(things.paper(), 830, 760, 1.25),
        place(things.pencil(), 1000, 770, 1.0, turn=-24),
        place(things.mug("#c4674a"), 1180, 780, 0.9),
        place(things.mug("#d9952a"), 690, 850, 1.0),
        place(
            '<g fill="#fff" fill-opacity=".25" stroke="#7a3b2e" stroke-width="7"><ellipse cx="-40" rx="36" ry="22"/><ellipse cx="44" cy="-4" rx="36" ry="22"/></g>'
            + line("M-4-4q4-7 12-1M78-12l50-24M-74-6l-30-30", "#7a3b2e", 6),
            1380,
            850,
            1.0,
        ),
    )


def schema() -> str:
    """A grid on the wall of the staff room: few boxes filled."""
    sheet = Sheet(1600, 900, "Een schema aan de muur van de personeelskamer; een paar vakjes zijn gevuld, in één staat een vraagteken met potlood")
    wide, high = 118, 76
    grid = fill("M-16-16H960V560H-16Z", "#5d4a33", 0.16) + fill("M-30-30H944V546H-30Z", "#fffdf6")
    grid += fill("M-30-30H944V40H-30Z", "#1f5f4a") + line("M10 6h260", "#e8eee2", 12)
    for row in range(6):
        for column in range(7):
            x, y = column * wide + 60, row * high + 70
            shade = "#e8eee2" if row == 0 else "#fbf7ee"
            grid += fill(f"M{x} {y}h{wide - 8}v{high - 8}h-{wide - 8}z", shade)
            if row == 0:
                grid += line(f"M{x + 24} {y + 34}h62", "#8ba394", 8)
        grid += line(f"M0 {row * high + 104}h40", "#b9b5a2", 9) if row else ""
    for column, row, colour in ((1, 1, "#a9c6a4"), (4, 1, "#a9c6a4"), (2, 2, "#f0c673"), (5, 2, "#f0c673")):
        x, y = column * wide + 60, row * high + 70
        grid += fill(f"M{x} {y}h{wide - 8}v{high - 8}h-{wide - 8}z", colour) + line(f"M{x + 20} {y + 34}h70", "#5d4a33", 7, 0.6)
    x, y = 3 * wide + 60, 4 * high + 70
    grid += line(f"M{x + 42} {y + 22}c0-20 30-20 30 2 0 14-15 14-15 26M{x + 57} {y + 60}v2", "#7f8790", 5)
    grid += "".join(ellipse(a, b, 9, 9, "#c4674a") for a, b in ((-14, -14), (928, -14), (-14, 530), (928, 530)))
    counter = fill("M0 760H1600V790H0Z", "#fbf3e1") + fill("M0 790H1600V900H0Z", "#b07c46") + line("M400 790V900M800 790V900M1200 790V900", "#8c6238", 5)
    kettle = (
        fill("M-54 0C-66-90-40-130 0-130C40-130 66-90 54 0Z", "#8fa1a6")
        + line("M44-110C100-120 100-40 56-30", "#34495a", 13)
        + fill("M-52-90l-34-26 14-10 34 16z", "#8fa1a6")
        + ellipse(0, -134, 14, 9, "#34495a")
    )
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.across("#f7ecd6", "#e6d5b4")}"/>',
        place(grid, 340, 110, 1.0, turn=-0.6),
        room.door(sheet, 60, 130, 190, 630, "#2f7a5f"),
        counter,
        place(things.mug("#c4674a"), 470, 764, 0.9),
        place(things.mug("#c7d9dc"), 580, 764, 0.9),
        place(kettle, 1440, 766, 1.05),
        place(things.plant(), 1330, 766, 0.8),
        place(things.pencil("#7f8790"), 930, 754, 0.9),
    )


def plein() -> str:
    """A winter playground; Karin catches up."""
    sheet = Sheet(1600, 900, "Een winters schoolplein na schooltijd: Karin haalt iemand in met haar fiets; er brandt licht achter de ramen")
    school = fill("M0 210H980V620H0Z", sheet.across("#9a6a58", "#8a5c4c")) + fill("M-10 180H1010V222H-10Z", "#5b4038") + fill("M0 560H980V620H0Z", "#7a5446")
    for x in (60, 290, 520, 750):
        school += (
            fill(f"M{x} 290h180v170h-180z", "#fff3d6")
            + fill(f"M{x + 14} 304h152v142h-152z", "#ffd98a")
            + fill(f"M{x + 84} 304h12v142h-12zM{x + 14} 366h152v10h-152z", "#fff3d6")
            + fill(f"M{x + 20} 410c30-30 50-30 60 0v36h-60z", "#d9952a", 0.4)
        )
    snow = fill("M0 620H1600V900H0Z", sheet.down("#d7dce0", "#bcc3c9")) + fill("M0 640C300 620 500 660 900 640S1400 630 1600 650V680C1200 660 800 690 400 672S100 680 0 670Z", "#eef0f0", 0.7)
    karin = figure.standing(
        sheet,
        IN_WINTER,
        mood("karin", "nuchter", turn=-0.6, gaze=(-0.6, 0), smile=0.35),
        None,
        Arm((236, 220), (262, 400), turn=190),
        trousers="#4a4038",
        stride=26,
        under=fill("M-66-6C-40 22 40 22 66-6C84 10 84 38 62 50C26 70-26 70-62 50C-84 38-84 10-66-6Z", "#4f8a6b"),
    )
    you = figure.behind(sheet, YOU_IN_COAT, Arm((-200, 220), (-180, 370), turn=180), Arm((200, 220), (180, 370), turn=180), legs="#39434c", tilt=7)
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.down("#5f7693", "#e3b796")}"/>',
        fill("M900 560C1100 500 1400 500 1600 530V640H900Z", "#5d6b72"),
        place(room.tree(bare=True), 1440, 630, 1.9),
        place(room.tree(bare=True), 1150, 600, 1.2),
        school,
        snow,
        fill("M60 620H240L400 900H-60ZM520 620H700L960 900H500Z", sheet.fading("#ffd98a", 0.35)),
        ellipse(1230, 816, 190, 14, "#5d6b72", 0.35) + place(things.bicycle("#1f5f4a"), 1230, 812, 1.15, mirror=True),
        place(ellipse(0, 802, 150, 16, "#5d6b72", 0.4) + karin, 970, 330, 0.62),
        place(you, 520, 420, 0.94),
        "".join(
            ellipse(x, y, 5, 5, "#fff", 0.7)
            for x, y in ((90, 90), (240, 150), (430, 60), (620, 130), (820, 70), (1050, 140), (1230, 60), (1400, 160), (1520, 90), (340, 560), (760, 520), (1330, 480), (1090, 380))
        ),
    )


IN_WINTER = replace(KARIN, clothes="coat", extras=())
YOU_IN_COAT = replace(cast("karin"), slug="jij", hair="crop", hair_colour="#5a4333", clothes="coat", colours=("#4c5f6d", "#e8eee2"), extras=())

DRAWINGS = {"cover": cover, "deur": deur, "schema": schema, "plein": plein}
