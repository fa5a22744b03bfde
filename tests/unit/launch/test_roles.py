"""What somebody may do follows from their roles in this course, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.launch.roles import DESIGNING, rights_of

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"

DESIGNERS = [
    f"{MEMBERSHIP}#Instructor",
    f"{MEMBERSHIP}#ContentDeveloper",
    f"{MEMBERSHIP}#Administrator",
    f"{MEMBERSHIP}#Manager",
    f"{MEMBERSHIP}/Instructor#TeachingAssistant",
    f"{MEMBERSHIP}/ContentDeveloper#ContentExpert",
    "Instructor",
    "ContentDeveloper",
]

OTHERS = [
    f"{MEMBERSHIP}#Learner",
    f"{MEMBERSHIP}#Mentor",
    f"{MEMBERSHIP}#Member",
    f"{MEMBERSHIP}/Learner#Instructor",
    f"{MEMBERSHIP}/Mentor#Instructor",
    "Learner",
    "instructor",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
    "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
    "http://purl.imsglobal.org/vocab/lti/system/person#TestUser",
    "urn:lti:role:ims/lis/Instructor",
    "http://evil.example/membership#Instructor",
    f"{MEMBERSHIP}s#Instructor",
    f"{MEMBERSHIP}#Instructor#Learner",
    "",
    "#Instructor",
]


@pytest.mark.parametrize("role", DESIGNERS)
def test_who_builds_or_teaches_the_course(role: str) -> None:
    assert rights_of([role]).designer
    assert rights_of([*OTHERS, role]).designer


@pytest.mark.parametrize("role", OTHERS)
def test_who_does_not(role: str) -> None:
    assert not rights_of([role]).designer


def test_no_role_gives_no_right() -> None:
    assert not rights_of([]).designer


@given(st.lists(st.text().filter(lambda role: role not in DESIGNING)))
def test_an_unknown_role_gives_no_right(roles: list[str]) -> None:
    assert rights_of(roles).designer is any(role in DESIGNERS for role in roles)
