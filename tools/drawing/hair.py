"""Hair, headscarf and cap, in the units of a head (see `head`)."""

from collections.abc import Callable
from dataclasses import dataclass

from .people import Mood, Person
from .sheet import ellipse, fill, line, place


@dataclass(frozen=True)
class Hair:
    """What lies behind the head, before it, and how the head looks from behind."""

    back: str
    front: str
    behind: str


NAPE = "M-80-176C-84-286 84-286 80-176C80-120 66-84 50-66C20-54-20-54-50-66C-66-84-80-120-80-176Z"


def strands(*paths: str, dark: bool = False, width: float = 3.4, strength: float = 0.2) -> str:
    """Return lines that follow the hair, light or dark."""
    return "".join(line(one, "#000" if dark else "#fff", width, strength) for one in paths)


def _veil(who: Person, mood: Mood) -> Hair:
    """Long and straight, a curtain of it over one eye."""
    c = who.hair_colour
    back = fill("M-88-170C-96-300 96-300 88-170C92-100 96-20 108 70C60 96-60 96-108 70C-96-20-92-100-88-170Z", c)
    top = "M-86-150C-94-296 92-298 86-150C78-160 74-176 70-196C56-226 30-236 8-240"
    if mood.hair == "over":
        front = fill(top + "C-4-222-16-190-14-150C-14-110-22-70-34-20C-52 0-74 10-92 20C-96-40-92-100-86-150Z", c)
        front += fill("M60-210C80-170 80-100 76-10C88 10 96 20 100 30C100-60 96-140 82-200Z", c)
        front += strands("M2-236C-24-200-40-140-46-40", "M-8-238C-44-200-62-130-66-20", "M80-170C84-110 84-60 86 0")
    elif mood.hair == "ear":
        front = fill(top + "C-14-226-44-212-60-190C-74-172-78-156-79-140C-86-140-88-150-88-160C-94-140-96-100-92-60C-98-100-94-130-86-150Z", c)
        front += fill("M68-200C80-170 84-120 82-60C86-20 92 10 100 40C104-60 98-150 84-200Z", c)
        front += strands("M-2-238C-34-226-60-206-72-176", "M14-244C44-240 66-218 76-186", "M88-150C92-100 92-60 96-10")
    else:
        front = fill(top + "C-6-226-30-200-44-164C-52-138-56-110-62-70C-70-30-82-6-96 16C-98-60-94-110-86-150Z", c)
        front += fill("M64-204C82-170 84-110 80-40C88-10 94 10 100 30C104-60 98-150 84-200Z", c)
        front += strands("M2-238C-32-216-52-180-60-120", "M-6-240C-46-214-68-170-76-60", "M84-150C88-100 88-60 92-10")
    behind = fill("M-86-170C-92-300 92-300 86-170C92-100 96-10 92 60C50 74-50 74-92 60C-96-10-92-100-86-170Z", c) + strands(
        "M-20-262C-50-180-56-60-52 50", "M14-262C40-180 46-60 44 54", "M0-262C4-160 0-60-4 56"
    )
    return Hair(back, front, behind)


def _tousled(who: Person, _mood: Mood) -> Hair:
    c = who.hair_colour
    front = fill(
        "M-82-146C-92-180-98-226-76-250C-78-262-72-268-62-266C-52-284-30-290-14-280C4-296 36-292 46-278C62-284 76-270 78-256"
        "C98-240 96-190 82-146C78-160 76-172 72-182C70-196 66-204 60-212C50-206 44-204 36-206C30-200 22-198 14-202C6-194-6-194-14-200"
        "C-24-192-36-194-44-202C-54-196-64-194-70-182C-76-170-78-160-82-146Z",
        c,
    )
    front += strands("M-58-256C-70-240-74-220-72-200", "M-30-274C-44-256-46-230-40-212", "M0-282C-10-260-8-232 2-212", "M34-276C24-256 26-232 40-216", "M62-262C58-246 62-226 72-206")
    return Hair("", front, fill(NAPE, c) + strands("M-40-250C-50-200-48-140-40-90", "M0-258C4-200 0-140-4-80", "M40-250C52-200 50-140 40-90"))


