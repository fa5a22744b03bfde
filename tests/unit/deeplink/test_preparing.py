"""A preparation: made in the picker, placed, done part by part, changed under way, found again."""

import pytest
from click.testing import CliRunner
from connecting import connect
from picking import open_picker, shown, tick, tray
from visits import GARDEN, MODULE, Browser, School, with_rule

from lti_tool.commands.platforms import platforms
from lti_tool.completion.models import Completion
from lti_tool.db import db
from lti_tool.experience.document.model import Preparation
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item, Version
from lti_tool.experience.play.models import PartDone

HERE = {"context_id": "7"}


@pytest.fixture
def library(school: School) -> School:
    for slug in ("tuin", "park", "plein"):
        school.publish(GARDEN.replace("id: tuin", f"id: {slug}", 1).replace("De tuin", slug))
    school.publish(MODULE)
    return school


def prepare(school: School, *slugs: str, **fields: str) -> str:
    """Make a preparation in the picker; returns its slug."""
    tab = open_picker(school, **HERE)
    for slug in slugs:
        tick(tab, slug)
    tab.press("[data-prepare]")
    assert tab.page == "prepare"
    tab.press("[name=save]", **({"title": "Studiedag"} | fields))
    assert tab.page == "picker", tab.text
    [made] = tray(tab)
    return made


def document(school: School, slug: str) -> Preparation:
    found = catalogue.look(db.session(), slug, school.platform.id)
    assert isinstance(found, Preparation)
    return found


def parts(tab: Browser) -> dict[str, bool]:
    return {
        one.attrs["data-part"]: one.attrs["data-done"] == "yes"
        for one in tab.html.all("li[data-part]")
    }


def begin(tab: Browser, slug: str) -> Browser:
    return tab.open(f"/play/{slug}/")


def test_it_is_made_of_what_was_chosen_in_that_order(library: School) -> None:
    slug = prepare(library, "park", "tuin", day="2026-12-10", welcome="Welkom allemaal.")
    made = document(library, slug)
    assert (made.title, str(made.date), made.items) == ("Studiedag", "2026-12-10", ("park", "tuin"))
    assert made.text == "Welkom allemaal."
    assert made.required == ("park", "tuin")


@pytest.mark.parametrize(("title", "day"), [("", ""), ("Dag", "morgen"), ("x" * 400, "")])
def test_what_makes_no_sense_is_asked_again(library: School, title: str, day: str) -> None:
    tab = open_picker(library, **HERE)
    tick(tab, "tuin")
    tab.press("[data-prepare]").press("[name=save]", title=title, day=day)
    assert (tab.page, tab.response.status_code) == ("prepare", 422)
    assert tab.html.one("[role=alert]")


def test_the_order_is_changed_by_buttons(library: School) -> None:
    tab = open_picker(library, **HERE)
    tick(tab, "tuin", "park")
    tab.press("[data-prepare]")
    first, second = (one.attrs["value"] for one in tab.html.all("input[name=order]"))
    tab.send(tab.html.one(f'button[value="up:{second}"]'), title="Dag")
    assert [one.attrs["value"] for one in tab.html.all("input[name=order]")] == [second, first]
    assert tab.html.one("#title").attrs["value"] == "Dag"


def test_one_made_of_another_holds_what_is_in_that(library: School) -> None:
    slug = prepare(library, "park", "tuin")
    other = prepare(library, slug, "plein")
    assert set(document(library, other).items) == {"park", "tuin", "plein"}
    assert other != slug


def test_one_completion_when_all_is_done(library: School) -> None:
    slug = prepare(library, "park", "tuin")
    tab = library.open(slug)
    assert (tab.page, tab.completion, parts(tab)) == (
        "preparation",
        "none",
        {"park": False, "tuin": False},
    )
    tab.onward().finish("vraag", "weg")
    assert (tab.page, tab.completion) == ("ending", "none")
    assert parts(tab.open()) == {"park": True, "tuin": False}
    assert library.completions == []
    tab.onward().finish("vraag", "weg")
    assert parts(tab.open()) == {"park": True, "tuin": True}
    assert tab.completion == "recorded"
    assert len(library.completions) == 1
    begin(tab, "tuin").press("[data-replay]").finish("vraag", "weg")
    assert parts(tab.open()) == {"park": True, "tuin": True}
    assert len(library.completions) == 1


