"""`proeftuin content`: checking, publishing, listing and withdrawing items."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy.exc import IntegrityError

from lti_tool.console import Refused, json_option, print_rows
from lti_tool.db import db
from lti_tool.experience import library
from lti_tool.experience.checking import check_file
from lti_tool.experience.documents import Document
from lti_tool.experience.problems import Problem, as_text
from lti_tool.services import services

_SUFFIXES = {".yaml", ".yml"}

_paths = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
_lang = click.option(
    "--lang",
    type=click.Choice(["nl", "en"]),
    default=lambda: "nl" if os.environ.get("LANG", "").startswith("nl") else "en",
    show_default="from LANG",
    help="Language of the findings.",
)


@click.group()
def content() -> None:
    """Items: experiences and micro-modules."""


@content.command()
@_paths
@_lang
@json_option
def check(paths: tuple[Path, ...], lang: str, as_json: bool) -> None:
    """Check files, or all *.yaml in folders. Exit code 1 when something must be repaired."""
    checked = [_check(path) for path in _files(paths)]
    problems = [problem for _, _, found in checked for problem in found]
    if as_json:
        found = [problem.as_dict(lang) for problem in problems]
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        _tell(problems, lang)
        click.echo(f"{len(checked)} checked, {len(problems)} findings.")
    if any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


@content.command()
@_paths
@click.option(
    "--platform",
    "platforms",
    multiple=True,
    help="Name of a platform; limits the items to the platforms named.",
)
@_lang
def publish(paths: tuple[Path, ...], platforms: tuple[str, ...], lang: str) -> None:
    """Publish files, or all *.yaml in folders: all of them, or none when one has an error.

    What already says the same makes no new version. Runs under way stay on theirs.
    """
    platform_ids = tuple(_platform_id(name) for name in platforms)
    checked = [_check(path) for path in _files(paths)]
    ready = [(path, document) for path, document, found in checked if _is_good(found)]
    if len(ready) < len(checked):
        _tell((problem for _, _, found in checked for problem in found), lang)
        raise Refused("Nothing was published. Repair the errors (E…) above first.")
    twice = _named_twice(document.id for _, document in ready if document)
    if twice:
        raise Refused(f"Nothing was published. Two files have the id {twice!r}.")
    for path, document in ready:
        assert document is not None  # noqa: S101 - without errors there is a document
        try:
            done = library.publish(document, services().clock(), platform_ids=platform_ids)
        except library.CannotPublish as reason:
            db.session.rollback()
            raise Refused(f"{path}: {reason}. Nothing was published.") from None
        except IntegrityError:
            db.session.rollback()
            raise Refused("Somebody else published at this moment. Please try again.") from None
        word = "published" if done.is_new else "unchanged"
        click.echo(f"{done.slug} version {done.number}: {word}")
    db.session.commit()


@content.command("list")
@json_option
def list_items(as_json: bool) -> None:
    """List the items in the library."""
    rows = [asdict(held) for held in library.listing()]
    print_rows(rows, as_json=as_json, empty="No items yet. Add some: proeftuin content publish")


@content.command()
@click.argument("slug")
@click.option("--stop", is_flag=True, help="End runs under way too: consent was revoked.")
def withdraw(slug: str, stop: bool) -> None:
    """Let no new run of an item start; publishing it again brings it back."""
    try:
        ended = library.withdraw(slug, services().clock(), stop=stop)
    except library.UnknownItem:
        raise Refused(f"No item is called {slug!r}. See: proeftuin content list") from None
    db.session.commit()
    click.echo(f"{slug}: withdrawn" + (f", {ended} runs under way ended." if stop else "."))


def _files(paths: Iterable[Path]) -> list[Path]:
    """Return the files meant: those named, and the documents directly in folders.

    Raises:
        Refused: when a folder holds none.
    """
    files: dict[Path, None] = {}
    for path in paths:
        found = [path]
        if path.is_dir():
            found = sorted(one for one in path.iterdir() if one.suffix.lower() in _SUFFIXES)
            if not found:
                raise Refused(f"{path} holds no *.yaml files.")
        files.update(dict.fromkeys(found))
    return list(files)


def _check(path: Path) -> tuple[Path, Document | None, tuple[Problem, ...]]:
    document, found = check_file(path, services().clock().date())
    return path, document, found


def _is_good(found: Iterable[Problem]) -> bool:
    return not any(problem.severity == "error" for problem in found)


def _named_twice(slugs: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for slug in slugs:
        if slug in seen:
            return slug
        seen.add(slug)
    return None


def _tell(problems: Iterable[Problem], lang: str) -> None:
    for problem in problems:
        click.echo(as_text(problem, lang), err=problem.severity == "error")


def _platform_id(name: str) -> int:
    platform = services().registry.by_name(name)
    if platform is None:
        raise Refused(f"No platform is called {name!r}. See: proeftuin platforms list")
    return platform.id