def _scarf(who: Person, _mood: Mood) -> Hair:
    """A headscarf, its folds round the chin."""
    c = who.hair_colour
    back = fill("M-98-160C-104-306 104-306 98-160C104-90 112-30 122 40C60 70-60 70-122 40C-112-30-104-90-98-160Z", c)
    ring = (
        "M0-290C-76-290-100-230-98-160C-100-90-108-20-116 50C-60 84 60 84 116 50C108-20 100-90 98-160C100-230 76-290 0-290Z"
        "M0-236C50-236 70-204 71-158C72-108 54-50 0-42C-54-50-72-108-71-158C-70-204-50-236 0-236Z"
    )
    front = f'<path d="{ring}" fill="{c}" fill-rule="evenodd"/>'
    under = "M0-246C-50-246-72-210-72-166C-66-206-44-228 0-228C44-228 66-206 72-166C72-210 50-246 0-246Z"
    front += fill(under, "#a8691a")
    front += strands("M-84-190C-90-120-76-50-26-14", "M84-190C92-110 76-40 10 8", "M-92-60C-70 0-30 30 20 40", "M92-60C80-16 60 10 30 24", dark=True, strength=0.14)
    front += strands("M-60-256C-40-272 40-272 60-256", strength=0.3)
    behind = back + strands("M-60-240C-40-120-40-40-60 40", "M60-240C40-120 44-40 64 40", dark=True, strength=0.12)
    return Hair(back, front, behind)


def _long(who: Person, _mood: Mood) -> Hair:
    """Shoulder length, parted in the middle."""
    c = who.hair_colour
    back = fill("M-86-170C-94-298 94-298 86-170C90-120 100-60 96 0C80 22 40 24 0 22C-40 24-80 22-96 0C-100-60-90-120-86-170Z", c)
    half = "M0-262C54-266 88-232 86-170C88-120 98-60 94-6C86 6 76 8 70 4C84-50 82-110 74-150C68-190 44-222 0-240Z"
    front = fill(half, c) + place(fill(half, c), 0, 0, 1, mirror=True)
    front += strands("M8-254C48-246 74-206 80-150", "M-8-254C-48-246-74-206-80-150", "M86-120C92-80 90-40 84-4", "M-86-120C-92-80-90-40-84-4")
    behind = back + strands("M-10-266C-50-200-56-100-54 10", "M10-266C50-200 56-100 54 10", "M0-266V16")
    return Hair(back, front, behind)


def _cap(who: Person, mood: Mood) -> Hair:
    """Short curls under a blue cap with a yellow patch."""
    c = who.hair_colour
    blue, deep = "#2f63b5", "#24508f"
    curls = "".join(ellipse(x, y, 15, 16, c) for x, y in ((-78, -178), (-82, -156), (-76, -136), (78, -178), (82, -156), (76, -136), (-70, -196), (70, -196)))
    crown = "M-92-188C-98-300 98-300 92-188C60-204-60-204-92-188Z"
    patch = '<path d="M-17-254h34a5 5 0 0 1 5 5v24a5 5 0 0 1-5 5h-34a5 5 0 0 1-5-5v-24a5 5 0 0 1 5-5z" fill="#f2c04e"/>'
    seam = line("M0-272C-30-262-56-240-64-204M0-272C30-262 56-240 64-204", deep, 3, 0.7)
    if mood.hair == "low":
        lift, brim = (20, "M-94-192C-60-214 60-214 94-192C112-172 100-150 84-152C50-170-50-170-84-152C-100-150-112-172-94-192Z")
    elif mood.hair == "up":
        lift, brim = (-16, "M-82-194C-60-212 60-212 82-194C92-214 82-246 50-252C20-256-20-256-50-252C-82-246-92-214-82-194Z")
        fringe = "".join(ellipse(x, y, 15, 13, c) for x, y in ((-52, -208), (-28, -216), (-4, -219), (20, -217), (44, -210), (62, -198), (-66, -196)))
        cap = fill("M-84-206C-96-304 96-304 84-206C60-222-60-222-84-206Z", blue)
        front = fringe + place(cap + fill("M-70-212C-50-226 50-226 70-212C72-234 54-250 0-252C-54-250-72-234-70-212Z", deep), 0, 2)
        front += place(patch, 0, 4, 0.9)
        return Hair("", curls + front, fill(NAPE, c) + fill(crown, blue) + seam)
    else:
        lift, brim = (0, "M-94-192C-60-216 60-216 94-192C108-176 98-160 82-164C50-182-50-182-82-164C-98-160-108-176-94-192Z")
    hat = fill(crown, blue) + seam + patch + fill(brim, deep) + line("M-80-178C-40-196 40-196 80-178", "#fff", 3, 0.18)
    return Hair("", curls + place(hat, 0, lift), fill(NAPE, c) + fill(crown, blue) + seam)


