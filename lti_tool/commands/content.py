"""`proeftuin content`: checking, publishing, listing and withdrawing items."""

import json
import os
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from sqlalchemy.exc import IntegrityError

from lti_tool.commands.console import Refused, json_option, print_rows
from lti_tool.commands.desk import preview, schema
from lti_tool.db import db, truncate_log
from lti_tool.experience.document.findings import Finding, as_text
from lti_tool.experience.document.model import Document, Preparation
from lti_tool.experience.intake.checking import check_file
from lti_tool.experience.intake.package import Source, opened
from lti_tool.experience.library import catalogue, publishing, version_files
from lti_tool.experience.media.store import CannotStore, MediaStore
from lti_tool.experience.play import runs
from lti_tool.group.hearing import answers
from lti_tool.sentences import spoken
from lti_tool.services import services

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


content.add_command(preview)
content.add_command(schema)


@content.command()
@_paths
@_lang
@json_option
def check(paths: tuple[Path, ...], lang: str, as_json: bool) -> None:
    """Check files, or all *.yaml in folders and zips. Exit code 1 when something needs repair."""
    with _opened(paths) as checked:
        findings = [finding for one in checked for finding in one.findings]
    if as_json:
        found = [finding.as_dict(lang) for finding in findings]
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        _tell(findings, lang)
        click.echo(_summary(len(checked), len(findings), lang))
    if any(finding.severity == "error" for finding in findings):
        raise click.exceptions.Exit(1)


@content.command()
@_paths
@click.option(
    "--platform",
    "platforms",
    multiple=True,
    help="Name of a platform; limits the items to the platforms named.",
)
@click.option("--all-platforms", is_flag=True, help="Lift a limit to platforms.")
@click.option("--again", is_flag=True, help="Bring back what was withdrawn.")
@_lang
def publish(
    paths: tuple[Path, ...],
    platforms: tuple[str, ...],
    all_platforms: bool,
    again: bool,
    lang: str,
) -> None:
    """Publish files, or all *.yaml in folders and zips: all, or none when one has an error.

    What already says the same makes no new version. Runs under way stay on theirs. What was
    withdrawn or limited to platforms stays so, unless you ask otherwise.
    """
    if platforms and all_platforms:
        raise click.UsageError("Give --platform or --all-platforms, not both.")
    gettext = spoken(lang).gettext
    named = tuple(_platform_id(name) for name in platforms)
    platform_ids = named if named or all_platforms else None
    with _opened(paths) as checked:
        if any(finding.severity == "error" for one in checked for finding in one.findings):
            _tell((finding for one in checked for finding in one.findings), lang)
            raise Refused(gettext("Nothing was published. Repair the errors (E…) above first."))
        twice = _named_twice(one.document.id for one in checked if one.document)
        if twice:
            said = gettext("Nothing was published. Two files have the id `{id}`. Rename one.")
            raise Refused(said.format(id=twice))
        # What a preparation consists of comes before it.
        checked.sort(key=lambda one: isinstance(one.document, Preparation))
        store = _store()
        done = [_publish(store, one, platform_ids, again=again) for one in checked]
    db.session.commit()
    for one in done:
        new, same = gettext("{id} version {n}: published"), gettext("{id} version {n}: unchanged")
        click.echo((new if one.is_new else same).format(id=one.slug, n=one.number))
        if one.state != "published":
            said = gettext("{id} stays withdrawn. To bring it back, publish it with --again.")
            click.echo(said.format(id=one.slug))
        if one.limited and not platforms:
            said = gettext("{id} stays limited to some platforms. To lift that: --all-platforms.")
            click.echo(said.format(id=one.slug))


@content.command("list")
@json_option
def list_items(as_json: bool) -> None:
    """List the items in the library."""
    rows = [asdict(held) for held in catalogue.listing(db.session())]
    print_rows(rows, as_json=as_json, empty="No items yet. Add some: proeftuin content publish")


@content.command()
@click.argument("slug")
@click.option("--stop", is_flag=True, help="End runs under way too: consent was revoked.")
def withdraw(slug: str, stop: bool) -> None:
    """Let no new run of an item start; publishing it again brings it back."""
    try:
        publishing.withdraw(db.session(), slug, services().clock(), stop=stop)
    except publishing.UnknownItem:
        raise Refused(f"No item is called {slug!r}. See: proeftuin content list") from None
    ended = runs.end_all(db.session(), slug) if stop else 0
    db.session.commit()
    unshown = version_files.unshown(db.session(), slug) if stop else []
    for sha256 in unshown:
        _store().erase(sha256)
    what = f", {ended} runs under way ended, {len(unshown)} media files erased." if stop else "."
    click.echo(f"{slug}: withdrawn{what}")


