"""Drie weken later: what is left of a study day."""

from .. import things
from ..sheet import Sheet, ellipse, fill, line, place


def cover() -> str:
    """A diary with three days circled by hand."""
    sheet = Sheet(1600, 900, "Een open agenda op tafel met drie omcirkelde dagen; ernaast een keycord van een studiedag en een mok")
    page = (
        fill("M-520-300H520V330H-520Z", "#5d3f22", 0.2)
        + fill("M-536-316H504V310H-536Z", "#1f5f4a")
        + fill("M-516-300H-20V294H-516ZM-12-300H484V294H-12Z", "#fffdf6")
        + fill("M-60-300H-20V294H-60ZM-12-300H28V294H-12Z", "#5d3f22", 0.07)
    )
    for side, x in enumerate((-490, 24)):
        page += line(f"M{x} -258h{(190, 150)[side]}", "#1f5f4a", 13)
        for row in range(5):
            for day in range(7):
                a, b = x + day * 62, -206 + row * 96
                page += fill(f"M{a} {b}h54v86h-54z", "#f6efde" if day < 5 else "#ece3cc") + line(f"M{a + 12} {b + 18}h14", "#b9b5a2", 6)
    rings = ((-490 + 62 * 1 + 27, -206 + 96 + 43), (-490 + 62 * 1 + 27, -206 + 96 * 4 + 43), (24 + 62 * 3 + 27, -206 + 96 * 3 + 43))
    for at, (x, y) in enumerate(rings):
        page += place(line("M-40-8C-44-50 20-62 44-30C62 0 40 50-4 48C-44 46-58 4-30-34", "#c4674a", 8), x, y, 1.05, turn=at * 30)
    page += line("M-388-62C-372 40-380 110-392 190M-360 250C-200 330-20 200 150 140", "#c4674a", 4.5, 0.55)
    cord = line("M-150-330C-260-120-120-40-40 40M90-330C140-140 20-60-30 40", "#1f5f4a", 20) + line("M-150-330C-260-120-120-40-40 40M90-330C140-140 20-60-30 40", "#fff", 3, 0.3)
    cord += (
        fill("M-50 36h36v36h-36z", "#8a8f8c")
        + fill("M-120 70H60V290H-120Z", "#5d3f22", 0.2)
        + fill("M-130 60H50V280H-130Z", "#fffdf6")
        + fill("M-130 60H50v56H-130z", "#d9952a")
        + line("M-100 160h120M-100 196h84", "#b9b5a2", 11)
    )
    cup = (
        ellipse(10, 12, 110, 110, "#5d3f22", 0.2)
        + line("M80 40c66 26 40 104-20 58", "#4f8a6b", 24)
        + ellipse(0, 0, 104, 104, "#4f8a6b")
        + ellipse(0, 0, 90, 90, "#fffdf6")
        + ellipse(0, 0, 77, 77, "#6b4630")
        + fill("M-54-36C-26-58 20-62 46-44C20-52-28-44-54-36Z", "#fff", 0.16)
    )
    return sheet.svg(
        f'<rect width="1600" height="900" fill="{sheet.across("#e0b580", "#c8965e")}"/>',
        "".join(line(f"M{a} {b}h{c}", "#a97743", 6, 0.28) for a, b, c in ((40, 90, 300), (1180, 60, 300), (60, 850, 420), (1140, 860, 380), (1300, 440, 260))),
        fill("M0 0H800L200 900H0Z", sheet.fading("#fff6dc", 0.45, direction="x2='1' y2='0'")),
        place(page, 640, 450, 1.08, turn=-3),
        place(cord, 1390, 330, 1.0, turn=6),
        place(cup, 1330, 720, 1.0),
        place(things.pencil("#c4674a"), 900, 820, 1.5, turn=-16),
    )


DRAWINGS = {"cover": cover}
