"""What a person may do here, from the roles in the context and nothing else. Pure.

A school's administrator or a member of staff is not for that reason a teacher of this
course, so institution and system roles give no rights (LTI Core 1.3 §A.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass

_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"

DESIGNING = frozenset({"Instructor", "ContentDeveloper", "Administrator", "Manager"})
"""Context roles whose bearer builds or teaches the course."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What follows from the roles.

    Attributes:
        designer: may choose items and sees the teacher's page of a link.
    """

    designer: bool


def rights_of(roles: Iterable[str]) -> Rights:
    """Return the rights for a list of role URIs or simple names.

    LTI Core 1.3 §5.3.7: full URIs must be understood, simple names of context roles may be
    sent; unknown roles are ignored. A sub-role such as
    `…/membership/Instructor#TeachingAssistant` counts as its principal role.
    """
    return Rights(designer=any(_principal(role) in DESIGNING for role in roles))


def _principal(role: str) -> str | None:
    """Return the principal context role of a role, or None when it is no context role."""
    if role.startswith(_MEMBERSHIP + "#"):
        return role.removeprefix(_MEMBERSHIP + "#")
    if role.startswith(_MEMBERSHIP + "/"):
        return role.removeprefix(_MEMBERSHIP + "/").partition("#")[0]
    return None if ":" in role or "/" in role or "#" in role else role
