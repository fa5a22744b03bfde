"""Wat heb je gezegd? A boy interprets for his mother, in Flanders, at a talk about himself."""

from .. import bust, figure, room, things
from ..figure import Arm
from ..people import Mood
from ..sheet import Sheet, ellipse, fill, line, place
from .people import CHILDREN, GROWN_UPS, YOU, cast, mood

RAMI, MOTHER = cast("rami"), cast("mama")


def sleeve(colour: str = YOU.colours[0]) -> str:
    """Return a sleeved forearm that comes from the right, its hand at the origin."""
    skin = YOU.skin
    hand = fill("M-64-18C-40-34 0-36 30-30L40 34C10 40-40 34-66 16C-80 6-80-8-64-18Z", skin.base) + line(
        "M-66-8C-50-14-36-14-24-12M-70 4C-54 2-40 2-28 4M-60 16C-48 16-38 18-28 20", skin.line, 3.4, 0.6
    )
    return hand + line("M60 2L420 40", colour, 92) + line("M44-26L36 34", bust.darker(colour), 14)


def speech() -> str:
    """Return speech as light lines: many come from the teacher, few go on to the mother."""
    many = "".join(line(f"M{1580 - k * 12} {410 + k * 40}C1380 {380 + k * 36} 1150 {420 + k * 30} {944 - k * 4} {520 + k * 17}", "#ffe9b8", 6, 0.5 + 0.07 * (k % 3)) for k in range(7))
    few = "".join(line(f"M690 {560 + k * 34}C650 {526 + k * 32} 610 {506 + k * 30} 566 {486 + k * 30}", "#ffe9b8", 6, 0.75) for k in range(2))
    return many + few


def cover() -> str:
    """From behind the boy: his mother on one side, the teacher's hands on the other."""
    sheet = Sheet(1600, 900, "Avond in de klas: Rami van achteren aan een lage tafel, links zijn mama met haar jas aan, rechts de handen en een blad van de leraar")
    mother, mothers = figure.half(sheet, MOTHER, mood("mama", "beleefd", turn=0.7, gaze=(0.7, 0.1)), Arm((-200, 220), (-70, 262), turn=60), Arm((200, 220), (40, 262), turn=60))
    rami = figure.behind(sheet, RAMI, Arm((-160, 200), (-120, 320), "none"), Arm((160, 200), (120, 320), "none"), tilt=-5)
    return sheet.svg(
        room.room(sheet, 600, evening=True),
        room.window(sheet, 130, 70, 330, 330, "night"),
        room.window(sheet, 560, 70, 330, 330, "night"),
        room.screen(sheet, 1040, 80, 440, 290),
        speech(),
        place(mother, 420, 460, 1.0),
        things.table(sheet, 800, 620, 1300, 200, 150, 0),
        place(mothers, 420, 460, 1.0),
        ellipse(860, 720, 520, 110, sheet.glow("#fff1c9", 0.45)),
        place(things.paper(), 1090, 720, 1.3),
        place(sleeve(), 1270, 700, 1.15),
        place(sleeve(), 1150, 780, 1.15, turn=4),
        place(rami, 800, 730, 1.1),
    )


def gang() -> str:
    """Parents wait on a low bench."""
    sheet = Sheet(1600, 900, "De gang tijdens het oudercontact: lage haakjes met tekeningen erboven, twee wachtende ouders op een bank, een klok, licht achter een deur")
    bench = fill("M-330-150H330V-118H-330Z", "#d8a86f") + fill("M-330-118H330V-106H-330Z", "#a97743") + fill("M-290-106h34V0h-34zM256-106h34V0h-34z", "#8c6238")
    first = figure.seated(sheet, GROWN_UPS[0], Mood(turn=0.5, gaze=(0.6, -0.2), smile=0.05), Arm((-200, 220), (-40, 300), turn=60), Arm((200, 220), (44, 304), turn=60), trousers="#4a4038", high=0.92)
    second = figure.seated(
        sheet,
        GROWN_UPS[1],
        Mood(lids=0.7, nod=0.7, gaze=(0, 1), smile=0),
        Arm((-200, 220), (-46, 300), turn=60),
        Arm((200, 220), (44, 300), turn=60),
        trousers="#3b4a58",
        high=0.92,
        under=place(things.phone(on=True, bars=4), 0, 262, 0.44),
    )
    return sheet.svg(
        room.room(sheet, 640, wainscot="#b9cfb4"),
        room.hooks(90, 230, ("#c4674a", "", "#d9952a", "", "#7d9aa6", "", "#4f8a6b"), drawings=True),
        place(room.clock(0, 0, 6, 50), 930, 130, 1.1),
        room.ajar(sheet, 1150, 110, 270, 530, "#2f7a5f"),
        fill("M1150 640H1420L1330 900H820Z", sheet.fading("#fff1c9", 0.7)),
        place(ellipse(0, 4, 340, 16, "#5d3f22", 0.2) + bench, 450, 830, 1.1),
        place(first, 300, 432, 0.68),
        place(second, 620, 424, 0.7),
    )


