"""Wie denkt er dan? Ruben with a machine, Ingrid with a pencil, and a school that must decide."""

from dataclasses import replace

from .. import figure, room, things
from ..figure import Arm
from ..people import Mood
from ..sheet import Sheet, ellipse, fill, line, place
from .people import CHILDREN, GROWN_UPS, cast, mood

RUBEN, INGRID = cast("ruben"), cast("ingrid")


def cover() -> str:
    """Two ends of one table."""
    sheet = Sheet(1600, 900, "Ruben met een laptop en Ingrid met een potlood aan één tafel; tussen hen een stapel teksten")
    ruben, rubens = figure.half(sheet, RUBEN, mood("ruben", "vlot", turn=0.6, gaze=(0.6, 0), mouth=0.3), Arm((-220, 200), (-90, 226), turn=50), Arm((230, 170), (190, 60), "palm", 30))
    pencil = place(things.pencil(), 10, -10, 0.9, turn=-64)
    ingrid, ingrids = figure.half(
        sheet, INGRID, mood("ingrid", "scherp", turn=-0.6, gaze=(-0.7, -0.3), nod=0.25), Arm((-220, 180), (-150, 120), turn=-16, holds=pencil), Arm((210, 210), (60, 246), turn=70)
    )
    return sheet.svg(
        room.room(sheet, 600),
        room.window(sheet, 610, 70, 380, 340, "dawn", place(room.tree(), 250, 340, 0.9)),
        place(room.clock(0, 0, 8, 10), 190, 170),
        room.pinboard(1230, 90),
        place(ruben, 400, 470, 1.06),
        place(ingrid, 1210, 480, 1.04),
        things.table(sheet, 800, 650, 1280, 170, 130, 0),
        place(things.lid(), 420, 770, 1.12),
        place(things.stack(17), 800, 764, 1.1),
        place(rubens, 400, 470, 1.06),
        place(ingrids, 1210, 480, 1.04),
        place(things.paper(), 1190, 786, 1.0),
    )


def trap() -> str:
    """Ruben on the stairs, turned round to you."""
    sheet = Sheet(1600, 900, "Op de trap van de school, voor de bel: Ruben draait zich halverwege om, laptop onder de arm")
    steps = ""
    for at in range(9):
        y, half = 380 + at * 60, 400 + at * 52
        steps += fill(f"M{800 - half} {y}H{800 + half}L{800 + half + 26} {y + 26}H{800 - half - 26}Z", "#d8c6a4") + fill(
            f"M{800 - half - 26} {y + 26}H{800 + half + 26}V{y + 62}H{800 - half - 26}Z", sheet.down("#b59a72", "#a58a62")
        )
    rails = line("M400 380L60 900M1200 380L1540 900", "#7f9f8c", 0.1) + line("M396 220L-60 700M1204 220L1660 700", "#1f5f4a", 22)
    rails += "".join(line(f"M{396 - k * 84} {232 + k * 88}v{170 + k * 24}M{1204 + k * 84} {232 + k * 88}v{170 + k * 24}", "#34495a", 9) for k in range(6))
    machine = place(fill("M-46-110h70a10 10 0 0 1 10 10V100h-90V-100a10 10 0 0 1 10-10z", "#52626a"), 150, 200, 1.15, turn=10)
    ruben = figure.standing(sheet, RUBEN, mood("ruben", "vlot", turn=-0.25), Arm((-230, 170), (-220, 40), "palm", -10), Arm((224, 190), (166, 290), turn=170), trousers="#3f4a55", under=machine)
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.across("#f3e7cf", "#e6d5b4")}"/>',
        room.window(sheet, 600, 30, 400, 300, "dawn", place(room.tree(), 120, 290, 0.8)),
        room.pinboard(110, 70),
        fill("M0 420H400L0 900ZM1200 420H1600V900Z", "#cfc0a0") + fill("M0 410H400v14H0zM1200 410H1600v14H1200z", "#fbf3e1"),
        steps,
        fill("M600 380H1000L1300 900H300Z", sheet.fading("#fff6dc", 0.35)),
        rails,
        ellipse(800, 694, 120, 16, "#5d3f22", 0.25),
        place(ruben, 800, 214, 0.6),
    )


