"""Rooms and what belongs to them: walls, windows, doors, screens; and the playground outside."""

from .sheet import Sheet, ellipse, fill, line, n, place

SKIES = {"day": ("#a9cdd6", "#eaf0e4"), "grey": ("#b4c6cc", "#dfe5df"), "dusk": ("#5f7693", "#eab98c"), "night": ("#1f2c3d", "#33465a"), "dawn": ("#9db4c6", "#f6d3a6")}
"""What the sky is like at a time of day: above, and at the horizon."""

HILLS = {"day": ("#a3bd9c", "#8bab8b"), "grey": ("#9db39a", "#86a089"), "dusk": ("#62707a", "#4c5b66"), "night": ("#26394a", "#1c2c3a"), "dawn": ("#8fa596", "#768f84")}


def room(sheet: Sheet, floor: int = 600, *, evening: bool = False, wainscot: str = "") -> str:
    """Return a wall and a floor that meet `floor` units from above."""
    wall = sheet.across("#56666e", "#6d7a7c") if evening else sheet.across("#f7ecd6", "#ead9ba")
    ground = sheet.down("#8d6d49", "#73573a") if evening else sheet.down("#c9a678", "#b58a58")
    skirting = "#a08f74" if evening else "#fbf3e1"
    found = f'<rect width="1600" height="{floor}" fill="{wall}"/>'
    if wainscot:
        found += fill(f"M0 {floor - 150}H1600V{floor}H0Z", wainscot) + fill(f"M0 {floor - 158}H1600v10H0Z", "#fff", 0.35)
    found += f'<path d="M0 {floor - 10}h1600V900H0z" fill="{ground}"/>'
    return found + fill(f"M0 {floor - 14}H1600v14H0Z", skirting)


def window(sheet: Sheet, x: float, y: float, w: float, h: float, sky: str = "day", view: str = "") -> str:
    """Return a window with hills behind it; `view` is drawn before them, in the window's units."""
    top, low = SKIES[sky]
    far, near = HILLS[sky]
    frame = "#fffaf0" if sky not in ("night", "dusk") else "#d9d3c2"
    glass = f"M20 20H{w - 20}V{h - 20}H20Z"
    inside = fill(glass, sheet.down(top, low))
    inside += fill(f"M20 {h * 0.76}C{w * 0.3} {h * 0.66} {w * 0.6} {h * 0.7} {w} {h * 0.74}V{h}H20Z", far)
    inside += fill(f"M20 {h * 0.86}C{w * 0.3} {h * 0.8} {w * 0.7} {h * 0.82} {w} {h * 0.84}V{h}H20Z", near)
    if sky == "night":
        inside += "".join(ellipse(w * a, h * b, 3, 3, "#f4e7c0", 0.8) for a, b in ((0.2, 0.2), (0.34, 0.34), (0.62, 0.16), (0.8, 0.3)))
    bars = fill(f"M{w / 2 - 9} 20h18V{h - 20}h-18zM20 {n(h * 0.42)}H{w - 20}v14H20Z", frame)
    sill = fill(f"M-26 {h - 4}H{w + 26}v24H-26z", frame) + fill(f"M-26 {h + 16}H{w + 26}v8H-26z", "#cdb893")
    cut = f"<g {sheet.clip(glass)}>{inside}{view}{fill(f'M20 20H{w}v12H20zM20 20h12V{h}H20z', '#5d4a33', 0.12)}</g>"
    return place(fill(f"M0 0H{w}V{h}H0Z", frame) + cut + bars + sill, x, y)


