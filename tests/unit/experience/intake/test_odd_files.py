"""What is no ordinary file, or takes no ordinary time, ends in a sentence within seconds."""

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from lti_tool.clock import system_clock
from lti_tool.experience.authoring.workspace import Workspace
from lti_tool.experience.document.findings import Finding, as_text
from lti_tool.experience.intake.checking import check_file
from lti_tool.experience.intake.package import opened

TODAY = date(2026, 11, 21)
SECONDS = 5


def soon(work: Callable[[], list[Finding]]) -> list[Finding]:
    """Give what a check finds, unless it is still waiting after some seconds."""
    done: list[list[Finding]] = []
    thread = Thread(target=lambda: done.append(work()), daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert done, "still waiting, or it raised"
    return done[0]


def checked(path: Path) -> list[Finding]:
    with opened(path) as package:
        found = [*package.findings]
        for source in package.sources:
            found += check_file(source.path, TODAY, source.label)[1]
    return found


def previewed(path: Path) -> list[Finding]:
    with Workspace(path, system_clock).open() as held:
        reading = held.read()
        return [*reading.findings, *(each for sheet in reading.sheets for each in sheet.findings)]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    other = path.with_name("rond" + path.suffix)
    path.symlink_to(other)
    other.symlink_to(path)


def self_loop(path: Path) -> None:
    path.symlink_to(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("work", [checked, previewed])
@pytest.mark.parametrize("name", ["item.yaml", "item.zip"])
@pytest.mark.parametrize("make", [pipe, loop, self_loop, endless])
def test_what_is_no_ordinary_file_is_said_so(
    tmp_path: Path, make: Callable[[Path], None], name: str, work: Callable[[Path], list[Finding]]
) -> None:
    make(tmp_path / name)
    found = soon(lambda: work(tmp_path / name))
    assert {each.kind for each in found} == {"E1.file"}
    assert as_text(found[0], "nl").startswith(f"{tmp_path / name}:1: E1 Dit bestand is niet te")


@pytest.mark.parametrize("work", [checked, previewed])
@pytest.mark.parametrize("make", [pipe, loop, self_loop, endless, folder])
def test_the_other_documents_in_a_folder_are_read(
    tmp_path: Path,
    make: Callable[[Path], None],
    work: Callable[[Path], list[Finding]],
    example_text: str,
) -> None:
    (tmp_path / "goed.yaml").write_text(example_text, "utf-8")
    make(tmp_path / "vreemd.yaml")
    found = soon(lambda: work(tmp_path))
    assert {each.kind for each in found if "goed" not in each.file} == {"E1.file"}
    assert {each.kind for each in found if "goed" in each.file} == {"E21"}


@pytest.mark.parametrize("make", [pipe, loop, self_loop, endless, folder])
def test_a_picture_that_is_no_ordinary_file_is_missing(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    text = "format: micromodule/1\nid: a\nlang: nl\ntitle: A\n"
    text += "blocks: [{type: image, image: deur.png, alt: Een deur}]\n"
    (tmp_path / "item.yaml").write_text(text, "utf-8")
    make(tmp_path / "deur.png")
    for work in (checked, previewed):
        found = soon(lambda work=work: work(tmp_path))
        assert [each.kind for each in found] == ["E21"]


def near(number: int) -> str:
    """A name much like many others."""
    return f"het-gesprek-bij-de-klasdeur-{number:04d}"


def scenes(count: int) -> str:
    """Scenes that lead to places which are nearly there."""
    head = "format: experience/1\nid: a\nlang: nl\ntitle: A\nstart: begin\nnodes:\n"
    nodes = "".join(
        f"  {near(n)}: {{type: scene, title: A, next: {near(n)[::-1][4:]}{near(n)[-4:]}x}}\n"
        for n in range(count)
    )
    return head + nodes


def sideways(count: int) -> str:
    """Scenes that lead to places of which one letter is wrong."""
    return scenes(count).replace("next: ", "next: x-")


def misspelt(count: int) -> str:
    """Fields that are nearly ones of a document."""
    head = "format: experience/1\nid: a\nlang: nl\ntitle: A\nstart: a\n"
    return head + "".join(f"derived-form{n}: a\n" for n in range(count))


def undeclared(count: int) -> str:
    """Flags that are nearly declared."""
    flags = ", ".join(f"dit-is-er-net-gebeurd-{n}: Iets" for n in range(12))
    head = "format: experience/1\nid: a\nlang: nl\ntitle: A\nstart: n0\n"
    cases = "".join(
        f"  n{n}:\n    type: route\n    next: eind\n    cases:\n"
        + "".join(
            f"      - {{when: {{any: [dit-is-er-net-gebeurt-{n}{c}]}}, next: eind}}\n"
            for c in range(12)
        )
        for n in range(count)
    )
    return f"{head}flags: {{{flags}}}\nnodes:\n{cases}  eind: {{type: ending, title: E}}\n"


@pytest.mark.parametrize(
    ("write", "count"), [(scenes, 900), (sideways, 900), (misspelt, 4700), (undeclared, 100)]
)
def test_85_kb_of_near_misses(tmp_path: Path, write: Callable[[int], str], count: int) -> None:
    text = write(count)
    assert 80_000 < len(text) < 130_000
    (tmp_path / "item.yaml").write_text(text, "utf-8")
    began = time.process_time()
    found = checked(tmp_path / "item.yaml")
    assert time.process_time() - began < SECONDS
    assert len(found) >= 800 or write is undeclared


def test_a_few_misspelt_names_are_still_guessed_among_many(tmp_path: Path) -> None:
    text = "format: experience/1\nid: a\nlang: nl\ntitle: A\nstart: begim\nnodes:\n"
    text += f"  begin: {{type: scene, title: A, next: {near(0)}}}\n" + "".join(
        f"  {near(n)}: {{type: scene, title: A, next: {near(n + 1)}}}\n" for n in range(800)
    )
    text += f"  {near(800)}: {{type: ending, title: Einde}}\n"
    (tmp_path / "item.yaml").write_text(text, "utf-8")
    found = checked(tmp_path / "item.yaml")
    assert [as_text(each, "en").partition(": ")[2] for each in found] == [
        "E5 Start node `begim` does not exist. Name a node from `nodes` at `start`. "
        "Did you mean `begin`?"
    ]