def mail() -> str:
    """One mail, beside a breakfast plate."""
    sheet = Sheet(1600, 900, "Een telefoon naast een ontbijtbord; één mail staat open, sleutels en een schoolpas ernaast")
    plate = ellipse(10, 14, 300, 300, "#5d3f22", 0.2) + ellipse(0, 0, 300, 300, "#fffdf6") + ellipse(0, 0, 216, 216, "#f1ead9")
    bread = (
        fill("M-130-80C-150-140 150-140 130-80C150-40 140 90 130 110H-130C-140 90-150-40-130-80Z", "#c98b4e")
        + fill("M-108-70C-124-114 124-114 108-70C122-40 116 70 108 88H-108C-116 70-122-40-108-70Z", "#f0d7a8")
        + fill("M-80-50C-40-90 60-80 90-40C100 10 60 60 0 56C-60 60-110 10-80-50Z", "#c4674a", 0.85)
    )
    message = (
        fill("M-52-104H52V104H-52Z", "#fffdf6")
        + fill("M-52-104H52v26H-52z", "#1f5f4a")
        + ellipse(-34, -58, 11, 11, "#d9952a")
        + line("M-16-62h52M-16-52h34", "#9aa29b", 6)
        + line("M-40-26h80M-40-10h72M-40 6h80M-40 22h58M-40 46h76M-40 62h50", "#b9bdb8", 6)
    )
    ring = (
        '<circle r="44" fill="none" stroke="#8a8f8c" stroke-width="10"/>'
        + line("M30 34l70 76M100 110l16-14M84 94l16-14", "#b9bdb8", 15)
        + line("M-6 44l-16 110M-22 154l20 4M-20 132l20 4", "#d9b25a", 15)
    )
    badge = (
        fill("M-80-110H80V110H-80Z", "#fffdf6")
        + fill("M-80-110H80v46H-80z", "#1f5f4a")
        + fill("M-24-98h48v10h-48z", "#0f3a2c")
        + ellipse(0, -10, 36, 36, "#d8c6a4")
        + fill("M-46 60C-40 20 40 20 46 60Z", "#d8c6a4")
        + line("M-50 84h100", "#b9b5a2", 10)
    )
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.across("#e2bb86", "#cf9f66")}"/>',
        "".join(line(f"M{a} {b}h{c}", "#a97743", 6, 0.28) for a, b, c in ((60, 120, 420), (1100, 90, 400), (90, 830, 380), (1040, 850, 420), (700, 60, 240))),
        fill("M0 0H900L300 900H0Z", sheet.fading("#fff6dc", 0.5, direction="x2='1' y2='0'")),
        place(plate, 430, 440, 1.05),
        place(bread, 430, 430, 1.0, turn=-12),
        place(fill("M-12-200h24v220h-24z", "#c8ccc7") + fill("M-16 20h32v160c0 14-32 14-32 0z", "#b9bdb8"), 806, 470, 1.1, turn=4),
        place(things.phone(on=True) + message, 1060, 420, 2.7, turn=-7),
        place(line("M0-116C-30-220 60-300 140-250", "#1f5f4a", 12) + badge, 1420, 640, 1.0, turn=14),
        place(ring, 1400, 250, 1.0, turn=-20),
    )


def potlood() -> str:
    """Two people bent over one sheet."""
    sheet = Sheet(1600, 900, "Ruben en Ingrid gebogen over één vel, met een laptop, een potlood en twee kopjes")
    reading = {"lids": 0.7, "nod": 0.9, "gaze": (0, 1)}
    ruben, rubens = figure.half(sheet, RUBEN, mood("ruben", "nadenkend", turn=0.5, tilt=10, **reading), Arm((-210, 220), (40, 290), turn=70), Arm((220, 200), (190, 268), "fist", 60))
    pencil = place(things.pencil(), -10, 12, 0.85, turn=140)
    ingrid, ingrids = figure.half(
        sheet, replace(INGRID, extras=()), mood("ingrid", "open", turn=-0.5, tilt=-10, mouth=0, **reading), Arm((-220, 190), (-170, 262), turn=-50, holds=pencil), Arm((210, 220), (-20, 300), turn=-60)
    )
    return sheet.svg(
        room.room(sheet, 560, wainscot="#cfd8c2"),
        room.window(sheet, 90, 60, 330, 320, "grey", place(room.tree(bare=True), 160, 320, 1.0)),
        fill("M1100 150h420v14h-420z", "#8c6238") + "".join(place(things.mug(c), x, 150, 0.7) for x, c in ((1160, "#c4674a"), (1260, "#d9952a"), (1360, "#c7d9dc"), (1460, "#4f8a6b"))),
        place(ruben, 590, 440, 1.12),
        place(ingrid, 1030, 450, 1.1),
        things.table(sheet, 800, 640, 1400, 260, 200, 0),
        place(things.paper(6), 800, 750, 1.7),
        place(rubens, 590, 440, 1.12),
        place(ingrids, 1030, 450, 1.1),
        place(things.mug("#d9952a"), 330, 800, 0.95),
        place(things.mug("#c7d9dc"), 1310, 800, 0.95),
        place(things.shut(), 1440, 720, 0.8),
        place(things.stack(6), 150, 740, 0.9),
    )