def tree(leaves: str = "#d9952a", *, bare: bool = False) -> str:
    """Return a tree, its foot at the origin, 240 high."""
    found = line("M0 0C4-70 0-120-4-170", "#7a6a55", 16) + line("M-2-110C-26-134-38-156-44-186M-2-126C22-150 36-172 42-200", "#7a6a55", 8)
    if bare:
        return found + line("M-4-170C-14-196-16-216-12-240M-44-186C-58-200-66-214-70-230M42-200C56-210 64-222 70-240M-30-148C-50-156-62-166-74-182M28-164C46-168 60-176 74-190", "#7a6a55", 5)
    return found + ellipse(-42, -196, 42, 38, leaves) + ellipse(40, -204, 40, 38, leaves) + ellipse(0, -228, 52, 46, leaves) + ellipse(-14, -246, 22, 18, "#fff", 0.14)


def screen(sheet: Sheet, x: float, y: float, w: float, h: float, content: str = "") -> str:
    """Return the big screen at the front of a classroom, with content in its own units."""
    face = f"M14 14H{w - 14}V{h - 24}H14Z"
    found = fill(f"M0 8a8 8 0 0 1 8-8H{w - 8}a8 8 0 0 1 8 8V{h - 8}a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8Z", "#34424c")
    found += fill(face, sheet.across("#fffdf6", "#e4efec")) + f"<g {sheet.clip(face)}>{content}{fill(f'M{w * 0.62} 14H{w * 0.8}L{w * 0.5} {h}H{w * 0.32}Z', '#fff', 0.3)}</g>"
    found += ellipse(w / 2 - 16, h - 12, 4, 4, "#8fc9a8") + ellipse(w / 2, h - 12, 4, 4, "#7f8d91") + ellipse(w / 2 + 16, h - 12, 4, 4, "#7f8d91")
    return place(fill(f"M10 {h}H{w - 10}L{w - 2} {h + 14}H22Z", "#5d4a33", 0.12) + found, x, y)


def door(sheet: Sheet, x: float, y: float, w: float, h: float, colour: str = "#2f7a5f", *, pane: bool = True) -> str:
    """Return a closed door in its frame."""
    found = fill(f"M-16-16H{w + 16}V{h}H{-16}Z", "#fffaf0") + fill(f"M0 0H{w}V{h}H0Z", colour)
    found += fill(f"M{w * 0.7} 0H{w}V{h}H{w * 0.7}Z", "#000", 0.07)
    if pane:
        found += fill(f"M{w * 0.2} {h * 0.1}H{w * 0.8}V{h * 0.46}H{w * 0.2}Z", "#cfe0d2", 0.85) + fill(f"M{w * 0.2} {h * 0.3}L{w * 0.6} {h * 0.1}H{w * 0.74}L{w * 0.2} {h * 0.38}Z", "#fff", 0.35)
    return place(found + ellipse(w * 0.9, h * 0.54, 9, 9, "#f0c673"), x, y)


def ajar(sheet: Sheet, x: float, y: float, w: float, h: float, colour: str = "#2f7a5f", *, light: str = "#fff3d0", view: str = "") -> str:
    """Return a doorway with its door swung open to the right; what is behind comes in `view`."""
    opening = f"M0 0H{w}V{h}H0Z"
    found = fill(f"M-18-18H{w + 18}V{h}H-18Z", "#fffaf0") + fill(opening, sheet.down(light, "#f0d9a8")) + f"<g {sheet.clip(opening)}>{view}</g>"
    leaf = f"M{w} 0L{w + 100}-26V{h + 40}L{w} {h}Z"
    found += fill(leaf, colour) + fill(f"M{w + 20} {h * 0.1}L{w + 82} {h * 0.08}V{h * 0.44}L{w + 20} {h * 0.43}Z", "#cfe0d2", 0.8) + fill(f"M{w + 84} {h * 0.52}h14v12h-14z", "#f0c673")
    return place(found, x, y)


