"""Guided intervisions: a table with one unfinished story, and a chair turned round."""

from .. import room, things
from ..sheet import Sheet, ellipse, fill, line, place


def _tea(colour: str) -> str:
    """Return a cup of tea seen from above."""
    found = ellipse(8, 10, 74, 74, "#5d3f22", 0.2) + line("M54 28c44 18 26 70-14 40", colour, 16)
    return found + ellipse(0, 0, 70, 70, colour) + ellipse(0, 0, 59, 59, "#fffdf6") + ellipse(0, 0, 50, 50, "#c98a3d") + fill("M-36-22C-18-38 14-40 30-30C12-34-18-28-36-22Z", "#fff", 0.22)


def _slip(tint: str, words: tuple[int, ...]) -> str:
    """Return a small sheet with a few lines on it, seen from above."""
    found = fill("M-78-52H88V70H-78Z", "#5d3f22", 0.18) + fill("M-86-60H80V62H-86Z", tint)
    return found + "".join(line(f"M-64 {-32 + row * 32}h{wide}", "#a9a692", 8) for row, wide in enumerate(words))


def incident() -> str:
    """A table from above: one sheet with a story that stops halfway, five slips around it."""
    sheet = Sheet(1600, 900, "Een tafel van bovenaf; in het midden een vel waarop een verhaal halverwege ophoudt, eromheen vijf blaadjes, potloden en koppen thee")
    page = fill("M-206-136H226V162H-206Z", "#5d3f22", 0.2) + fill("M-220-150H212V148H-220Z", "#fffdf6")
    page += line("M-170-84H160M-170-30H130", "#1f5f4a", 13) + line("M-170 24H-30", "#1f5f4a", 13) + line("M6 24h2M42 24h2M78 24h2M114 24h2", "#c4674a", 13)
    table = ellipse(806, 476, 770, 420, "#5d3f22", 0.25) + f'<ellipse cx="800" cy="450" rx="770" ry="414" fill="{sheet.across("#e0b580", "#c8965e")}"/>'
    grain = "".join(line(f"M{a} {b}h{c}", "#a97743", 6, 0.26) for a, b, c in ((300, 190, 300), (980, 150, 260), (180, 560, 220), (1180, 610, 260), (640, 800, 380)))
    slips = (
        (330, 330, -16, "#fffdf6", (104, 70)),
        (330, 640, 12, "#f4e2c0", (90, 112, 60)),
        (800, 748, -3, "#fffdf6", (110, 84)),
        (1272, 640, -10, "#e4efe2", (80, 110)),
        (1272, 320, 14, "#fffdf6", (112, 60, 90)),
    )
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.down("#dfcfb0", "#cdb88f")}"/>',
        table,
        grain,
        place(page, 800, 420, 1.1, turn=-3),
        "".join(place(_slip(tint, words), x, y, 1.05, turn=turn) for x, y, turn, tint, words in slips),
        "".join(
            place(things.pencil(colour), x, y, 1.35, turn=turn)
            for x, y, turn, colour in ((470, 380, 62, "#c4674a"), (486, 700, -24, "#4f8a6b"), (960, 790, 30, "#d9952a"), (1130, 260, -50, "#34495a"))
        ),
        "".join(place(_tea(colour), x, y) for x, y, colour in ((560, 190, "#4f8a6b"), (1040, 170, "#c4674a"), (1090, 700, "#34495a"), (160, 480, "#d9952a"))),
    )


def _talk(w: float, h: float, colour: str, side: int, lines: tuple[int, ...]) -> str:
    """Return a balloon of a colour, with lines for words."""
    found = things.balloon(w, h, side=side)
    return found + "".join(line(f"M{-w / 2 + 34:.0f} {-h / 2 + 38 + row * 32:.0f}h{wide}", colour, 11) for row, wide in enumerate(lines))


def roddel() -> str:
    """Four chairs that face us and talk; in front of them one turned away from them."""
    sheet = Sheet(1600, 900, "Vier stoelen in een halve kring met praatwolkjes; een vijfde stoel staat met de rug naar de kring, op de grond ernaast een schriftje")
    chairs = ((330, 590, 0.92, -3, "#4f8a6b"), (640, 548, 0.86, -1, "#d9952a"), (960, 548, 0.86, 1, "#34495a"), (1270, 590, 0.92, 3, "#7db695"))
    back = "".join(ellipse(x, y + 4, 92, 16, "#5d3f22", 0.22) + place(things.seat(colour), x, y, scale, turn=turn) for x, y, scale, turn, colour in chairs)
    book = (
        fill("M-92-30L86-40L110 34L-76 46Z", "#5d3f22", 0.22)
        + fill("M-100-38L78-48L102 26L-84 38Z", "#1f5f4a")
        + fill("M-92-34L-6-38L12 28L-78 32Z", "#fffdf6")
        + fill("M-2-38L72-42L92 22L16 28Z", "#fffdf6")
    )
    book += line("M-72-16h52M-66 2h40M18-22h40", "#b9b5a2", 6)
    front = ellipse(806, 838, 170, 26, "#5d3f22", 0.28) + place(things.seat("#c4674a"), 800, 832, 1.52)
    return sheet.svg(
        room.room(sheet, 470),
        room.window(sheet, 110, 90, 250, 220, view=place(room.tree(), 176, 214, 0.7)),
        room.door(sheet, 1330, 110, 170, 360),
        ellipse(800, 690, 640, 150, "#8c6238", 0.35),
        f'<ellipse cx="800" cy="680" rx="640" ry="148" fill="{sheet.glow("#f2d9a6", 1)}"/>',
        ellipse(800, 680, 600, 136, "#f0d4a0", 0.55),
        back,
        place(_talk(230, 128, "#4f8a6b", 1, (150, 110)), 480, 150, 1),
        place(_talk(200, 104, "#c4674a", -1, (124,)), 800, 108, 1),
        place(_talk(240, 132, "#d9952a", -1, (164, 130)), 1110, 166, 1),
        front,
        place(book, 1090, 806, 1.1, turn=-4),
        place(things.pencil("#d9952a"), 1200, 842, 1.2, turn=-18),
    )


DRAWINGS = {"incidentmethode": {"cover": incident}, "roddelmethode": {"cover": roddel}}