def formulier() -> str:
    """A hand with a pen, just above the dotted line."""
    sheet = Sheet(1600, 900, "Een formulier op tafel; een vrouwenhand met een balpen net boven de stippellijn, aan de rand de vingers van een kind")
    form = fill("M-400-300H400V320H-400Z", "#5d3f22", 0.16) + fill("M-416-316H384V304H-416Z", "#fffdf6")
    form += fill("M-416-316H384v64H-416z", "#dfe8e2") + line("M-376-284h220", "#1f5f4a", 13)
    form += "".join(line(f"M-376 {-206 + k * 44}h{w}", "#b9b5a2", 9) for k, w in enumerate((680, 600, 660, 420)))
    form += "".join(
        f'<rect x="-376" y="{-10 + k * 56}" width="30" height="30" rx="5" fill="none" stroke="#8a8f8c" stroke-width="5"/>' + line(f"M-320 {6 + k * 56}h{w}", "#b9b5a2", 9)
        for k, w in enumerate((300, 240))
    )
    form += '<path d="M-60 226H340" stroke="#5d6b72" stroke-width="6" stroke-dasharray="4 16" stroke-linecap="round"/>' + line("M-376 226h170", "#b9b5a2", 9)
    skin = MOTHER.skin
    hand = line("M300 260L128 96", MOTHER.colours[0], 150) + line("M186 62L96 156", bust.darker(MOTHER.colours[0]), 20)
    hand += fill("M150 60C110 10 60-20 10-18C-16-14-20 10-6 28C-20 40-16 60 4 66C0 84 14 96 34 96C50 120 80 140 110 140Z", skin.base)
    hand += line("M-6 28C20 34 44 40 60 52M4 66C26 68 42 74 56 84", skin.line, 4.5, 0.55)
    pen = line("M-62 70L70-150", "#34495a", 19) + line("M-62 70l-12 20", "#2a2420", 9) + line("M48-112L70-150", "#d9952a", 19)
    thumb = line("M20-2L-34 30", skin.base, 34) + fill("M-46 26c-8 4-8 16 2 20 8 2 14-6 18-14z", "#f0d3b4", 0.9)
    boy = RAMI.skin
    fingers = "".join(line(f"M{x} 30V-26", boy.base, 34) + fill(f"M{x - 10}-32c0-12 20-12 20 0v8h-20z", "#f0d3b4", 0.85) for x in (-60, -20, 20, 58))
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.across("#d8a86f", "#bd8750")}"/>',
        "".join(line(f"M{a} {b}h{c}", "#a97743", 6, 0.3) for a, b, c in ((60, 120, 300), (1200, 90, 300), (80, 700, 240), (1240, 500, 260))),
        ellipse(780, 380, 900, 620, sheet.glow("#fff1c9", 0.4)),
        place(form, 760, 400, 1.12, turn=-3),
        place(sleeve(), 1330, 170, 1.3, turn=-12),
        place(pen, 880, 560, 1.15),
        place(hand, 880, 540, 1.35),
        place(thumb, 880, 540, 1.35),
        fill("M0 860H1600V900H0Z", "#a97743"),
        place(fingers, 300, 868, 1.25),
    )


