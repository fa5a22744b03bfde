"""Hij slaapt niet meer: a mother in the classroom, and a boy with a blue cap."""

from dataclasses import replace

from .. import figure, room, things
from ..figure import Arm
from ..people import Mood
from ..sheet import Sheet, ellipse, fill, line, place
from .people import CHILDREN, YOU, cast, mood

MOTHER, TIJN, CARLA = cast("van-loon"), cast("tijn"), cast("carla")


def classroom(sheet: Sheet) -> str:
    """Return the classroom of groep 6: a cupboard with trays, a globe, drawings on a line."""
    trays = fill("M0 0h430v330H0z", "#b07a45") + fill("M14 14h402v302H14z", "#8a6038")
    for row in range(3):
        for at, colour in enumerate(("#c9d8bd", "#f0c673", "#e09a7b")):
            trays += fill(f"M{26 + at * 130} {26 + row * 98}h118v84h-118z", colour) + fill(f"M{64 + at * 130} {54 + row * 98}h42v18h-42z", "#fffaf0")
    globe = (
        fill("M-40-8h80v8h-80zM-6-30h12v24h-12z", "#8c6238")
        + ellipse(0, -76, 50, 50, "#7fb0b6")
        + fill("M-30-110c26-8 38 6 30 24s-26 18-30 38c-16-12-22-44 0-62zM16-84c18-8 34 0 34 14-6 20-22 34-34 30-8-12-14-34 0-44z", "#6f9f74")
    )
    return room.room(sheet, 600) + place(trays + place(globe, 110, 0) + place(things.books("#c4674a", "#34495a"), 310, 0), 60, 256)


def cover() -> str:
    """The mother on a child's chair, across from an empty one."""
    sheet = Sheet(1600, 900, "Een moeder op een kinderstoel in een leeg lokaal; tegenover haar een lege stoel met een broodtrommel")
    handset = place(things.phone(on=True, bars=6), 0, 268, 0.5)
    mother = figure.seated(
        sheet, MOTHER, mood("van-loon", "gespannen", turn=0.35, nod=0.25), Arm((-220, 200), (-40, 296), turn=70), Arm((220, 200), (48, 300), turn=70), trousers="#4a4038", high=0.94, under=handset
    )
    return sheet.svg(
        classroom(sheet),
        room.window(sheet, 1090, 80, 400, 360, "day", place(room.tree(), 280, 350, 0.95)),
        fill("M1140 600H1440L1200 900H620Z", sheet.fading("#fff6dc", 0.5)),
        place(things.seat("#4f8a6b"), 640, 864, 1.15),
        place(mother, 640, 366, 0.86),
        place(ellipse(0, 4, 110, 14, "#5d3f22", 0.22) + things.seat("#d9952a"), 1120, 840, 1.1),
        place(things.lunchbox(), 1120, 640, 0.86),
    )


def carla() -> str:
    """Carla looks round the door; the mother reaches for her bag."""
    sheet = Sheet(1600, 900, "Carla steekt haar hoofd om de deur; de moeder grijpt naar haar tas")
    guest = figure.half(sheet, CARLA, mood("carla", "vriendelijk", tilt=9, turn=0.5, gaze=(0.6, 0)))[0]
    mother, arms = figure.half(sheet, MOTHER, mood("van-loon", "gespannen", turn=-0.7, gaze=(-0.8, -0.1), lids=0.15), Arm((-200, 210), (-70, 240), turn=60), Arm((250, 150), (290, 196), turn=40))
    handbag = fill("M-90-110H90L104 0H-104Z", "#a8713c") + fill("M-90-110H90V-64H-90Z", "#8c5f33") + line("M-56-110C-56-210 56-210 56-110", "#8c5f33", 12) + ellipse(0, -64, 9, 9, "#f0c673")
    return sheet.svg(
        room.room(sheet, 600),
        room.ajar(sheet, 240, 120, 300, 480, view=place(room.hooks(0, 0, ("#8fb08f", "#e2ad84", "", "#7d9aa6")), 0, 120, 0.8) + place(guest, 200, 268, 0.78)),
        fill("M240 600H540L900 900H60Z", sheet.fading("#fff1c9", 0.6)),
        place(room.clock(0, 0, 12, 20), 800, 200),
        room.window(sheet, 1240, 90, 300, 320, "day", place(room.tree(), 190, 310, 0.8)),
        place(mother, 1060, 500, 0.98),
        things.table(sheet, 1090, 680, 900, 170, 110, 0),
        place(handbag, 1370, 770, 0.9),
        place(things.mug("#c7d9dc"), 830, 790, 0.8),
        place(arms, 1060, 500, 0.98),
    )