def muur() -> str:
    """Open day: one question on a wall, and two rows of texts."""
    sheet = Sheet(1600, 900, "Open dag: een muur met één lange strook papier en daaronder twee rijen teksten; bezoekers lezen")
    sheets = ""
    for row in range(2):
        for at in range(9):
            lean = ((at * 7 + row * 3) % 5) - 2
            page = fill("M-56-70H56V70H-56Z", ("#fffdf6", "#f6eeda")[(at + row) % 2]) + "".join(line(f"M-40 {-46 + k * 18}h{(76, 60, 80, 50, 70, 36)[k]}", "#b9b5a2", 5) for k in range(6))
            mark = ellipse(0, -62, 6, 6, "#c4674a" if row else "#1f5f4a")
            side = line("M-44 52h30", "#d9952a", 6) if (at * 3 + row) % 4 == 0 else ""
            sheets += place(page + mark + side, 210 + at * 148, 300 + row * 176, 1, turn=lean)
    strip = fill("M120 96L1480 84 1484 180 124 192Z", "#f0c673") + fill("M120 96L1480 84V92L120 106Z", "#fff", 0.3)
    strip += "".join(line(f"M{x} 140h{w}", "#8a5f1c", 12) for x, w in ((190, 170), (390, 90), (510, 220), (760, 130), (920, 250), (1200, 120))) + line(
        "M1370 118c0-26 44-26 44 2 0 18-22 18-22 36M1392 166v2", "#8a5f1c", 12
    )
    first = figure.behind(sheet, GROWN_UPS[0], Arm((-200, 220), (-120, 330), "none"), Arm((200, 220), (120, 330), "none"), tilt=-4)
    second = figure.behind(sheet, CHILDREN[1], Arm((-170, 120), (-190, -30), "fist", -10, line("M0-10L-10-60", CHILDREN[1].skin.base, 13)), Arm((160, 220), (130, 330), "none"), tilt=-6)
    third = figure.behind(sheet, GROWN_UPS[2], Arm((-200, 220), (-120, 330), "none"), Arm((200, 220), (120, 330), "none"), tilt=5)
    return sheet.svg(room.room(sheet, 780), strip, sheets, place(first, 420, 640, 0.92), place(second, 720, 740, 0.82), place(third, 1210, 640, 0.92))


def gang() -> str:
    """Open day: between a room with a screen and a room with dip pens."""
    sheet = Sheet(1600, 900, "Open dag: in het ene lokaal fotograferen ouders een groot scherm, in het andere schrijven kinderen met kroontjespennen")
    bars = "".join(fill(f"M{40 + k * 56} {190 - h}h34v{h}h-34z", c) for k, (h, c) in enumerate(((60, "#4f8a6b"), (110, "#d9952a"), (80, "#c4674a"), (136, "#34495a"))))
    left_room = fill("M0 0H480V600H0Z", "#f3e7cf") + room.screen(sheet, 80, 60, 330, 230, bars)
    handset = place(things.phone(), 0, -46, 0.3)
    for at, who in enumerate((GROWN_UPS[1], GROWN_UPS[0])):
        left_room += place(figure.behind(sheet, who, Arm((-230, 110), (-70, -10), "fist", 30, handset), Arm((220, 200), (130, 330), "none")), 150 + at * 190, 400 + at * 10, 0.62)
    right_room = fill("M0 0H480V600H0Z", "#f3e7cf") + room.window(sheet, 120, 50, 240, 200, "day")
    pen = line("M-6 14L34-76", "#8c6238", 9) + line("M-6 14L2-4", "#2a2420", 7)
    for at, who in enumerate((CHILDREN[0], CHILDREN[3])):
        body, arms = figure.half(sheet, who, Mood(lids=0.72, nod=0.8, gaze=(0, 1), smile=0.2, tilt=(-6, 6)[at]), Arm((-170, 170), (-70, 226), turn=60), Arm((170, 170), (60, 220), turn=-20, holds=pen))
        right_room += place(body, 140 + at * 200, 350, 0.6) + (things.table(sheet, 240, 460, 420, 70, 30, 80) if at else "")
        right_room += place(things.paper(3), 140 + at * 200, 500, 0.5) + place(arms, 140 + at * 200, 350, 0.6) if at else ""
    right_room += place(things.paper(3), 140, 500, 0.5) + place(fill("M-16-30h32l6 30h-44z", "#34495a"), 240, 510, 0.9)
    return sheet.svg(
        room.room(sheet, 700, wainscot="#b9cfb4"),
        place(fill("M-14-14H494V600H-14Z", "#fffaf0") + f"<g {sheet.clip('M0 0H480V600H0Z')}>{left_room}</g>", 110, 100),
        place(fill("M-14-14H494V600H-14Z", "#fffaf0") + f"<g {sheet.clip('M0 0H480V600H0Z')}>{right_room}</g>", 1010, 100),
        fill("M110 700H590L760 900H20ZM1010 700H1490L1580 900H840Z", sheet.fading("#fff1c9", 0.6)),
        room.pinboard(650, 220),
        place(things.plant(), 800, 720, 1.2),
    )


DRAWINGS = {"cover": cover, "trap": trap, "mail": mail, "potlood": potlood, "muur": muur, "gang": gang}
