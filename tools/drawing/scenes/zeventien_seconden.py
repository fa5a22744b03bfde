"""Zeventien seconden: a film of a colleague, and the three whom it is about."""

from .. import bust, figure, room, things
from ..figure import Arm
from ..sheet import Sheet, ellipse, fill, line, place
from .people import cast, mood

YARA, MILAN, HESSEL, FATHER = cast("yara"), cast("milan"), cast("hessel"), cast("vader")

GRAPH = line("M70 250V50M70 250H440", "#34495a", 6) + line("M80 236C170 230 190 90 270 96S360 200 430 70", "#c4674a", 8)


def cover() -> str:
    """A hand holds a phone just over the edge of a table."""
    sheet = Sheet(1600, 900, "Een hand houdt een telefoon net boven de tafelrand, achter een etui; vaag daarvoor een scherm met een grafiek")
    vague = '<g opacity="0.62">' + place(GRAPH, 40, 40, 1.1) + "</g>"
    teacher = fill("M0-290C-50-290-66-250-60-210C-56-170-30-150 0-150C30-150 56-170 60-210C66-250 50-290 0-290Z", "#c9a083") + fill("M-64-236C-66-300 66-300 64-236C40-262-40-262-64-236Z", "#b7b3a9")
    teacher += (
        fill("M-150 300C-160 60-150-60-110-100C-60-130 60-130 110-100C150-60 160 60 150 300Z", "#b6c3c6")
        + line("M120-60C190-60 230-130 236-210", "#b6c3c6", 54)
        + ellipse(238, -226, 26, 26, "#c9a083")
    )
    film = (
        fill("M-92-46H92V46H-92Z", "#dfe7e2")
        + fill("M-30 46C-32 0-24-14 0-16C24-14 32 0 30 46Z", "#b6c3c6")
        + ellipse(0, -28, 13, 14, "#c9a083")
        + fill("M-84-38h60v40h-60z", "#fffdf6")
        + line("M-76-6c10-2 14-22 24-22s12 14 20-4", "#c4674a", 3)
        + ellipse(78, -34, 6, 6, "#d64b3c")
    )
    handset = '<rect x="-116" y="-62" width="232" height="124" rx="16" fill="#22292f"/>' + f'<g transform="scale(1.08)">{film}</g>'
    hand = line("M250 330L112 128", YARA.colours[0], 124) + line("M66 168L158 106", bust_edge(YARA.colours[0]), 22) + line("M250 236L190 160", "#000", 5, 0.12)
    skin = YARA.skin
    grip = fill("M58 116C20 100 10 66 26 48C60 40 110 60 128 96C132 130 96 146 58 116Z", skin.base) + line("M30 58L-2 40M40 50L20 22", skin.base, 27)
    fingers = line("M112 84L128 36M126 98L152 54", skin.base, 25) + line("M40 64c14-6 34-2 46 8", skin.line, 4, 0.5)
    case = (
        fill("M-220-70C-230-96-210-110-180-112H180C214-110 230-96 222-70L216 0C212 26 190 34 160 34H-160C-190 34-212 26-216 0Z", "#c4674a")
        + line("M-190-78C-80-60 80-60 190-78", "#f4ecd8", 7)
        + ellipse(176, -72, 12, 9, "#f0c673")
    )
    pens = line("M-150-112L-176-196M-96-112L-90-214", "#34495a", 20) + line("M-60-112L-40-190", "#d9952a", 18)
    return sheet.svg(
        room.room(sheet, 560),
        f'<g opacity="0.8">{room.screen(sheet, 180, 70, 620, 400, vague)}</g>',
        f'<g opacity="0.72">{place(teacher, 1060, 400, 0.95)}</g>',
        f'<g opacity="0.7">{room.window(sheet, 1330, 70, 260, 360, "grey")}</g>',
        f'<rect width="1600" height="620" fill="{sheet.across("#f7ecd6", "#ead9ba")}" opacity="0.28"/>',
        things.top(sheet, 640),
        ellipse(760, 796, 420, 26, "#5d3f22", 0.25),
        place(hand, 880, 566, 1.55),
        place(handset, 880, 560, 1.6, turn=-6),
        place(grip + fingers, 900, 560, 1.5),
        place(pens + case, 680, 760, 1.45),
        place(things.paper(), 1330, 790, 1.5, turn=4),
    )