def materiaalhok() -> str:
    """Tijn counts the balls in the sports cupboard."""
    sheet = Sheet(1600, 900, "In het materiaalhok telt Tijn de ballen in een rek; door een raampje valt licht")
    rack = ""
    for row in range(3):
        y = 250 + row * 180
        for at in range(5 - (row == 1)):
            colour = ("", "#d9952a", "", "#c4674a", "#4f8a6b")[(at + row * 2) % 5]
            plain = ellipse(0, 0, 40, 40, colour) + line("M-38-10C-10 8 10 8 38-10M0-40C-14-10-14 10 0 40", "#000", 3, 0.18)
            rack += place(plain if colour else things.ball(), 190 + at * 112, y - 60, 1.22)
        rack += fill(f"M110 {y - 14}H740v16H110z", "#7f8d91") + fill(f"M110 {y + 2}H740v6H110z", "#5a6769")
    rack += fill("M104 110h18v740h-18zM728 110h18v740h-18z", "#5a6769")
    hoops = "".join(f'<circle cx="1330" cy="{y}" r="150" fill="none" stroke="{c}" stroke-width="15"/>' for y, c in ((430, "#c4674a"), (446, "#d9952a"), (462, "#4f8a6b")))
    finger = line("M0-10L-8-66", TIJN.skin.base, 14)
    tijn = figure.behind(sheet, TIJN, Arm((-190, 110), (-206, -40), "fist", -10, finger), Arm((172, 210), (140, 330), turn=180), legs="#4a5a68", tilt=-7)
    bench = fill("M-330-90H330V-58H-330Z", "#d8a86f") + fill("M-330-58H330V-46H-330Z", "#a97743") + fill("M-260-46h40V0h-40zM220-46h40V0h-40z", "#8c6238")
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.across("#d3c4a6", "#bda985")}"/>',
        fill("M0 740H1600V900H0Z", sheet.down("#8f9a8c", "#77836f")),
        place(line("M150 110V-20M-6 0", "#5a6769", 4), 1180, 90),
        hoops + line("M1330 270V40", "#5a6769", 8),
        room.window(sheet, 860, 60, 260, 170, "day"),
        rack,
        fill("M880 230H1100L900 900H160Z", sheet.fading("#fff6dc", 0.55)),
        place(bench, 1330, 850, 0.75),
        place(tijn, 940, 386, 0.74),
    )


def bankje() -> str:
    """A new bench behind the gym; two boys carry the balls out."""
    sheet = Sheet(1600, 900, "Achter de gymzaal staat een nieuw bankje; twee jongens in hesjes dragen een net met ballen")
    plank = (
        fill("M-260-120H260V-94H-260zM-260-196H260v24H-260zM-260-236H260v24H-260z", "#d8a86f")
        + fill("M-260-94H260v8H-260zM-260-172H260v6H-260zM-260-212H260v6H-260z", "#a97743")
        + fill("M-210-240h22V0h-22zM188-240h22V0h-22zM-226-96h20V0h-20zM206-96h20V0h-20z", "#34495a")
    )
    first, second = replace(TIJN, colours=("#e0a53c", "#c98f2b")), replace(CHILDREN[2], colours=("#e0a53c", "#c98f2b"))
    one = figure.standing(sheet, first, mood("tijn", "open", hair="", turn=0.6, gaze=(0.6, 0)), None, Arm((180, 200), (196, 300), turn=180), trousers="#4a5a68", stride=34)
    two = figure.standing(sheet, second, Mood(turn=-0.5, smile=0.8, squint=0.4, gaze=(-0.5, 0)), Arm((-180, 200), (-196, 300), turn=180), None, trousers="#5b4a3e", stride=34)
    net = "".join(place(things.ball() if at % 2 else ellipse(0, 0, 40, 40, "#d9952a"), x, y, 0.9) for at, (x, y) in enumerate(((-50, 0), (20, -10), (-14, 44), (60, 40), (-74, 50))))
    net += line("M-110-80C-120 0-110 90-10 100C90 100 110 10 96-80M-60-90L40 96M40-90L-70 90M-110-20H104M-112 30H104", "#34495a", 4, 0.6) + line("M-110-80L-150-130M96-80L150-130", "#34495a", 6)
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.down("#bcd2d8", "#eef0e2")}"/>',
        fill("M900 470C1100 430 1400 440 1600 470V640H900Z", "#a3bd9c"),
        place(room.tree(), 1440, 560, 1.5),
        place(room.tree("#8bab8b"), 1180, 540, 1.1),
        fill("M0 600H1600V900H0Z", sheet.down("#c2bcae", "#a9a294")),
        line("M0 690H1600M0 800H1600M300 600L120 900M760 600L700 900M1200 600L1300 900", "#958e80", 4, 0.5),
        room.bricks(sheet, 0, 40, 900, 570),
        fill("M0 20H930V60H0Z", "#6d4536"),
        "".join(room.window(sheet, x, 130, 200, 130, "grey") for x in (120, 420)),
        place(plank, 400, 680, 1.15),
        ellipse(400, 684, 300, 14, "#5d3f22", 0.2),
        place(ellipse(0, 642, 130, 16, "#5d3f22", 0.25) + one, 940, 420, 0.66),
        place(ellipse(0, 642, 130, 16, "#5d3f22", 0.25) + two, 1330, 420, 0.66),
        place(net, 1136, 690, 0.9),
    )