@content.command()
@click.argument("slug")
@click.option("--forget", is_flag=True, help="Erase what has been shown, after showing it.")
@_lang
@json_option
def heard(slug: str, forget: bool, lang: str, as_json: bool) -> None:
    """Show the makers of an item what learners recognised and missed.

    Answers are anonymous and are shown in complete batches of eight or more; what waits for its
    batch is not shown, and not counted either.
    """
    if slug not in {held.slug for held in catalogue.listing(db.session())}:
        raise Refused(f"No item is called {slug!r}. See: proeftuin content list")
    batches = answers.heard(db.session(), services().vault, slug)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in batches], indent=2, ensure_ascii=False))
    else:
        _tell_heard(batches, lang)
    if forget:
        answers.forget(db.session(), slug)
        db.session.commit()
        truncate_log(db.engine)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A document with where it stands and its findings; or what keeps a package from opening."""

    source: Source | None
    document: Document | None
    findings: tuple[Finding, ...]


@contextmanager
def _opened(paths: Iterable[Path]) -> Iterator[list[_Checked]]:
    """Open and check everything named; zips are unpacked for as long as this is open."""
    today = services().clock().date()
    with ExitStack() as held:
        packages = [held.enter_context(opened(path)) for path in dict.fromkeys(paths)]
        sources = dict.fromkeys(source for package in packages for source in package.sources)
        yield [
            *(_Checked(None, None, package.findings) for package in packages if package.findings),
            *(
                _Checked(source, *check_file(source.path, today, source.label))
                for source in sources
            ),
        ]


def _store() -> MediaStore:
    return MediaStore(services().settings.media_root)


def _publish(
    store: MediaStore, checked: _Checked, platform_ids: tuple[int, ...] | None, *, again: bool
) -> publishing.Published:
    """Publish one document without errors, with its media. No commit.

    Raises:
        Refused: when it cannot be; everything is rolled back.
    """
    tool, source, document = services(), checked.source, checked.document
    assert source is not None  # noqa: S101 - without errors there is a file
    assert document is not None  # noqa: S101 - and a document in it
    try:
        media = store.take_in(document, source.path.parent)
        return publishing.publish(
            db.session(),
            document,
            tool.clock(),
            platform_ids=platform_ids,
            again=again,
            media=media,
        )
    except (CannotStore, publishing.CannotPublish) as reason:
        db.session.rollback()
        raise Refused(f"{source.label}: {reason}. Nothing was published.") from None
    except IntegrityError:
        db.session.rollback()
        raise Refused("Somebody else published at this moment. Please try again.") from None


def _named_twice(slugs: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for slug in slugs:
        if slug in seen:
            return slug
        seen.add(slug)
    return None


def _tell(findings: Iterable[Finding], lang: str) -> None:
    for finding in findings:
        click.echo(as_text(finding, lang), err=finding.severity == "error")


def _tell_heard(batches: Sequence[answers.Batches], lang: str) -> None:
    gettext = spoken(lang).gettext
    said = gettext("Recognised: yes {yes}, partly {partly}, no {no}; {count} people answered.")
    for one in batches:
        click.echo(gettext("Version {n}").format(n=one.version))
        click.echo("  " + said.format(count=one.answers, **one.recognised))
        for text in one.missed:
            click.echo(textwrap.indent(text, "    ", lambda _line: True).replace("    ", "  - ", 1))
    if batches:
        click.echo(
            gettext(
                "Who wrote this is not kept. Their own words may still give somebody away: read "
                "them as makers, pass none on, and erase them with --forget."
            )
        )
    else:
        click.echo(gettext("Nothing can be shown yet: answers are shown eight or more together."))


def _summary(documents: int, findings: int, lang: str) -> str:
    ngettext = spoken(lang).ngettext
    checked = ngettext("{count} document checked", "{count} documents checked", documents)
    found = ngettext("{count} finding", "{count} findings", findings)
    return f"{checked.format(count=documents)}, {found.format(count=findings)}."


def _platform_id(name: str) -> int:
    platform = services().registry.by_name(name)
    if platform is None:
        raise Refused(f"No platform is called {name!r}. See: proeftuin platforms list")
    return platform.id
