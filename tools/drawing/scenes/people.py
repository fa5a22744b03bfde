"""Who appears in scenes: people of the cast, and others whom nobody names."""

from dataclasses import replace

from ..cast import CAST
from ..people import BROWN, DARK, FAIR, OLIVE, ROSY, TAN, Mood, Person

YOU = Person("jij", ROSY, "crop", "#5a4333", "sweater", ("#6a7f8c", "#5a6e7a"), "#fff")
"""The reader, only ever seen from behind, and quite anybody."""

LOOKS_LEFT = Mood(turn=-0.9, gaze=(-0.6, 0))
LOOKS_RIGHT = Mood(turn=0.9, gaze=(0.6, 0))


def cast(slug: str) -> Person:
    """Return somebody of the cast."""
    return next(who for people in CAST.values() for who in people if who.slug == slug)


def mood(slug: str, name: str, **changed: object) -> Mood:
    """Return a mood of somebody in the cast, held a little differently if asked."""
    return replace(cast(slug).moods[name], **changed)


PUPILS = (
    Person("p1", DARK, "curls", "#17110e", "sweater", ("#c9952f", "#a87a20"), "", "teen", 15, brow_colour="#17110e"),
    Person("p2", FAIR, "ponytail", "#b58a4a", "hoodie", ("#8a5a6b", "#744858"), "", "teen", 15, lashes=True),
    Person("p3", OLIVE, "boy", "#2a1d18", "hoodie", ("#34495a", "#2a3b49"), "", "teen", 15),
    Person("p4", ROSY, "long", "#8a4a2c", "sweater", ("#7d9aa6", "#65818d"), "", "teen", 15, lashes=True),
    Person("p5", TAN, "mane", "#241914", "cardigan", ("#b5563d", "#f4ecd8"), "", "teen", 15, lashes=True),
    Person("p6", FAIR, "tousled", "#7a5836", "sweater", ("#4f8a6b", "#3f755a"), "", "teen", 15),
)
"""Classmates of fourteen and fifteen."""

CHILDREN = (
    Person("k1", FAIR, "ponytail", "#c79a57", "sweater", ("#c4674a", "#ad5638"), "", "child", 9, lashes=True),
    Person("k2", BROWN, "fade", "#17110e", "sweater", ("#d9952a", "#bd7f1f"), "", "child", 9, brow_colour="#17110e"),
    Person("k3", ROSY, "tousled", "#8f5a34", "sweater", ("#4f8a6b", "#3f755a"), "", "child", 9),
    Person("k4", OLIVE, "long", "#1f1713", "sweater", ("#7d9aa6", "#65818d"), "", "child", 10, lashes=True),
)
"""Children of nine and ten."""

GROWN_UPS = (
    Person("g1", ROSY, "long", "#6e4a2e", "coat", ("#7a4a3c", "#efdfbd"), "", "adult", 42, lashes=True),
    Person("g2", OLIVE, "short", "#2a211c", "coat", ("#4c5f58", "#c7d9dc"), "", "adult", 45, beard="stubble", beard_colour="#2a211c"),
    Person("g3", BROWN, "scarf", "#7d9aa6", "coat", ("#5b4a5e", "#efdfbd"), "", "adult", 38, lashes=True),
    Person("g4", FAIR, "thinning", "#a9a69d", "sweater", ("#8a6d4b", "#735a3d"), "", "adult", 60),
)
"""Parents and visitors."""

ANOUK = Person("anouk", ROSY, "crop", "#241a16", "jacket", ("#3b4a6b", "#f4ecd8"), "", "adult", 45, lashes=True, brow_colour="#241a16")
"""The director who looks round the door in one meeting."""
