"""Finding items: by words, by filters, and by name; one statement for a whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from lti_tool.experience.library import catalogue
from lti_tool.experience.library.catalogue import newest_number, visible_to
from lti_tool.experience.library.models import (
    CourseItem,
    Item,
    ItemPlatform,
    SearchTerm,
    Version,
    VersionMedia,
)
from lti_tool.experience.library.terms import REGION, ROLE, SECTOR, TAIL, THEME, WORD
from lti_tool.experience.library.words import Sought, sought

KINDS = (
    catalogue.PREPARATION,
    catalogue.EXPERIENCE,
    catalogue.MICROMODULE,
    catalogue.INTERVISION,
)
"""In the order in which they are shown, each kind apart."""

OPTIONS_KEPT = timedelta(minutes=1)
"""How long what the filters offer may be out of date."""

_MOST_OPTIONS_KEPT = 256

_EXACT, _BEGINS, _PART = 4, 2, 1
"""How near a word is: the same, the beginning or end of the item's, or what it begins with."""

Course = tuple[int, str]
"""Our id of a deployment, and the platform's of the course."""


_newer = aliased(Version)
_IS_NEWEST = ~exists().where(_newer.item_id == Version.item_id, _newer.number > Version.number)
"""That there is no newer version: of many items cheaper to ask than the newest number of each."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; an empty value looks for everything.

    Attributes:
        text: words.
        minutes: at most this long.
    """

    text: str = ""
    kind: str = ""
    lang: str = ""
    sector: str = ""
    region: str = ""
    theme: str = ""
    role: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """The picture of a card; width and height in pixels."""

    name: str
    alt: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """One item as a catalogue shows it: its newest version.

    Attributes:
        kind: one of `KINDS`.
        lang: language of the content.
        minutes: how long it takes, when its makers say so.
        version_id: our id of the version.
        here: whether it was made in the course that asks.
        cover: None without one, or when the consent for it has ended.
    """

    slug: str
    kind: str
    lang: str
    title: str
    summary: str
    practise: str
    minutes: int | None
    version_id: int
    here: bool
    cover: Cover | None