def clock(x: float, y: float, hour: float, minute: float, r: float = 60) -> str:
    """Return a clock on the wall."""
    found = ellipse(6, 8, r, r, "#5d4a33", 0.2) + ellipse(0, 0, r, r, "#1f5f4a") + ellipse(0, 0, r * 0.83, r * 0.83, "#fffdf6")
    ticks = "".join(f'<path d="M0 {n(-r * 0.68)}v{n(r * 0.1)}" transform="rotate({a})"/>' for a in range(0, 360, 90))
    found += f'<g stroke="#2d2f28" stroke-width="4" stroke-linecap="round">{ticks}</g>'
    found += f'<g stroke="#2d2f28" stroke-linecap="round"><path d="M0 0V{n(-r * 0.45)}" stroke-width="7" transform="rotate({n((hour + minute / 60) * 30)})"/><path d="M0 0V{n(-r * 0.62)}" stroke-width="5" transform="rotate({n(minute * 6)})"/></g>'
    return place(found + ellipse(0, 0, 5, 5, "#c4674a"), x, y)


def hooks(x: float, y: float, colours: tuple[str, ...], *, drawings: bool = False) -> str:
    """Return a row of coat hooks, with coats of the given colours; an empty colour is a free hook."""
    wide = len(colours) * 92
    found = fill(f"M0 0H{wide}v18H0z", "#c58f57") + fill(f"M0 14H{wide}v6H0z", "#5d4a33", 0.2)
    for at, colour in enumerate(colours):
        at_x = at * 92 + 46
        found += ellipse(at_x, 26, 7, 8, "#8c6238")
        if drawings:
            paper = fill("M-30-92h60v58h-60z", "#fffdf6")
            what = (ellipse(0, -62, 14, 14, "#f0c673"), fill("M-20-42c8-26 20-26 24-8 6-14 14-10 18 8z", "#8bb08a"), fill("M-16-42v-16l16-14 16 14v16z", "#e09a7b"))[at % 3]
            found += place(paper + what, at_x, 0, turn=(-3, 2, -1)[at % 3])
        if colour:
            found += place(fill("M0 0C-30 6-40 40-38 150H38C40 40 30 6 0 0Z", colour) + fill("M6 4C16 50 16 110 12 150H38C40 40 30 6 6 4Z", "#000", 0.1) + line("M0 10V150", "#000", 3, 0.14), at_x, 26)
    return place(found, x, y)


def pinboard(x: float, y: float) -> str:
    """Return a pin board with notes, 300 by 210."""
    found = fill("M0 0h300v210H0z", "#a97b4a") + fill("M12 12h276v186H12z", "#d9b27c")
    found += fill("M30 32l84-4 4 80-84 4z", "#fffdf6") + line("M44 50l54-3M45 66l48-2M46 82l56-3", "#b9b5a2", 5)
    found += fill("M140 34h66v50h-66z", "#f0c673") + fill("M140 100h66v50h-66z", "#a9c6a4") + fill("M224 28l50 4-4 84-50-4z", "#fffdf6") + fill("M232 44l34 3-2 30-34-3z", "#c7d9dc")
    found += fill("M36 130h78v50H36z", "#c7d9dc") + fill("M224 132l54-4 2 50-54 4z", "#e09a7b")
    return place(found + "".join(ellipse(a, b, 6, 6, "#c4674a") for a, b in ((74, 34), (172, 40), (250, 36), (74, 136), (172, 106), (252, 136))), x, y)


def bricks(sheet: Sheet, x: float, y: float, w: float, h: float) -> str:
    """Return a brick wall."""
    area = f"M{x} {y}H{x + w}V{y + h}H{x}Z"
    rows = "".join(f"M{x} {y + r}H{x + w}" for r in range(44, int(h), 44))
    joints = "".join(f"M{x + c + (r % 88) * 1.1} {y + r}v44" for r in range(0, int(h), 44) for c in range(60, int(w), 130))
    light = "".join(fill(f"M{x + c} {y + r + 4}h96v36h-96z", "#fff", 0.07) for r, c in ((44, 150), (132, 420), (88, 700), (220, 250), (264, 560), (176, 900), (308, 80)) if r < h - 44 and c < w - 100)
    return fill(area, sheet.across("#b5694c", "#a5593f")) + f"<g {sheet.clip(area)}>{line(rows + joints, '#8d4a36', 3, 0.45)}{light}</g>"