def _crop(who: Person, _mood: Mood) -> Hair:
    """Short, soft and grey, swept to one side."""
    c = who.hair_colour
    back = fill("M-86-164C-94-284 94-284 86-164C86-132 82-112 76-100L-76-100C-82-112-86-132-86-164Z", c)
    front = fill(
        "M-84-118C-96-176-98-240-54-262C-10-288 60-284 82-240C96-210 92-150 84-118C80-128 78-140 77-150C76-180 66-198 52-212C24-206-14-206-46-186C-64-174-74-160-76-146C-78-134-80-126-84-118Z", c
    )
    front += strands("M56-222C20-244-30-236-60-196", "M64-240C20-268-40-258-74-206", "M70-216C80-200 84-180 84-156")
    return Hair(back, front, fill(NAPE, c) + strands("M-50-240C-56-190-54-140-44-96", "M0-256C6-200 4-140 0-84", "M50-240C58-190 56-140 46-96"))


def _fade(who: Person, _mood: Mood) -> Hair:
    """Cropped at the sides, dense on top."""
    c = who.hair_colour
    front = fill("M-82-146C-94-244-76-282 0-286C76-282 94-244 82-146L72-150C74-170 72-186 66-206C40-222-40-222-66-206C-72-186-74-170-72-150Z", c, 0.9)
    front += fill("M-78-206C-90-262-54-296 0-296C54-296 90-262 78-206C40-224-40-224-78-206Z", c)
    front += line("M-50-250h.1M-24-268h.1M6-274h.1M36-262h.1M-38-234h.1M-8-246h.1M22-244h.1M52-242h.1M-62-228h.1", "#fff", 6, 0.12)
    return Hair("", front, fill(NAPE, c, 0.9) + fill("M-78-206C-90-262-54-296 0-296C54-296 90-262 78-206C60-170-60-170-78-206Z", c))


def _bob(who: Person, _mood: Mood) -> Hair:
    """A silver bob with a straight fringe to the side."""
    c = who.hair_colour
    back = fill("M-92-160C-102-296 102-296 92-160C96-120 100-90 98-62C60-50-60-50-98-62C-100-90-96-120-92-160Z", c)
    left = "M24-252C-40-276-94-240-92-160C-94-120-100-90-98-60C-88-54-76-54-68-58C-76-90-78-130-74-156C-56-190-10-214 24-252Z"
    right = "M18-256C70-268 96-226 92-160C94-120 100-90 98-60C88-54 76-54 70-58C78-90 80-130 76-160C74-196 56-226 18-256Z"
    front = fill(left, c) + fill(right, c)
    front += strands("M14-248C-40-240-74-200-82-140", "M-84-130C-88-110-90-90-88-68", "M34-246C66-228 80-190 84-140", "M86-120C90-100 90-90 90-70", strength=0.4)
    front += strands("M-2-240C-40-222-66-196-78-160", dark=True, strength=0.1)
    if "pencil" in who.extras:
        back = (
            place(
                fill("M-60-5H40l14 5-14 5H-60z", "#d9952a") + fill("M40-5l14 5-14 5z", "#f4e2c0") + fill("M48-2l6 2-6 2z", "#2a2420") + fill("M-60-5h-12v10h12z", "#c4674a"), 86, -196, 0.95, turn=-38
            )
            + back
        )
    behind = back + strands("M-50-240C-62-180-64-120-62-62", "M0-262C4-190 2-120 0-58", "M50-240C62-180 64-120 62-62", strength=0.35)
    return Hair(back, front, behind)


def _bald(who: Person, _mood: Mood) -> Hair:
    c = who.hair_colour
    side = "M76-190C84-176 84-158 81-140C76-142 75-150 75-158C76-170 76-180 76-190Z"
    front = fill(side, c, 0.5) + place(fill(side, c, 0.5), 0, 0, 1, mirror=True) + strands("M-34-236C-20-246 4-248 22-244", width=8, strength=0.22)
    behind = fill(NAPE, who.skin.base) + fill("M-79-170C-70-150 70-150 79-170C80-120 66-84 50-66C20-54-20-54-50-66C-66-84-80-120-79-170Z", c, 0.35)
    return Hair("", front, behind)