def bust_edge(colour: str) -> str:
    """Return the colour of a cuff."""
    return bust.darker(colour)


def trap() -> str:
    """Yara on the landing, both hands at her phone."""
    sheet = Sheet(1600, 900, "Yara op de overloop van de trap, haar rug tegen een hoog raam, haar telefoon naar zich toe")
    handset = place('<rect x="-44" y="-84" width="88" height="160" rx="14" fill="#22292f"/>' + ellipse(-22, -62, 9, 9, "#48565b"), 0, 176, 1.0)
    yara = figure.standing(
        sheet, YARA, mood("yara", "gespannen", nod=0.35, gaze=(0, 0.5), lids=0.3), Arm((-210, 210), (-52, 216), turn=50), Arm((210, 210), (52, 220), turn=50), trousers="#3a4552", under=handset
    )
    pane = (
        fill("M0 0H420V640H0Z", "#fffaf0")
        + fill("M20 20H400V620H20Z", sheet.down("#b4c6cc", "#e3e7e0"))
        + place(room.tree(bare=True), 90, 620, 1.3)
        + fill("M20 560C140 530 300 530 400 550V620H20Z", "#9db39a")
        + fill("M200 20h20V620h-20zM20 220H400v16H20zM20 430H400v16H20z", "#fffaf0")
    )
    steps = "".join(
        fill(f"M{1120 + k * 60} {760 - k * 70}H1700V{800 - k * 70 + 36}H{1120 + k * 60}Z", ("#cbb892", "#c0ab82")[k % 2])
        + fill(f"M{1120 + k * 60} {760 - k * 70}H1700v10H{1120 + k * 60}z", "#fff", 0.3)
        for k in range(9)
    )
    rail = line("M1040 640L1600-10M1040 640V800", "#1f5f4a", 20) + "".join(line(f"M{1120 + k * 90} {548 - k * 104}v190", "#34495a", 9) for k in range(6))
    down = "".join(fill(f"M{440 - k * 70} {800 + k * 34}H-100V{836 + k * 34}H{440 - k * 70}Z", ("#bda678", "#b29a6d")[k % 2]) for k in range(4))
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.across("#e9e1cf", "#d6ccb6")}"/>',
        fill("M0 620H1600V800H0Z", "#b9cfb4") + fill("M0 612H1600v10H0z", "#fff", 0.4),
        place(pane, 560, 70),
        fill("M0 780H1600V900H0Z", sheet.down("#c9b48a", "#b9a277")),
        fill("M560 780H980L860 900H260Z", sheet.fading("#eef2f0", 0.6)),
        steps,
        rail,
        down,
        ellipse(770, 842, 130, 16, "#5d3f22", 0.25),
        place(yara, 770, 300, 0.72),
        place(things.bag("#34495a"), 930, 840, 0.9),
    )