def fietsen() -> str:
    """Early morning: a boy with a blue cap, a grown-up with a mug."""
    sheet = Sheet(1600, 900, "Vroeg in de ochtend bij de fietsen: een jongen met een blauwe pet loopt langs iemand met een mok")
    tijn = figure.standing(
        sheet,
        TIJN,
        mood("tijn", "open", hair="", turn=-0.5, gaze=(-0.6, -0.2), smile=0.3),
        None,
        Arm((170, 190), (110, 120), turn=-30),
        trousers="#4a5a68",
        stride=30,
        under=line("M96 8C104 70 100 130 96 200", "#c4674a", 24) + line("M-96 8C-104 70-100 130-96 200", "#c4674a", 24),
    )
    you = figure.behind(sheet, YOU, Arm((-190, 220), (-170, 360), turn=180), Arm((230, 190), (210, 90), turn=10, holds=place(things.mug("#f4ecd8"), 4, 20, 0.8)), legs="#3b4a58")
    rack = "".join(line(f"M{x} 700V610C{x} 586 {x + 40} 586 {x + 40} 610V700", "#7f8d91", 9) for x in range(660, 1600, 170))
    bikes = "".join(place(things.bicycle(colour), x, 712, 0.9) for x, colour in ((760, "#1f5f4a"), (1010, "#c4674a"), (1420, "#34495a")))
    shed = fill("M620 330H1600V360H620Z", "#6d4536") + fill("M620 360H1600V376H620Z", "#000", 0.15) + "".join(fill(f"M{x} 360h18v340h-18z", "#8c6238") for x in (650, 1080, 1540))
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.down("#9db4c6", "#f9dcae")}"/>',
        ellipse(380, 470, 300, 300, sheet.glow("#ffe9b8", 0.9)),
        fill("M0 540C300 470 620 480 900 510H1600V700H0Z", "#8fa596"),
        place(room.tree(), 120, 610, 1.4),
        fill("M1000 376H1600V640H1000Z", "#b98f76") + "".join(room.window(sheet, x, 420, 160, 130, "dawn") for x in (1140, 1360)),
        fill("M0 600H1600V900H0Z", sheet.down("#b9b2a4", "#9b9486")),
        line("M0 720H1600M0 820H1600M420 600L260 900M900 600L940 900M1300 600L1440 900", "#8a8375", 4, 0.5),
        shed,
        rack,
        bikes,
        place(ellipse(0, 642, 130, 16, "#5d3f22", 0.25) + tijn, 880, 392, 0.74),
        place(you, 400, 380, 0.98),
    )


def telefoon() -> str:
    """A long group chat on a kitchen table."""
    sheet = Sheet(1600, 900, "Een telefoon op een keukentafel, ’s avonds, met een lange groepsapp; ernaast een koud kopje")
    grain = "".join(line(f"M{a} {b}h{c}", "#5d4026", 6, 0.3) for a, b, c in ((60, 130, 420), (1020, 90, 460), (120, 560, 300), (1100, 640, 420), (200, 800, 500), (900, 840, 360)))
    cup = (
        ellipse(12, 16, 190, 190, "#2f2014", 0.3)
        + ellipse(0, 0, 190, 190, "#e9dfc8")
        + ellipse(0, 0, 160, 160, "#d8ccb0")
        + ellipse(0, 0, 104, 104, "#fffdf6")
        + ellipse(0, 0, 88, 88, "#6b4630")
        + fill("M-60-40C-30-66 20-70 50-50C20-60-30-50-60-40Z", "#fff", 0.16)
        + line("M104-20c60-10 60 60 0 50", "#fffdf6", 22)
    )
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.across("#8f673f", "#6f4f31")}"/>',
        grain,
        ellipse(760, 430, 760, 560, sheet.glow("#ffe9b8", 0.5)),
        place(things.phone(on=True, bars=8), 760, 450, 3.4, turn=9),
        place(cup, 1310, 330, 0.95),
        place(fill("M-10-120h20v240h-20z", "#b9bdb8") + ellipse(0, 140, 30, 44, "#c8ccc7"), 1330, 660, 0.9, turn=70),
        place(things.pencil("#1f5f4a"), 260, 660, 1.7, turn=-62),
        place(fill("M-110-90H110V90H-110Z", "#f0c673") + fill("M70 90L110 50V90Z", "#d9a94e") + line("M-80-50h130M-80-14h150M-80 22h90", "#b98d36", 9), 280, 340, 1.3, turn=-8),
    )


DRAWINGS = {"cover": cover, "carla": carla, "materiaalhok": materiaalhok, "bankje": bankje, "fietsen": fietsen, "telefoon": telefoon}