def _pinned(who: Person, _mood: Mood) -> Hair:
    """Pinned up, with a few loose strands; the glasses are pushed up in it."""
    c = who.hair_colour
    knot = ellipse(8, -282, 44, 32, c) + strands("M-24-288C-6-306 30-306 42-282", "M-14-276C4-292 24-290 34-274", dark=True, strength=0.14)
    back = knot + fill("M-86-160C-96-290 96-290 86-160C86-130 80-110 74-104L-74-104C-80-110-86-130-86-160Z", c)
    front = fill("M-84-140C-96-210-86-276 0-276C86-276 96-210 84-140C80-152 77-160 76-172C70-200 52-222 20-230C-16-228-56-214-70-186C-77-172-80-156-84-140Z", c)
    front += line("M-82-146C-86-120-80-104-84-86M82-146C88-120 82-106 86-92", c, 5)
    front += strands("M12-234C-30-244-64-222-80-176", "M22-236C54-240 74-214 80-176", "M0-262C-40-262-70-240-82-204", "M16-264C50-262 74-240 84-204", strength=0.3)
    behind = knot + fill(NAPE, c) + strands("M-60-200C-40-240-16-260 0-268", "M60-200C40-240 20-260 8-268", "M-40-100C-30-180-10-240 4-262", "M40-100C34-180 20-240 8-262", strength=0.3)
    return Hair(back, front, behind)


def _curls(who: Person, _mood: Mood) -> Hair:
    """Black curls, short at the sides."""
    c = who.hair_colour
    base = fill("M-80-150C-90-240-70-270 0-272C70-270 90-240 80-150C78-170 74-190 66-206C30-216-30-216-66-206C-74-190-78-170-80-150Z", c)
    tops = (
        (-66, -228),
        (-50, -254),
        (-26, -270),
        (0, -276),
        (26, -272),
        (50, -256),
        (68, -230),
        (-40, -222),
        (-14, -232),
        (14, -230),
        (42, -224),
        (-60, -210),
        (62, -208),
        (0, -214),
        (-24, -210),
        (26, -208),
    )
    front = base + "".join(ellipse(x, y, 22, 20, c) for x, y in tops)
    front += strands("M-58-248c8-12 22-12 26-2", "M-14-268c10-10 24-8 26 4", "M30-262c10-8 24-4 24 8", "M-36-228c8-10 22-8 24 2", "M8-232c8-10 22-8 24 2", "M44-230c8-8 18-4 20 6", strength=0.22)
    behind = (
        fill(NAPE, c)
        + "".join(ellipse(x, y, 22, 20, c) for x, y in tops[:7])
        + strands("M-40-230c10-12 24-10 26 2", "M6-240c10-12 24-10 26 2", "M-20-190c10-12 24-10 26 2", "M26-186c10-10 22-8 24 4", "M-46-150c10-10 22-8 24 4")
    )
    return Hair("", front, behind)


def _ponytail(who: Person, _mood: Mood) -> Hair:
    c = who.hair_colour
    tail = fill("M40-250C96-270 128-220 120-150C116-100 122-60 132-30C104-26 90-60 88-110C86-160 80-200 40-230Z", c)
    tail += strands("M72-240C104-220 108-160 108-110", "M90-150C96-110 100-70 112-46", dark=True, strength=0.15)
    back = tail + fill("M-84-160C-94-288 94-288 84-160C84-130 78-112 72-106L-72-106C-78-112-84-130-84-160Z", c)
    front = fill("M-83-140C-96-214-84-274 0-274C84-274 96-214 83-140C80-152 77-164 75-174C68-204 44-226 6-230C-36-228-66-206-74-176C-77-164-80-152-83-140Z", c)
    front += line("M-81-150C-86-128-82-110-86-96", c, 5)
    front += strands("M0-236C-36-244-66-220-78-180", "M10-238C44-246 70-222 80-184", "M4-262C-36-264-66-242-80-206", "M14-264C46-264 72-244 82-210", strength=0.22)
    behind = fill(NAPE, c) + place(tail, -44, 20, 1) + strands("M-56-220C-30-250-10-256 0-258", "M50-220C40-240 20-252 6-258")
    return Hair(back, front, behind)