@dataclass(frozen=True, slots=True)
class Section:
    """The cards of one kind.

    Attributes:
        cards: best match first, then newest.
        total: how many there are; not all need be among the cards.
    """

    kind: str
    cards: tuple[Card, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of the catalogue shows.

    Attributes:
        sections: what was found.
        chosen: the items asked for by name, in that order; without those that are not there.
    """

    sections: tuple[Section, ...]
    chosen: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One value that a filter offers.

    Attributes:
        lang: of the items that have it.
        count: how many of these.
    """

    field: str
    value: str
    lang: str
    count: int


def find(
    session: Session,
    wanted: Wanted,
    *,
    platform_id: int,
    course: Course | None,
    locale: str,
    most: int,
    today: date,
    chosen: Sequence[str] = (),
) -> Page:
    """Return what a designer may choose from.

    Args:
        session: to read with.
        wanted: what is looked for.
        platform_id: which platform asks.
        course: which course asks; what others made in theirs is found by its id only.
        locale: items in this language come before others that match as well.
        most: cards of each kind.
        today: decides whether consent for a cover has ended.
        chosen: slugs of items to give as well, whether they match or not.
    """
    of_course = _of_course(course)
    here = exists().where(CourseItem.item_id == Item.id, of_course)
    called_so = and_(Item.slug == wanted.text.lower(), ~of_course)
    offered = _offered(platform_id, of_course, called_so)
    fits = [_fit(word).subquery() for word in sought(wanted.text)]
    fit: ColumnElement[int] = sum((one.c.fit for one in fits), start=literal(0))
    order = (fit.desc(), Version.lang != locale, Version.published_at.desc(), Version.id.desc())
    found = (
        select(
            Version.id.label("version_id"),
            func.row_number().over(partition_by=Version.kind, order_by=order).label("place"),
            func.count().over(partition_by=Version.kind).label("total"),
        )
        .join(offered, offered.c.item_id == Version.item_id)
        .where(_IS_NEWEST, *_filters(wanted))
    )
    for one in fits:
        found = found.join(one, one.c.item_id == Version.item_id)
    # Put in order by what that takes only: the texts of cards are read of those that are shown,
    # of which the limit tells PostgreSQL that they are few. It must not hear of that while it puts
    # them in order: it would choose what gives the first few soon and all of them very late.
    ranked = found.cte("ranked").prefix_with("MATERIALIZED", dialect="postgresql")
    first = select(ranked).where(ranked.c.place <= most).limit(most * len(KINDS)).subquery()
    statement: Any = _cards(here, first.c.place, first.c.total).join(
        first, first.c.version_id == Version.id
    )
    if chosen:
        statement = union_all(statement, _named(chosen, platform_id, here))
    rows = session.execute(statement).all()
    cards = {kind: [row for row in rows if row.kind == kind and row.place] for kind in KINDS}
    by_name = {row.slug: _card(row, today) for row in rows if not row.place}
    return Page(
        sections=tuple(
            Section(
                kind,
                tuple(_card(row, today) for row in sorted(found, key=lambda row: row.place)),
                found[0].total,
            )
            for kind, found in cards.items()
            if found
        ),
        chosen=tuple(by_name[slug] for slug in dict.fromkeys(chosen) if slug in by_name),
    )


def cards(
    session: Session, slugs: Sequence[str], *, platform_id: int, today: date
) -> tuple[Card, ...]:
    """Return items by name, in that order; without those that are not there.

    Args:
        session: to read with.
        slugs: which.
        platform_id: which platform asks.
        today: decides whether consent for a cover has ended.
    """
    rows = session.execute(_named(slugs, platform_id, false()))
    by_name = {row.slug: _card(row, today) for row in rows}
    return tuple(by_name[slug] for slug in dict.fromkeys(slugs) if slug in by_name)


_options: dict[tuple[str, int], tuple[datetime, tuple[Option, ...]]] = {}


def options(session: Session, platform_id: int, now: datetime) -> tuple[Option, ...]:
    """Return what the filters offer to a platform; kept for `OPTIONS_KEPT`.

    Args:
        session: to read with.
        platform_id: which platform asks.
        now: the time.
    """
    key = (str(session.get_bind().engine.url), platform_id)
    kept = _options.get(key)
    if kept is not None and now - kept[0] < OPTIONS_KEPT:
        return kept[1]
    offered = _offered(platform_id)
    rows = session.execute(
        select(SearchTerm.field, SearchTerm.term, Version.lang, func.count())
        .join(offered, offered.c.item_id == SearchTerm.item_id)
        .join(Version, Version.item_id == SearchTerm.item_id)
        .where(SearchTerm.field.not_in((WORD, TAIL)), _IS_NEWEST)
        .group_by(SearchTerm.field, SearchTerm.term, Version.lang)
        .order_by(SearchTerm.term)
    )
    found = tuple(Option(*row) for row in rows)
    if len(_options) >= _MOST_OPTIONS_KEPT:
        _options.clear()
    _options[key] = (now, found)
    return found


def _offered(platform_id: int, *made: ColumnElement[bool]) -> Any:
    """Return the items that a platform's designers find, as a subquery.

    In parts that exclude each other, each of which an index leads to: what other schools made, and
    other courses of this one, is not looked at.

    Args:
        platform_id: which platform asks.
        made: which of those that were made in a course are among them.
    """
    there = select(Item.id.label("item_id")).where(Item.withdrawn_at.is_(None))
    limited = there.join(ItemPlatform, ItemPlatform.item_id == Item.id).where(
        ItemPlatform.platform_id == platform_id
    )
    in_a_course = limited.join(CourseItem, CourseItem.item_id == Item.id)
    return union_all(
        there.where(Item.everywhere),
        limited.where(~exists().where(CourseItem.item_id == Item.id)),
        *(in_a_course.where(condition) for condition in made),
    ).subquery()


def _fit(word: Sought) -> Any:
    """Return the items that a word finds, each with how well."""
    a_word, a_tail = SearchTerm.field == WORD, SearchTerm.field == TAIL
    near = [
        (and_(a_word, SearchTerm.term.in_(word.forms)), _EXACT),
        *((and_(a_word, _begins_with(start)), _BEGINS) for start in sorted(word.beginnings)),
        *((and_(a_tail, _begins_with(end[::-1])), _BEGINS) for end in sorted(word.endings)),
        (and_(a_word, SearchTerm.term.in_(word.parts)), _PART),
    ]
    points = SearchTerm.weight * case(*near, else_=0)
    return (
        select(SearchTerm.item_id, func.max(points).label("fit"))
        .where(or_(*(condition for condition, _ in near)))
        .group_by(SearchTerm.item_id)
    )


def _begins_with(start: str) -> ColumnElement[bool]:
    """By range, not by LIKE: an index serves it on both databases."""
    return (SearchTerm.term >= start) & (SearchTerm.term < start + "\uffff")


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen = {
        SECTOR: wanted.sector,
        REGION: wanted.region,
        THEME: wanted.theme,
        ROLE: wanted.role,
    }
    conditions: list[ColumnElement[bool]] = [
        exists().where(
            SearchTerm.field == field,
            SearchTerm.term == value,
            SearchTerm.item_id == Version.item_id,
        )
        for field, value in chosen.items()
        if value
    ]
    if wanted.kind:
        conditions.append(Version.kind == wanted.kind)
    if wanted.lang:
        conditions.append(Version.lang == wanted.lang)
    if wanted.minutes is not None:
        conditions.append(Version.minutes <= wanted.minutes)
    return conditions


def _of_course(course: Course | None) -> ColumnElement[bool]:
    """Return the condition that a `CourseItem` is of a course."""
    if course is None:
        return false()
    return and_(CourseItem.deployment_id == course[0], CourseItem.context_id == course[1])


def _named(slugs: Sequence[str], platform_id: int, here: ColumnElement[bool]) -> Any:
    return _cards(here, literal(0).label("place"), literal(0).label("total")).where(
        Version.number == newest_number(),
        Item.slug.in_(slugs),
        Item.withdrawn_at.is_(None),
        visible_to(platform_id),
    )


def _cards(
    here: ColumnElement[bool], *more: ColumnElement[Any]
) -> Any:  # SQLAlchemy 2.0 and 2.1 type it differently
    return (
        select(
            Item.slug,
            Version.kind,
            Version.lang,
            Version.title,
            Version.summary,
            Version.practise,
            Version.minutes,
            Version.id.label("version_id"),
            here.label("here"),
            Version.cover,
            Version.cover_alt,
            VersionMedia.width,
            VersionMedia.height,
            VersionMedia.consent_until,
            *more,
        )
        .select_from(Version)
        .join(Item, Item.id == Version.item_id)
        .outerjoin(
            VersionMedia,
            and_(VersionMedia.version_id == Version.id, VersionMedia.name == Version.cover),
        )
    )


def _card(row: Any, today: date) -> Card:
    ends = row.consent_until
    shown = row.cover is not None and (ends is None or ends >= today)
    return Card(
        slug=row.slug,
        kind=row.kind,
        lang=row.lang,
        title=row.title,
        summary=row.summary,
        practise=row.practise,
        minutes=row.minutes,
        version_id=row.version_id,
        here=bool(row.here),
        cover=Cover(row.cover, row.cover_alt, row.width, row.height) if shown else None,
    )