def speelplaats() -> str:
    """Children at football; one against a pillar."""
    sheet = Sheet(1600, 900, "De speelplaats in de ochtend: kinderen voetballen, Rami staat alleen tegen een paal van het afdak, zijn boekentas nog op zijn rug")
    straps = line("M-78 4C-86 60-84 110-80 190M78 4C86 60 84 110 80 190", "#34495a", 22)
    rami = figure.standing(
        sheet, RAMI, mood("rami", "betrapt", flush=0, turn=0.4, smile=-0.15), Arm((-150, 180), (-84, 150), turn=10), Arm((150, 180), (84, 150), turn=10), trousers="#3f4f60", under=straps
    )
    kick = ((0, 900, 26, 0.5), (1, 1130, 30, 0.5), (3, 1400, 22, 0.46))
    playing = "".join(
        place(
            ellipse(0, 642, 120, 14, "#5d3f22", 0.22)
            + figure.standing(
                sheet,
                CHILDREN[who],
                Mood(turn=(0.6, -0.5, 0, -0.6)[who], smile=0.9, mouth=0.4, squint=0.3),
                Arm((-190, 130), (-210, 40), turn=-20),
                Arm((190, 150), (216, 80), turn=-20),
                trousers=("#4a5a68", "#5b4a3e", "#4a5a68", "#6b5a6e")[who],
                stride=stride,
            ),
            x,
            396,
            scale,
        )
        for who, x, stride, scale in kick
    )
    shelter = fill("M0 120H700L760 190H0Z", "#6d4536") + fill("M0 190H760V214H0Z", "#8c5b48") + fill("M90 214h34V740H90zM560 214h38V770h-38z", "#34495a") + fill("M584 214h14V770h-14z", "#000", 0.2)
    school = (
        fill("M760 250H1600V560H760Z", sheet.across("#c58a6a", "#b5785a"))
        + fill("M740 220H1600V256H740Z", "#6d4536")
        + "".join(room.window(sheet, x, 310, 170, 150, "dawn") for x in (830, 1080, 1330))
    )
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.down("#a9c4d0", "#f3e6c8")}"/>',
        fill("M0 470C200 430 500 440 760 470V620H0Z", "#a3bd9c"),
        place(room.tree(), 320, 560, 1.2),
        school,
        fill("M0 560H1600V900H0Z", sheet.down("#c7c2b4", "#aaa496")),
        '<path d="M860 700A320 90 0 0 1 1500 700" fill="none" stroke="#f4f0e2" stroke-width="9"/>' + line("M740 640H1600", "#f4f0e2", 9),
        fill("M0 560H700L560 900H0Z", "#000", 0.07),
        playing,
        place(things.ball(), 1256, 730, 0.8),
        shelter,
        place(ellipse(0, 642, 120, 14, "#5d3f22", 0.3) + rami, 500, 372, 0.72),
    )


def tolk() -> str:
    """By daylight: a phone on speaker lies between them."""
    sheet = Sheet(1600, 900, "Overdag, in dezelfde klas: tussen de leraar en de mama ligt een telefoon op luidspreker; de derde stoel is leeg")
    mother, mothers = figure.half(sheet, MOTHER, mood("mama", "vastberaden", turn=0.3, gaze=(0.4, 0.2)), Arm((-210, 210), (-60, 250), "palm", 60), Arm((210, 190), (150, 120), "palm", 16))
    handset = (
        ellipse(8, 14, 92, 28, "#5d3f22", 0.25)
        + fill("M-66-32H36a14 14 0 0 1 14 8L86 12a10 10 0 0 1-8 14H-38a16 16 0 0 1-16-10L-78-18A10 10 0 0 1-66-32Z", "#2a333b")
        + fill("M-54-24H32L68 16H-34Z", "#eef3ee")
        + ellipse(8, -4, 22, 13, "#4f8a6b")
        + line("M2-8v8l12-4z", "#fffdf6", 3)
    )
    waves = (
        '<g fill="none" stroke="#4f8a6b" stroke-width="7" stroke-linecap="round">'
        + "".join(f'<path d="M{-30 - k * 22} {-70 - k * 26}q{30 + k * 22}-22 {60 + k * 44} 0" opacity="{0.9 - k * 0.25}"/>' for k in range(3))
        + "</g>"
    )
    return sheet.svg(
        room.room(sheet, 600),
        room.window(sheet, 130, 70, 330, 330, "day", place(room.tree(), 90, 320, 0.9)),
        room.window(sheet, 560, 70, 330, 330, "day"),
        room.screen(sheet, 1040, 80, 440, 290),
        place(things.chair("#d9952a"), 1020, 520, 1.25),
        place(mother, 440, 460, 1.04),
        things.table(sheet, 800, 640, 1300, 200, 150, 0),
        place(mothers, 440, 460, 1.04),
        place(waves + handset, 790, 742, 1.35),
        place(things.paper(), 1090, 700, 1.0),
        place(sleeve(), 1220, 770, 1.25),
    )