def _mane(who: Person, _mood: Mood) -> Hair:
    """Dark curls to the shoulders."""
    c = who.hair_colour
    ring = (
        (-84, -226),
        (-98, -190),
        (-106, -150),
        (-108, -108),
        (-106, -66),
        (-98, -28),
        (-80, -2),
        (84, -226),
        (98, -190),
        (106, -150),
        (108, -108),
        (106, -66),
        (98, -28),
        (80, -2),
        (-60, -254),
        (60, -254),
        (-30, -270),
        (30, -270),
        (0, -276),
    )
    back = fill("M-96-160C-104-290 104-290 96-160C112-80 104 0 80 12L-80 12C-104 0-112-80-96-160Z", c) + "".join(ellipse(x, y, 28, 27, c) for x, y in ring)
    front = fill("M-84-120C-100-220-84-276 4-276C88-276 100-220 84-120C80-150 76-180 64-202C50-222 30-230 14-234C-10-214-50-206-66-182C-76-164-80-142-84-120Z", c)
    front += "".join(
        ellipse(x, y, r, r, c)
        for x, y, r in (
            (-80, -178, 18),
            (-84, -150, 17),
            (-86, -120, 17),
            (-88, -88, 18),
            (80, -182, 18),
            (86, -152, 17),
            (86, -120, 17),
            (90, -88, 18),
            (-62, -206, 18),
            (-40, -222, 18),
            (-14, -232, 18),
            (60, -212, 18),
            (40, -228, 17),
        )
    )
    front += strands(
        "M-96-200c-10 10-10 24 0 30",
        "M-104-140c-10 10-8 24 2 28",
        "M-102-80c-10 10-8 22 2 26",
        "M96-200c10 10 10 24 0 30",
        "M104-140c10 10 8 24-2 28",
        "M102-80c10 10 8 22-2 26",
        "M-60-244c8-14 26-14 30-2",
        "M-10-258c10-12 26-8 26 4",
        "M42-250c12-8 24 0 22 10",
        strength=0.22,
    )
    behind = back + strands(
        "M-60-220c10-14 26-12 28 2",
        "M-10-240c10-12 26-8 26 4",
        "M40-220c12-8 24 0 22 10",
        "M-70-160c10-14 26-12 28 2",
        "M-16-170c10-12 26-8 26 4",
        "M44-150c12-8 24 0 22 10",
        "M-60-90c10-14 26-12 28 2",
        "M-6-100c10-12 26-8 26 4",
        "M46-80c12-8 24 0 22 10",
    )
    return Hair(back, front, behind)


def _fringe(who: Person, mood: Mood) -> Hair:
    """Ash-blond, falling into the eyes."""
    c = who.hair_colour
    if mood.hair == "aside":
        lock = "C66-194 50-206 34-214C20-198-6-188-34-188C-54-186-70-176-76-158"
    else:
        lock = "C70-180 60-190 52-200C44-184 34-176 24-170C22-180 20-186 16-192C4-172-12-164-26-160C-26-168-28-176-30-182C-44-166-62-160-76-150"
    front = fill(f"M-84-128C-98-200-92-284 0-284C92-284 98-200 84-128C80-146 78-160 74-174{lock}C-80-144-82-136-84-128Z", c)
    front += strands("M-20-276C-54-250-70-214-72-176", "M6-280C-20-250-32-220-28-190", "M22-278C14-250 16-220 22-186", "M44-270C54-246 60-226 64-196", strength=0.35)
    front += strands("M-4-278C-34-252-48-214-48-178", "M34-276C34-250 38-226 42-200", dark=True, strength=0.1)
    return Hair("", front, fill(NAPE, c) + strands("M-40-250C-54-200-52-140-44-84", "M0-262C4-200 2-140-2-74", "M40-250C54-200 52-140 44-84", strength=0.35))


def _thinning(who: Person, _mood: Mood) -> Hair:
    """Grey, short, receding."""
    c = who.hair_colour
    side = "M84-124C98-190 92-250 44-266C28-270 14-272 0-272L0-246C34-244 50-232 58-214C70-204 75-184 76-166C78-150 80-138 84-124Z"
    front = fill(side, c) + place(fill(side, c), 0, 0, 1, mirror=True)
    front += strands("M4-262C40-262 68-236 80-190", "M-4-262C-40-262-68-236-80-190", strength=0.35)
    return Hair("", front, fill(NAPE, c) + ellipse(0, -238, 40, 24, who.skin.base, 0.6))