def personeelskamer() -> str:
    """Hessel alone at a long table."""
    sheet = Sheet(1600, 900, "De personeelskamer aan het eind van de pauze: Hessel alleen aan een lange tafel met een stapel toetsen en een mok")
    pen = line("M-8 14L30-60", "#c4574a", 9)
    hessel, arms = figure.half(sheet, HESSEL, mood("hessel", "moe", nod=0.4, gaze=(0.3, 0.5), lids=0.5), Arm((-200, 210), (-50, 246), turn=60), Arm((210, 200), (110, 236), turn=-10, holds=pen))
    holes = fill("M0 0H360V270H0Z", "#b07a45")
    for row in range(4):
        for at in range(5):
            holes += fill(f"M{12 + at * 69} {12 + row * 63}h58v52h-58z", "#7b5632")
            if (row * 5 + at) % 3:
                holes += fill(f"M{18 + at * 69} {50 + row * 63}h46v8h-46zM{20 + at * 69} {40 + row * 63}h42v8h-42z", ("#fffdf6", "#c7d9dc", "#f0c673")[(row + at) % 3])
    chairs = "".join(place(things.chair(c), x, 506, 0.9) for x, c in ((200, "#4f8a6b"), (420, "#c4674a"), (1180, "#4f8a6b"), (1420, "#d9952a")))
    return sheet.svg(
        room.room(sheet, 600, wainscot="#cfd8c2"),
        place(holes, 90, 110),
        room.window(sheet, 560, 70, 320, 320, "grey", place(room.tree(bare=True), 70, 310, 1.1)),
        room.hooks(990, 150, ("", "#34495a", "", "#c4674a", "", "")),
        place(room.clock(0, 0, 10, 40), 1270, 80, 0.8),
        chairs,
        place(hessel, 800, 470, 1.02),
        things.table(sheet, 800, 660, 1500, 150, 100, 0),
        place(things.stack(12), 1090, 760, 1.0),
        place(arms, 800, 470, 1.02),
        place(things.paper(), 800, 772, 1.2),
        place(things.mug("#d9952a"), 560, 780, 0.9),
        place(things.mug("#c7d9dc"), 220, 730, 0.6),
    )


def spreekkamer() -> str:
    """Milan and his father, at some distance; a phone face down between."""
    sheet = Sheet(1600, 900, "Een spreekkamer in de schemering: Milan en zijn vader naast elkaar, met afstand; midden op tafel ligt een telefoon omgekeerd")
    milan, milans = figure.half(sheet, MILAN, mood("milan", "gesloten", turn=-0.5), Arm((-190, 220), (-40, 262), turn=60), Arm((190, 220), (46, 262), turn=60))
    father = figure.half(sheet, FATHER, mood("vader", "beheerst", turn=-0.2))[0]
    crossed = figure.limb(FATHER, -1, Arm((-226, 220), (80, 164), "fist", -56)) + figure.limb(FATHER, 1, Arm((226, 226), (-86, 190), "none"))
    bikes = place(things.bicycle("#26323d"), 150, 366, 0.62) + place(things.bicycle("#33414c"), 330, 372, 0.62) + place(things.bicycle("#26323d"), 520, 366, 0.62)
    face_down = (
        ellipse(10, 14, 96, 30, "#5d3f22", 0.25)
        + fill("M-70-34H40a14 14 0 0 1 14 8L92 14a10 10 0 0 1-8 14H-40a16 16 0 0 1-16-10L-84-20A10 10 0 0 1-70-34Z", "#2a333b")
        + ellipse(-50, -20, 12, 6, "#48565b")
        + ellipse(-28, -20, 7, 4, "#48565b")
    )
    return sheet.svg(
        room.room(sheet, 620, wainscot="#d5c9ad"),
        room.window(sheet, 480, 50, 640, 380, "dusk", bikes),
        room.door(sheet, 1320, 120, 190, 500, "#2f7a5f"),
        place(things.plant(), 190, 612, 1.3),
        place(milan, 480, 470, 1.0),
        place(father, 1080, 460, 1.02),
        place(crossed, 1080, 460, 1.02),
        ellipse(800, 830, 730, 190, "#b07c46") + ellipse(800, 808, 730, 190, sheet.down("#dfb27c", "#cb9a62")),
        place(milans, 480, 470, 1.0),
        place(face_down, 800, 790, 1.15, turn=-6),
        place(things.mug("#c7d9dc"), 1120, 760, 0.75),
    )


