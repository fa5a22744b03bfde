"""The faces in the film of Kom je eens bij me kijken?: who speaks, close by."""

from .. import figure, room, things
from ..figure import Arm
from ..people import Mood
from ..sheet import Sheet, place
from .bij_elkaar_kijken import meeting
from .people import cast, mood

MARJA, YOUSSEF = cast("marja"), cast("youssef")


def marja(title: str, look: Mood, *, crossed: bool = True) -> str:
    """Return Marja at the table, with crossed arms or with one hand open."""
    sheet = Sheet(1600, 900, title)
    body = figure.half(sheet, MARJA, look)[0]
    if crossed:
        arms = figure.limb(MARJA, -1, Arm((-190, 230), (70, 176), "fist", -56)) + figure.limb(MARJA, 1, Arm((190, 236), (-76, 196), "none"))
    else:
        arms = figure.limb(MARJA, -1, Arm((-200, 210), (-40, 252), "fist", 60)) + figure.limb(MARJA, 1, Arm((220, 180), (180, 110), "palm", 20))
    return sheet.svg(meeting(sheet), room.pinboard(1180, 100), place(body, 800, 520, 1.32), things.top(sheet, 770), place(arms, 800, 520, 1.32), place(things.mug("#d9952a"), 1270, 860, 1.1))


def youssef(title: str, look: Mood, left: Arm, right: Arm) -> str:
    """Return Youssef at the table."""
    sheet = Sheet(1600, 900, title)
    body, arms = figure.half(sheet, YOUSSEF, look, left, right)
    return sheet.svg(
        room.room(sheet, 600, wainscot="#e3d1b0"),
        room.door(sheet, 1240, 110, 220, 490),
        room.pinboard(160, 110),
        place(body, 800, 520, 1.32),
        things.top(sheet, 770),
        place(arms, 800, 520, 1.32),
        place(things.mug("#4f8a6b"), 330, 860, 1.1),
    )


def asks() -> str:
    """Marja asks whether she may say something."""
    return marja("Marja vraagt het woord", mood("marja", "afwachtend", turn=-0.3, gaze=(-0.4, 0)), crossed=False)


def exactly() -> str:
    """Marja has seen them come and go."""
    return marja("Marja legt iets uit", mood("marja", "afwachtend", turn=-0.5, gaze=(-0.7, 0), lids=0.34))


def dry() -> str:
    """Neither does she."""
    return marja("Marja glimlacht even", mood("marja", "open", turn=-0.4, gaze=(-0.6, 0.1), smile=0.35))


def friendly() -> str:
    """It was before Youssef's time."""
    return youssef("Youssef praat vriendelijk", mood("youssef", "hoopvol", turn=0.4, gaze=(0.5, 0)), Arm((-200, 210), (-40, 256), "fist", 60), Arm((230, 180), (190, 110), "palm", 20))


def silent() -> str:
    """Youssef looks at his hands."""
    return youssef("Youssef kijkt naar zijn handen", mood("youssef", "stil"), Arm((-200, 210), (-34, 256), "fist", 60), Arm((200, 210), (34, 256), "fist", 60))


DRAWINGS = {"marja-vraagt": asks, "marja-precies": exactly, "marja-droog": dry, "youssef-praat": friendly, "youssef-zwijgt": silent}