def test_what_need_not_be_done_is_not_waited_for(library: School) -> None:
    tab = open_picker(library, **HERE)
    tick(tab, "park", "tuin")
    tab.press("[data-prepare]").press("[name=save]", title="Dag", required="tuin")
    slug = tray(tab)[0]
    assert document(library, slug).required == ("tuin",)
    begin(library.open(slug), "tuin").finish("vraag", "weg")
    assert len(library.completions) == 1


def test_a_part_that_reports_nothing_is_done_when_it_was_played(library: School) -> None:
    library.publish(with_rule(GARDEN, rule="none"))
    slug = prepare(library, "tuin")
    begin(library.open(slug), "tuin").finish("vraag", "weg")
    assert len(library.completions) == 1


def test_it_is_changed_while_somebody_is_half_way(library: School) -> None:
    slug = prepare(library, "park", "tuin", "plein")
    anna = library.open(slug)
    begin(anna, "park").finish("vraag", "weg")
    begin(anna, "tuin").onward()
    tab = open_picker(library, **HERE)
    tab.send(next(one for one in tab.html.all("[data-look]") if slug in one.attrs["formaction"]))
    tab.press("[data-prepare]")
    tab.send(tab.html.one('button[value="tuin"]'))
    tab.send(tab.html.one('button[value="plein"]'))
    tab.press("[name=save]", title="Nieuwe titel")
    assert document(library, slug).items == ("park",)
    assert begin(anna, "tuin").page == "choice"  # what is under way can be finished
    assert parts(anna.open()) == {"park": True}
    assert (anna.title, anna.completion) == ("Nieuwe titel", "recorded")
    assert len(library.completions) == 1


def test_nobody_but_its_own_course_finds_or_changes_it(library: School) -> None:
    slug = prepare(library, "park")
    assert slug in shown(open_picker(library, **HERE))
    other = open_picker(library, context_id="8")
    assert slug not in shown(other)
    other.press("[data-search]", q=slug)
    assert shown(other) == [slug]
    other.send(other.html.one("[data-look]")).press("[data-prepare]")
    assert other.html.one("input[name=of]").attrs["value"] == ""  # a copy
    other.press("[name=save]", title="Elders", of=slug)
    assert other.error == "item-unknown"
    assert document(library, slug).title == "Studiedag"


def test_it_goes_with_the_platform_that_it_was_made_at(library: School) -> None:
    slug = prepare(library, "park", welcome="Alleen voor ons.")
    library.open(slug)
    connect("elsewhere", issuer="https://elsewhere.example")
    removed = CliRunner().invoke(platforms, ["remove", "school", "--yes"])
    assert removed.exit_code == 0, removed.output
    assert slug not in {one.slug for one in library.rows(Item)}
    assert not [one for one in library.rows(Version) if "Alleen voor ons" in one.document]
    assert {one.slug for one in library.rows(Item)} == {"tuin", "park", "plein", "wachten"}


def test_an_item_outside_the_preparation_is_not_opened(library: School) -> None:
    slug = prepare(library, "park")
    assert begin(library.open(slug), "tuin").error == "not-found"


def test_what_a_designer_tries_is_not_kept_as_done(library: School) -> None:
    slug = prepare(library, "park")
    tab = library.open(slug, "tess", designer=True)
    assert tab.page == "preparation"
    begin(tab, "park").finish("vraag", "weg")
    assert library.rows(PartDone) == library.rows(Completion) == []


def test_it_works_without_cookies(library: School) -> None:
    slug = prepare(library, "park")
    tab = library.open(slug, cookieless=True)
    tab.onward().finish("vraag", "weg")
    tab.press("[data-back]")
    assert (tab.page, parts(tab)) == ("preparation", {"park": True})


def test_two_courses_with_one_preparation_stay_apart(library: School) -> None:
    slug = prepare(library, "park")
    begin(library.open(slug, link="1"), "park").finish("vraag", "weg")
    assert parts(library.open(slug, link="2")) == {"park": False}