def kluisjes() -> str:
    """One locker ajar, a phone in it."""
    sheet = Sheet(1600, 900, "Een rij kluisjes in een stille gang; één deurtje staat op een kier, erin ligt een telefoon")
    wall = ""
    for row in range(3):
        for at in range(8):
            x, y = 60 + at * 186, 70 + row * 216
            colour = ("#4f8a6b", "#5d9a76", "#44795e")[(at * 2 + row) % 3]
            if (row, at) == (1, 4):
                wall += fill(f"M{x} {y}h176v206h-176z", "#22352c") + fill(f"M{x} {y + 186}h176v20h-176z", "#35503f")
                wall += place(fill("M-62-8H62a8 8 0 0 1 8 8v8H-70v-8a8 8 0 0 1 8-8z", "#141a1e") + fill("M-62-30H52L70-2H-70Z", "#2f3940") + ellipse(-44, -20, 7, 4, "#56646c"), x + 92, y + 190, 0.98)
                door_ = f"M{x} {y}L{x - 96} {y + 26}V{y + 244}L{x} {y + 206}Z"
                wall += fill(door_, "#6aa384") + fill(f"M{x - 74} {y + 56}l46-10v10l-46 11zM{x - 74} {y + 80}l46-9v10l-46 10z", "#2d5a47") + ellipse(x - 78, y + 140, 8, 11, "#f0c673")
            else:
                wall += fill(f"M{x} {y}h176v206h-176z", colour) + fill(f"M{x + 130} {y}h46v206h-46z", "#000", 0.06)
                wall += line(f"M{x + 50} {y + 40}h76M{x + 50} {y + 60}h76", "#2d5a47", 7) + ellipse(x + 152, y + 110, 9, 11, "#f0c673") + fill(f"M{x + 70} {y + 160}h36v18h-36z", "#e8eee2", 0.8)
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.down("#efe3ca", "#dccdae")}"/>',
        fill("M44 54H1560V730H44Z", "#2d5a47"),
        wall,
        fill("M0 730H1600V900H0Z", sheet.down("#c7bda8", "#b0a58e")),
        fill("M0 722H1600v14H0z", "#fbf3e1"),
        line("M0 810H1600M300 736L200 900M800 736V900M1300 736L1400 900", "#a0957d", 4, 0.6),
        fill("M700 736H1100L1400 900H420Z", sheet.fading("#fff6dc", 0.5)),
        f'<rect width="1600" height="900" fill="{sheet.fading("#fff6dc", 0.22, direction="x2=" + chr(39) + "1" + chr(39))}"/>',
    )


def lokaal() -> str:
    """Morning light in an empty maths room."""
    sheet = Sheet(1600, 900, "Een leeg wiskundelokaal in ochtendlicht: twee stoelen naast de voorste tafel, half naar elkaar gedraaid")
    grid = "".join(f"M{x} 20V360" for x in range(54, 640, 44)) + "".join(f"M20 {y}H640" for y in range(44, 360, 44))
    back = "".join(things.table(sheet, x, 470, 280, 36, 22, 90) for x in (1040, 1400)) + "".join(place(things.chair("#4f8a6b"), x, 486, 0.5) for x in (980, 1100, 1340, 1460))
    written = "".join(line(f"M{-70 + k} {-24 + k * 15}c14-10 20 8 34-2s20 8 34-2 20 6 {(30, 44, 20, 36)[k]}-4", "#34495a", 4) for k in range(4))
    return sheet.svg(
        room.room(sheet, 560),
        room.screen(sheet, 420, 70, 660, 390, line(grid, "#9db5ad", 3, 0.7)),
        room.window(sheet, 40, 60, 320, 380, "dawn", place(room.tree(bare=True), 100, 350, 1.1)),
        room.window(sheet, 1230, 60, 320, 340, "dawn"),
        back,
        fill("M40 460H360L900 900H220Z", sheet.fading("#fff1c9", 0.7)),
        things.table(sheet, 640, 620, 760, 130, 90, 230),
        place(things.paper(0) + written, 620, 684, 1.5),
        place(things.pencil("#c4674a"), 850, 690, 0.9, turn=-22),
        place(things.seat("#d9952a"), 1150, 880, 1.15, turn=3),
        place(things.seat("#c4674a"), 1410, 870, 1.15, turn=-3, mirror=True),
    )


DRAWINGS = {"cover": cover, "trap": trap, "personeelskamer": personeelskamer, "spreekkamer": spreekkamer, "kluisjes": kluisjes, "lokaal": lokaal}
