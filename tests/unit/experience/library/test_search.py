"""Finding items: words, filters, order, and one statement for a page."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from connecting import connect
from plans import plan_of, settle
from sqlalchemy import insert, select
from statements import statements
from visits import GARDEN, MODULE, School

from lti_tool.db import db
from lti_tool.experience.document.model import Experience
from lti_tool.experience.library import publishing, search
from lti_tool.experience.library.models import CourseItem, Item, ItemPlatform, Version
from lti_tool.experience.library.search import Page, Wanted

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)


def look(school: School, text: str = "", **how: Any) -> Page:
    wanted = Wanted(text, **{name: how.pop(name) for name in list(how) if name in FIELDS})
    usual = {"platform_id": school.platform.id, "course": None, "locale": "nl", "most": 24}
    return search.find(db.session(), wanted, today=school.clock().date(), **(usual | how))


FIELDS = frozenset(Wanted.__dataclass_fields__)


def slugs(page: Page) -> list[str]:
    return [card.slug for section in page.sections for card in section.cards]


@pytest.fixture
def garden(school: School) -> Experience:
    document = school.publish(GARDEN)
    assert isinstance(document, Experience)
    return document


def publish(school: School, document: Experience, slug: str, **changes: Any) -> None:
    school.publish(document.model_copy(update={"id": slug, **changes}))


def test_the_page_shows_the_newest_versions_kinds_apart(school: School, garden: Any) -> None:
    school.publish(MODULE)
    publish(school, garden, "tuin", title="Aan het hek")
    page = look(school)
    assert [(one.kind, one.total) for one in page.sections] == [
        ("experience", 1),
        ("micromodule", 1),
    ]
    card = page.sections[0].cards[0]
    assert (card.slug, card.title, card.minutes, card.lang) == ("tuin", "Aan het hek", 5, "nl")
    assert card.cover is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ouders", True),
        ("gesprek ouders", True),
        ("rapport", True),
        ("rapporten", True),
        ("basisschool", True),
        ("mentor", True),
        ("greeting", False),
        ("vo", False),
        ("AI", False),
        ("tuin ruimtevaart", False),
    ],
)
def test_what_a_search_finds(school: School, garden: Any, text: str, found: bool) -> None:
    publish(
        school,
        garden,
        "tuin",
        summary="Voor het primair onderwijs",
        themes=("oudergesprek",),
        keywords=("rapport",),
        roles=("mentor",),
        sectors=("po",),
    )
    assert slugs(look(school, text)) == (["tuin"] if found else [])


def test_the_best_match_comes_first_and_then_the_newest(
    school: School, garden: Any, clock: Any
) -> None:
    publish(school, garden, "tuin", title="De tuin")
    for slug, changes in (
        ("oud", {"title": "Pesten", "summary": ""}),
        ("nieuw", {"title": "Pesten", "summary": ""}),
        ("ergens", {"title": "Het plein", "summary": "Over pesten"}),
        ("deel", {"title": "Pestgedrag", "summary": ""}),
    ):
        clock.turn(hours=1)
        publish(school, garden, slug, **changes)
    assert slugs(look(school, "pesten")) == ["nieuw", "oud", "deel", "ergens"]


def test_without_words_ones_own_language_comes_first(school: School, garden: Any) -> None:
    publish(school, garden, "garden", lang="en", title="The garden")
    assert slugs(look(school)) == ["tuin", "garden"]
    assert slugs(look(school, locale="en")) == ["garden", "tuin"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"sector": "po"}, {"tuin", "po"}),
        ({"sector": "vo"}, {"tuin"}),
        ({"region": "vl"}, {"tuin", "po"}),
        ({"theme": "Rust"}, {"po"}),
        ({"role": "mentor"}, {"po"}),
        ({"kind": "micromodule"}, {"wachten"}),
        ({"lang": "nl"}, {"tuin", "po", "wachten"}),
        ({"lang": "en"}, set()),
        ({"minutes": 4}, {"wachten"}),
        ({"minutes": 5}, {"tuin", "po", "wachten"}),
        ({"theme": "Rust", "sector": "vo"}, set()),
    ],
)
def test_filters(school: School, garden: Any, filters: dict[str, Any], found: set[str]) -> None:
    school.publish(MODULE)
    publish(school, garden, "po", sectors=("po",), themes=("Rust",), roles=("mentor",))
    if filters.keys() in ({"sector"}, {"region"}):
        found = found | {"wachten"}  # it names none, and is for all
    assert set(slugs(look(school, **filters))) == found


def test_the_filters_offer_what_there_is(school: School, garden: Any) -> None:
    publish(school, garden, "po", sectors=("po",), themes=("Rust",), roles=("mentor",))
    offered = search.options(db.session(), school.platform.id, school.clock())
    assert {(one.field, one.value, one.count) for one in offered} >= {
        ("sector", "po", 2),
        ("sector", "vo", 1),
        ("theme", "Rust", 1),
        ("role", "mentor", 1),
    }


def test_no_more_than_asked_for_and_how_many_there_are(school: School, garden: Any) -> None:
    publish(school, garden, "park")
    [section] = look(school, most=1).sections
    assert (len(section.cards), section.total) == (1, 2)


def test_what_was_chosen_comes_along_in_its_order_found_or_not(school: School, garden: Any) -> None:
    school.publish(MODULE)
    page = look(school, "stilte", chosen=["wachten", "tuin", "nergens", "wachten"])
    assert [card.slug for card in page.chosen] == ["wachten", "tuin"]
    assert slugs(page) == ["wachten"]


def test_a_page_is_one_statement(school: School, garden: Any) -> None:
    search.options(db.session(), school.platform.id, school.clock())
    with statements() as seen:
        search.options(db.session(), school.platform.id, school.clock())
        look(school, "een gesprek bij het hek", sector="po", chosen=["tuin"])
    assert len(seen) == 1


def fill(count: int) -> None:
    """Preparations of fifty other schools, in as many courses as there are."""
    schools = [connect(f"p{n}", issuer=f"https://p{n}.example") for n in range(50)]
    db.session.execute(insert(Item), [{"slug": f"dag-{n}"} for n in range(count)])
    made = db.session.scalars(select(Item.id).where(Item.slug.startswith("dag-"))).all()
    of = {item: schools[number % 50] for number, item in enumerate(made)}
    limits = [{"item_id": item, "platform_id": one.id} for item, one in of.items()]
    courses = [
        {"item_id": item, "deployment_id": one.deployments[0].id, "context_id": str(item)}
        for item, one in of.items()
    ]
    version = {"number": 1, "sha256": "x", "document": 500 * "x", "kind": "preparation"}
    version |= {"lang": "nl", "title": "Studiedag", "summary": "", "tags": "", "published_at": NOW}
    versions = [version | {"item_id": item} for item in made]
    for table, rows in ((ItemPlatform, limits), (CourseItem, courses), (Version, versions)):
        db.session.execute(insert(table), rows)
    db.session.commit()
    settle(db.engine)


def test_what_other_schools_made_is_not_looked_at(school: School, garden: Any) -> None:
    publish(school, garden, "park")
    fill(5_000)
    with statements() as seen:
        page = look(school, course=(school.platform.deployments[0].id, "7"))
    assert slugs(page) == ["park", "tuin"]
    plan = plan_of(db.engine, *seen[-1])
    assert not plan.whole & {"item", "item_platform", "course_item", "version"}
    assert {"ix_item_everywhere", "ix_item_platform_platform_id"} <= plan.indexes


def test_what_is_for_another_platform_or_withdrawn_is_not_found(
    school: School, garden: Any
) -> None:
    assert slugs(look(school, platform_id=school.platform.id + 1)) == ["tuin"]
    publishing.publish(db.session(), garden, school.clock(), platform_ids=(school.platform.id,))
    assert slugs(look(school, platform_id=school.platform.id + 1, chosen=["tuin"])) == []
    assert slugs(look(school)) == ["tuin"]
    publishing.withdraw(db.session(), "tuin", school.clock())
    page = look(school, chosen=["tuin"])
    assert (slugs(page), page.chosen) == ([], ())


@pytest.mark.parametrize(
    "text", ["'", "%", "_", '"', "\\", "a" * 3000, "*", "tuin OR 1=1", "\U0001f600", "NEAR("]
)
def test_odd_searches_break_nothing(school: School, garden: Any, text: str) -> None:
    look(school, text)


def test_a_new_version_is_found_by_its_own_words_only(school: School, garden: Any) -> None:
    publish(school, garden, "tuin", title="Het plein", summary="", tags=(), makers=())
    assert slugs(look(school, "plein")) == ["tuin"]
    assert slugs(look(school, "hek klein")) == []


def test_a_look_is_the_same_whatever_the_case(school: School, garden: Any) -> None:
    wanted = Wanted("tuin")
    assert replace(wanted, text="TUIN") != wanted
    assert slugs(look(school, "TUIN")) == slugs(look(school, "tuin")) == ["tuin"]
