"""What the guide for authors shows can be written just so."""

import re
import textwrap
from datetime import date
from pathlib import Path

from lti_tool.experience.checks.all import check
from lti_tool.experience.document.model import Experience
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.document.texts import TEXTS

GUIDE = (Path(__file__).resolve().parents[4] / "docs" / "authors.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
ITEM = """format: experience/1
id: a
lang: nl
title: A
start: keuze
chair: noor
flags: {thee: Je schonk thee in.}
nodes:
  keuze:
    type: choice
    title: Keuze
    prompt: En?
    inside: [{who: noor, text: Stil.}]
    choices:
      - id: thee
        text: Thee?
        set: [thee]
        next: eind
        feedback: &
      - id: niets
        text: Dag.
        next: eind
        feedback: &
  eind:
    type: ending
    title: Einde
"""
FEEDBACK = "{effect: partly, happens: A, works: B, grow: C, LOOK, INSIDE}"


def beginning(word: str) -> str:
    [found] = [example for example in EXAMPLES if example.startswith(word)]
    return found


def inline(pattern: str) -> str:
    """A piece of YAML that stands in a sentence."""
    found = re.search(rf"`({pattern}[^`]*)`", GUIDE)
    assert found is not None, pattern
    return " ".join(found[1].split())


def test_people_and_paragraphs_can_be_written_as_the_guide_shows() -> None:
    said = FEEDBACK.replace("LOOK", inline("look: ")).replace("INSIDE", inline("inside: "))
    text = textwrap.indent(beginning("text:"), "    ")
    text += "      - " + inline("{text: Ik was het niet") + "\n"
    other = said.replace("partly", "limited")
    written = ITEM.replace("&", said, 1).replace("&", other) + text + beginning("cast:")
    item = parse(written, file="a").item
    assert isinstance(item, Experience), parse(written, file="a").findings
    assert check(item, today=date(2026, 11, 21), exists=None) == ()


def test_every_code_that_the_guide_explains_exists() -> None:
    codes = {kind.partition(".")[0] for kind in TEXTS}
    named = set(re.findall(r"\b[EW]\d+\b", GUIDE))
    assert len(named) > 10
    assert named <= codes
