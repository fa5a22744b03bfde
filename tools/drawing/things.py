"""Things that stand, lie and lean in the drawings. Each has its foot, or its middle, at the origin."""

from .sheet import Sheet, ellipse, fill, line, n, place


def table(sheet: Sheet, x: float, y: float, w: float, depth: float = 80, spread: float = 40, legs: float = 190) -> str:
    """Return a table: its far edge is `w` wide at (x, y), nearer it widens by `spread` at each side."""
    half = w / 2
    near = half + spread
    found = ""
    if legs:
        found += fill(f"M{n(-near + 18)} {depth}h22l-8 {legs}h-16zM{n(near - 40)} {depth}h22l2 {legs}h-16z", "#5f6c6e")
        found += fill(f"M{n(-near + 20)} {depth + 18}H{n(near - 20)}v16H{n(-near + 20)}z", "#5d3f22", 0.25)
    found += fill(f"M{n(-half)} 0H{n(half)}L{n(near)} {depth}H{n(-near)}Z", sheet.down("#dfb27c", "#cb9a62"))
    found += fill(f"M{n(-half)} 0H{n(half)}l4 7H{n(-half - 4)}z", "#fff", 0.25) + fill(f"M{n(-near)} {depth}H{n(near)}v18H{n(-near)}z", "#b07c46")
    grain = f"M{n(-half * 0.5)} {n(depth * 0.3)}H{n(half * 0.1)}M{n(half * 0.3)} {n(depth * 0.62)}H{n(half * 0.8)}M{n(-half * 0.9)} {n(depth * 0.72)}H{n(-half * 0.5)}"
    return place(found + line(grain, "#a97743", 4, 0.3), x, y)


def top(sheet: Sheet, y: float) -> str:
    """Return a table top that fills the picture from `y` down: the reader's own table."""
    found = fill(f"M0 {y}H1600V900H0Z", sheet.down("#dcae78", "#bd8750")) + fill(f"M0 {y}H1600v10H0z", "#fff", 0.25)
    grain = "".join(line(f"M{a} {y + b}h{c}", "#a97743", 5, 0.28) for a, b, c in ((80, 70, 420), (700, 110, 520), (220, 180, 360), (1080, 60, 300), (900, 230, 500), (60, 280, 420)))
    return found + grain


def chair(colour: str) -> str:
    """Return a chair seen from behind; the top of its back is at the origin."""
    found = fill("M-50 118h14v120h-14zM36 118h14v120H36z", "#5a6769") + fill("M-64 110C-64 30-58 8-46 0-30-10 30-10 46 0c12 8 18 30 18 110z", colour)
    return found + fill("M-50 96c0-60 4-76 12-82 12-8 64-8 76 0 8 6 12 22 12 82z", "#fff", 0.13)


def seat(colour: str) -> str:
    """Return a chair seen from the front, its feet at the origin; the seat is 170 up."""
    found = line("M-62-160L-74 0M62-160L74 0M-48-150L-54-24M48-150L54-24", "#5a6769", 13)
    found += fill("M-66-196C-70-290-62-330-50-338C-30-350 30-350 50-338C62-330 70-290 66-196Z", colour) + fill(
        "M-52-210C-54-280-50-312-40-320C-24-330 24-330 40-320C50-312 54-280 52-210Z", "#fff", 0.13
    )
    return found + fill("M-76-190C-50-202 50-202 76-190L84-164C50-152-50-152-84-164Z", colour) + fill("M-84-164C-50-152 50-152 84-164V-152C50-140-50-140-84-152Z", "#000", 0.2)


def mug(colour: str) -> str:
    """Return a mug, its foot at the origin, 90 high."""
    found = ellipse(6, 4, 54, 13, "#5d3f22", 0.25) + line("M40-62c34-4 40 46-4 46", colour, 12) + fill("M-44-78h88l-7 70c-2 14-72 14-74 0z", colour)
    return found + fill("M-44-78h24l6 79c-12-1-22-4-23-9z", "#fff", 0.16) + ellipse(0, -78, 44, 13, "#fffdf6") + ellipse(0, -76, 36, 9, "#6b4630")