def klassenraad() -> str:
    """A card in two scripts on top of a folder."""
    sheet = Sheet(1600, 900, "Een tafel met mappen, mokken en een agenda; op een map ligt een handgeschreven kaart in twee schriften")
    folder = fill("M-230-150H210l30 20V170H-230Z", "#5d3f22", 0.2) + fill("M-244-166H40l24-22H190l20 22V156H-244Z", "#d9952a") + fill("M-244-140H210V156H-244Z", "#e2a43c")
    blue = (
        fill("M-230-150H210V170H-230Z", "#5d3f22", 0.2)
        + fill("M-244-166H40l24-22H190l20 22V156H-244Z", "#34495a")
        + fill("M-244-140H210V156H-244Z", "#41586b")
        + fill("M-200-90h170v60h-170z", "#fffdf6")
        + line("M-180-60h110", "#b9b5a2", 8)
    )
    card = fill("M-150-96H160V110H-150Z", "#5d3f22", 0.2) + fill("M-160-106H150V100H-160Z", "#fffdf6")
    card += line("M130-66c-14 16-30 16-36 0M84-62c-10 14-30 12-34-6c-4 18-24 20-34 6M6-76v18c-8 10-30 10-40-2M-46-60c-8 12-26 10-30-4M104-46v3M60-42v3M-12-40v3M30-84v3", "#1f5f4a", 6)
    card += line("M120-18c-12 14-34 12-38-4c-6 16-26 16-34 2M38-20c-10 12-34 10-40-8M-14-34v20M76 0v3M10 4v3", "#1f5f4a", 6)
    card += line("M-130 34c10-18 22-18 24 0s14 8 22-6 18 12 28-2 16 10 28-4 20 12 32-2 18 8 30-4M-130 70c12-14 20 6 32-6s18 8 30-4 20 10 34-2", "#8d4a36", 5.5)
    agenda = fill("M-190-130H190V150H-190Z", "#5d3f22", 0.2) + fill("M-200-140H180V140H-200Z", "#1f5f4a") + fill("M-188-130H-14V130H-188ZM-6-130H168V130H-6Z", "#fffdf6")
    agenda += (
        "".join(line(f"M{x} {-96 + k * 42}h130", "#d8d0b8", 4) for x in (-166, 16) for k in range(6)) + line("M-150-70h70M32 14h84M32 56h50", "#34495a", 7) + ellipse(90, -52, 26, 22, "#c4674a", 0.25)
    )
    cup = (
        ellipse(8, 10, 84, 84, "#5d3f22", 0.2)
        + line("M60 30c50 20 30 80-16 44", "#c4674a", 18)
        + ellipse(0, 0, 80, 80, "#c4674a")
        + ellipse(0, 0, 68, 68, "#fffdf6")
        + ellipse(0, 0, 58, 58, "#6b4630")
    )
    chairs = "".join(place(things.chair(c), x, y, s) for x, y, s, c in ((330, -20, 1.5, "#4f8a6b"), (770, -30, 1.5, "#d9952a"), (1230, -20, 1.5, "#4f8a6b")))
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.down("#c9b48a", "#b59c70")}"/>',
        chairs,
        fill("M60 130H1540L1600 900H0Z", sheet.down("#e0b580", "#c8965e")) + fill("M60 130H1540l2 10H58z", "#fff", 0.3),
        "".join(line(f"M{a} {b}h{c}", "#a97743", 6, 0.28) for a, b, c in ((160, 220, 300), (1160, 200, 260), (120, 820, 340), (1200, 840, 300))),
        place(blue, 1190, 360, 0.95, turn=7),
        place(folder, 640, 500, 1.25, turn=-5),
        place(card, 640, 500, 1.3, turn=3),
        place(agenda, 1230, 700, 1.0, turn=-6),
        place(cup, 260, 330, 0.95),
        place(cup.replace("#c4674a", "#4f8a6b"), 920, 270, 0.85),
        place(cup.replace("#c4674a", "#34495a"), 220, 760, 0.95),
        place(things.pencil("#1f5f4a"), 930, 790, 1.3, turn=-32),
    )


DRAWINGS = {"cover": cover, "gang": gang, "formulier": formulier, "speelplaats": speelplaats, "tolk": tolk, "klassenraad": klassenraad}
