"""What there is to say of a person: skin, hair, clothes, and how a mood shows."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Skin:
    """One skin: its colour, the shade on it, its lines, lips and blush."""

    base: str
    shade: str
    line: str
    lip: str
    blush: str


FAIR = Skin("#f2d0b4", "#e2b594", "#bd8262", "#b5615a", "#e58f7a")
ROSY = Skin("#eec5a5", "#dcaa87", "#b67b5b", "#ab5a52", "#dd8168")
OLIVE = Skin("#dcb089", "#c6936b", "#99694a", "#97524a", "#c9755a")
TAN = Skin("#cc9a70", "#b37f57", "#855739", "#8a4a42", "#b9654b")
BROWN = Skin("#a87455", "#8f5e42", "#673f2b", "#713a35", "#96503c")
DARK = Skin("#7b513b", "#67412e", "#432619", "#5a2d2b", "#6f3a2b")


@dataclass(frozen=True)
class Mood:
    """How a face and its shoulders are held. Zero everywhere is a quiet face, looking at you.

    Lids, squint and open run from 0 to 1; gaze, turn, nod and brows from -1 to 1 (right, down,
    up); tilt is in degrees, shoulders in units of the drawing.
    """

    lids: float = 0.12
    squint: float = 0.0
    gaze: tuple[float, float] = (0, 0)
    brows: tuple[float, float] = (0, 0)
    """How far the brows' inner and outer ends are raised."""
    cocked: float = 0.0
    """How much further the brow on the right is raised."""
    smile: float = 0.15
    mouth: float = 0.0
    """How far the mouth is open."""
    press: float = 0.0
    skew: float = 0.0
    width: float = 1.0
    tilt: float = 0.0
    turn: float = 0.0
    nod: float = 0.0
    shoulders: float = 0.0
    lean: float = 0.0
    flush: float = 0.0
    wet: bool = False
    teeth: bool = True
    hair: str = ""
    """A way in which the hair, cap or glasses differ in this mood."""
    hand: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody in the cast of an item."""

    slug: str
    skin: Skin
    hair: str
    hair_colour: str
    clothes: str
    colours: tuple[str, str]
    """Of the clothes: the piece itself and what is under or on it."""
    ground: str
    build: str = "adult"
    """child, teen, adult or broad."""
    age: int = 35
    beard: str = ""
    beard_colour: str = ""
    glasses: str = ""
    extras: tuple[str, ...] = ()
    brow_colour: str = ""
    brow_weight: float = 1.0
    lashes: bool = False
    freckles: bool = False
    moods: dict[str, Mood] = field(default_factory=dict)