def laptop(sheet: Sheet, lines: int = 4, *, accent: str = "") -> str:
    """Return a laptop whose screen we see, the front of its keyboard at y=30."""
    found = ellipse(0, 30, 150, 14, "#5d3f22", 0.22) + fill("M-118-170a8 8 0 0 1 8-8h220a8 8 0 0 1 8 8L126 0h-252z", "#3c4a52")
    found += fill("M-106-166h212l6 154h-224z", sheet.across("#fffdf6", "#e4efec"))
    for row in range(lines):
        colour = accent if accent and row == 1 else "#8ea6ab"
        found += line(f"M-84 {-140 + row * 30}h{(150, 120, 164, 96, 140)[row % 5]}", colour, 9)
    return found + fill("M-126 0h252l22 30h-296z", "#7f8d91") + fill("M-108 5h216l10 13h-236z", "#5b696e") + fill("M-148 30h296v6h-296z", "#48565b")


def lid(*, open_by: float = 1.0) -> str:
    """Return a laptop seen from behind; `open_by` 1 is upright, 0.4 half closed."""
    high = 172 * open_by
    lean = (1 - open_by) * 60
    found = ellipse(0, 6, 148, 14, "#5d3f22", 0.22) + fill(f"M{n(-112 + lean * 0.2)} {n(-high)}a8 8 0 0 1 8-8h{n(208 - lean * 0.4)}a8 8 0 0 1 8 8L124 0h-248z", "#52626a")
    return found + ellipse(0, -high * 0.5, 13, 13 * open_by, "#8fa1a6") + fill("M-128 0h256l6 10h-268z", "#3c4a52")


def shut() -> str:
    """Return a laptop that is closed, lying flat."""
    return ellipse(0, 14, 130, 12, "#5d3f22", 0.22) + fill("M-110-26h220l26 36h-272z", "#5b6b73") + fill("M-136 10h272v9h-272z", "#3c4a52") + ellipse(0, -8, 13, 5, "#8fa1a6")


def paper(lines: int = 4, *, tint: str = "#fffdf6", ink: str = "#b9b5a2") -> str:
    """Return a sheet lying on a table, 200 by 90."""
    found = fill("M-90-34l186-6 26 84-206 6z", "#5d3f22", 0.18) + fill("M-94-40l186-6 26 84-206 6z", tint)
    return found + "".join(line(f"M{-72 + row * 2} {-22 + row * 16}l{(120, 146, 100, 136)[row % 4]}-4", ink, 5) for row in range(lines))


def stack(count: int) -> str:
    """Return a pile of papers, its foot at the origin."""
    found = ellipse(0, 2, 122, 12, "#5d3f22", 0.22)
    for row in range(count):
        shift = (0, 7, -5, 3, -8, 5)[row % 6]
        found += fill(f"M{-104 + shift} {-row * 10}h208v-9h-208z", ("#fffdf6", "#efe6d0")[row % 2])
    y = -count * 10 + 1
    found += fill(f"M-104 {y}l20-20h176l20 20z", "#fffdf6")
    return found + line(f"M-70 {y - 6}h110M-60 {y - 13}h80", "#b9b5a2", 4)


def books(*colours: str) -> str:
    """Return books lying on each other."""
    return "".join(
        fill(f"M{-70 + (row % 2) * 8} {-row * 24}h{140 - row * 6}v-22h{-140 + row * 6}z", colour) + fill(f"M{-62 + (row % 2) * 8} {-row * 24 - 6}h20v-10h-20z", "#fffdf6", 0.7)
        for row, colour in enumerate(colours)
    )


def plant() -> str:
    """Return a plant in a pot, its foot at the origin."""
    found = fill("M-44-68h88l-12 68h-64z", "#c4674a") + fill("M-50-78h100v20H-50z", "#d17c5e")
    found += fill("M-4-74c-50-20-78-58-76-104 44 14 72 52 76 104zM2-74c36-34 46-76 30-122-34 26-46 70-30 122z", "#3f7a5c")
    return found + fill("M-2-74c-18-44-14-86 12-124 22 40 18 84-12 124zM4-74c46-8 74-32 84-70-42 2-72 28-84 70z", "#5d9a76")


