"""A complete item to check and to play, as an author would write it."""

from pathlib import Path

import pytest

from lti_tool.experience.document.model import Experience
from lti_tool.experience.document.parsing import parse

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def example_text() -> str:
    return (DATA / "geen-cijfer.yaml").read_text("utf-8")


@pytest.fixture(scope="session")
def example(example_text: str) -> Experience:
    parsed = parse(example_text, file="geen-cijfer.yaml")
    assert isinstance(parsed.item, Experience), parsed.findings
    return parsed.item