def _short(who: Person, _mood: Mood) -> Hair:
    c = who.hair_colour
    front = fill("M-86-140C-98-216-90-282 0-284C90-282 98-216 86-140C82-156 80-172 78-184C74-202 66-212 56-218C20-228-30-226-58-216C-68-208-76-198-78-184C-80-172-82-156-86-140Z", c)
    front += strands("M-50-262C-60-250-66-238-68-222", "M-24-272C-32-258-34-246-32-230", "M4-276C0-262 0-248 4-232", "M32-272C32-258 36-246 42-230", "M58-258C60-246 64-236 70-224", strength=0.25)
    return Hair("", front, fill(NAPE, c) + strands("M-40-240v30M0-250v34M40-240v30M-20-190v30M24-190v30", strength=0.2))


def _boy(who: Person, _mood: Mood) -> Hair:
    c = who.hair_colour
    front = fill(
        "M-84-136C-96-214-88-282 2-282C90-280 96-214 84-136C80-152 78-166 76-180C70-190 62-198 56-206C44-200 34-198 26-204C14-196 0-196-8-202C-20-194-34-194-42-202C-54-198-66-192-74-178C-78-164-80-152-84-136Z",
        c,
    )
    front += strands("M-46-262C-56-246-60-230-58-214", "M-10-274C-18-256-18-236-12-216", "M26-272C22-254 24-234 32-216", "M56-256C56-242 60-228 66-214", strength=0.22)
    return Hair("", front, fill(NAPE, c) + strands("M-40-240C-46-200-44-150-40-100", "M0-256C4-200 0-150-2-90", "M40-240C46-200 46-150 40-100"))


def _knot(who: Person, _mood: Mood) -> Hair:
    """Parted, drawn back into a low knot."""
    c = who.hair_colour
    knot = ellipse(56, -66, 38, 32, c)
    back = knot + fill("M-86-164C-96-290 96-290 86-164C86-124 78-96 70-84L-70-84C-78-96-86-124-86-164Z", c)
    half = "M-6-264C54-268 92-232 85-150C84-138 84-128 82-120C79-132 78-146 76-162C70-200 42-224-6-244Z"
    other = "M6-264C-54-268-92-232-85-150C-84-138-84-128-82-120C-79-132-78-146-76-162C-68-194-40-224 6-244Z"
    front = fill(half, c) + fill(other, c)
    front += strands("M2-256C46-250 72-220 80-176", "M-4-256C-48-250-74-218-80-176", strength=0.22)
    behind = fill(NAPE, c) + ellipse(0, -88, 46, 36, c) + strands("M-60-210C-50-150-30-116-6-104", "M60-210C50-150 30-116 6-104", "M-24-96c10-16 36-16 46 0", "M-18-78c10 12 28 12 36 0", strength=0.25)
    return Hair(back, front, behind)


def _spiky(who: Person, _mood: Mood) -> Hair:
    """Short and grey, brushed up."""
    c = who.hair_colour
    back = fill("M-84-160C-90-270 90-270 84-160C84-134 80-116 76-108L-76-108C-80-116-84-134-84-160Z", c)
    front = fill(
        "M-83-128C-94-176-96-226-80-250C-76-258-66-268-60-270C-50-284-36-288-28-284C-14-296 4-296 14-288C28-294 46-288 52-278C66-276 80-260 82-248"
        "C96-222 94-176 83-128C79-146 78-158 74-174C70-190 64-198 60-206C50-216 42-214 36-222C22-212 10-212-2-222C-14-212-28-208-40-212C-50-204-60-200-70-182C-77-164-79-146-83-128Z",
        c,
    )
    front += strands("M-50-212C-56-234-50-256-40-270", "M-18-222C-22-244-16-266-8-280", "M14-222C14-244 20-262 28-276", "M44-216C46-236 54-250 62-262", "M68-196C74-212 80-224 84-232", strength=0.38)
    return Hair(back, front, fill(NAPE, c) + strands("M-40-240C-50-190-46-140-40-90", "M0-262C4-200 0-150-2-84", "M40-240C50-190 46-140 40-90", strength=0.35))


STYLES: dict[str, Callable[[Person, Mood], Hair]] = {
    "veil": _veil, "tousled": _tousled, "scarf": _scarf, "long": _long, "cap": _cap, "crop": _crop,
    "fade": _fade, "bob": _bob, "bald": _bald, "pinned": _pinned, "curls": _curls, "ponytail": _ponytail,
    "mane": _mane, "fringe": _fringe, "thinning": _thinning, "short": _short, "boy": _boy,
    "knot": _knot, "spiky": _spiky,
}  # fmt: skip