def phone(*, on: bool = False, bars: int = 0) -> str:
    """Return a phone seen from above, upright, 120 by 230, its middle at the origin."""
    found = fill("M-52-108h120a16 16 0 0 1 16 16V108H-52z", "#5d3f22", 0.2)
    found += '<rect x="-60" y="-116" width="120" height="232" rx="18" fill="#22292f"/><rect x="-52" y="-104" width="104" height="208" rx="8" fill="' + ("#eef3ee" if on else "#33404a") + '"/>'
    for row in range(bars):
        mine = row % 3 == 1
        wide = (62, 50, 70, 40)[row % 4]
        found += f'<rect x="{44 - wide if mine else -44}" y="{-92 + row * 25}" width="{wide}" height="18" rx="7" fill="{"#a9cfb6" if mine else "#c9cfcb"}"/>'
    return found if on else found + fill("M-52-104H10L-52 20z", "#fff", 0.07)


def pencil(colour: str = "#d9952a") -> str:
    """Return a pencil lying to the right, 150 long."""
    return fill("M-70-6H54v12H-70z", colour) + fill("M54-6l24 6-24 6z", "#f4e2c0") + fill("M70-2l8 2-8 2z", "#2a2420") + fill("M-84-6h14v12h-14z", "#c4674a")


def lamp(sheet: Sheet) -> str:
    """Return a hanging lamp and its light; the cord's end is at the origin."""
    light = fill("M-96 6L-330 560H330L96 6Z", sheet.fading("#fff1c9", 0.55))
    return light + line("M0-400V-60", "#2d2f28", 5) + fill("M-100 0C-96-56-40-76 0-76C40-76 96-56 100 0Z", "#d9952a") + ellipse(0, 1, 100, 10, "#fff3cf")


def lunchbox() -> str:
    """Return a lunch box, its foot at the origin."""
    return ellipse(0, 2, 84, 10, "#5d3f22", 0.25) + fill("M-78-48h156l-10 46c-20 8-116 8-136 0z", "#4f8a6b") + fill("M-84-62h168v18H-84z", "#6aa384") + fill("M-20-58h40v8h-40z", "#3c7156")


def bicycle(colour: str) -> str:
    """Return a bicycle seen from the side, its wheels' foot at y=0, 320 long."""
    wheels = "".join(f'<circle cx="{x}" cy="-64" r="60" fill="none" stroke="#2d2f28" stroke-width="8"/><circle cx="{x}" cy="-64" r="6" fill="#2d2f28"/>' for x in (-104, 104))
    spokes = "".join(line(f"M{x}-64l52-20M{x}-64l-52-20M{x}-64l-20 52M{x}-64l20 52M{x}-64V-118", "#7f8d91", 2, 0.7) for x in (-104, 104))
    frame = line("M-104-64L-40-66L70-150M-104-64L-58-150L-40-66M-58-146H70M70-150L104-64", colour, 9)
    return wheels + spokes + frame + line("M-64-170h34M66-152L60-190M60-190C74-200 90-196 92-182", "#2d2f28", 9) + line("M-104-132h-60", "#5a6769", 7) + ellipse(-40, -66, 16, 16, "#5a6769")


def ball() -> str:
    """Return a football, its middle at the origin."""
    found = ellipse(0, 0, 40, 40, "#ece8da") + fill("M-16-10L0-22 16-10 10 10H-10Z", "#34495a")
    return found + line("M0-22V-39M16-10L36-16M10 10L24 30M-10 10L-24 30M-16-10L-36-16", "#34495a", 3.5)


def bag(colour: str) -> str:
    """Return a school bag, its foot at the origin."""
    found = fill("M-62 0C-70-90-60-130-36-140H36C60-130 70-90 62 0Z", colour) + fill("M-46 0v-54c0-14 92-14 92 0V0z", "#000", 0.16)
    return found + line("M-22-140c0-34 44-34 44 0", colour, 9) + line("M-46-56h92", "#fff", 4, 0.3) + fill("M-62 0C-70-90-60-130-36-140H-20C-44-120-46-60-44 0Z", "#fff", 0.1)


def balloon(w: float, h: float, *, side: int = 1) -> str:
    """Return an empty speech balloon round the origin, its tail to a side."""
    a, b = w / 2, h / 2
    return f'<path d="M{n(-a)} {n(-b + 24)}a24 24 0 0 1 24-24H{n(a - 24)}a24 24 0 0 1 24 24V{n(b - 24)}a24 24 0 0 1-24 24H{n(side * 10 + 30)}l{side * 26} 44l{-44 if side > 0 else -70 + 52}-44H{n(-a + 24)}a24 24 0 0 1-24-24z" fill="#fffdf6" stroke="#1f5f4a" stroke-width="6" stroke-linejoin="round"/>'
