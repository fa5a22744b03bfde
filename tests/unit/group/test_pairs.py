"""Two colleagues beside each other: a code, two times yes, only what differs, and nothing after.

Anna and Ben played the same item through two links of the same platform; Cas is a third.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from town import forget_requests, town
from visits import Browser, School

from lti_tool.db import db
from lti_tool.experience.play.models import Run
from lti_tool.group.pairs import meeting
from lti_tool.group.pairs.meeting import LASTS, LENGTH, LETTERS, Party
from lti_tool.group.pairs.models import Pair
from lti_tool.launch.models import LaunchSession
from lti_tool.ops.delivering import tidy
from lti_tool.services import services

SAID = "happens: Een knik., works: Je bent er., grow: Zeg hallo."
DOOR = f"""
format: experience/1
id: tuin
lang: nl
title: De deur
start: groet
nodes:
  groet:
    type: choice
    title: De groet
    prompt: Wat zeg je?
    choices:
      - {{id: vraag, text: Hoe gaat het?, next: afscheid, feedback: {{effect: strong, {SAID}}}}}
      - {{id: stil, text: Je zegt niets., next: afscheid, feedback: {{effect: depends, {SAID}}}}}
  afscheid:
    type: choice
    title: Het afscheid
    prompt: En dan?
    choices:
      - {{id: los, text: Dag., next: einde, feedback: {{effect: partly, {SAID}}}}}
      - {{id: weg, text: Je loopt weg., next: einde, feedback: {{effect: counter, {SAID}}}}}
  einde: {{type: ending, title: Het loopt door, text: Vrijdag is er weer een dag.}}
"""
"""Two choices and an ending."""


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with town(tmp_path_factory.mktemp("pairs"), DOOR) as school:
        yield school


@pytest.fixture
def library(everybody: School) -> Iterator[School]:
    """The school, with nobody in it."""
    yield everybody
    forget_requests()
    services().limits._counts.storage.reset()
    for table in (Pair, Run, LaunchSession):
        db.session.execute(delete(table))
    db.session.commit()


@pytest.fixture
def clock(library: School) -> Any:
    return library.clock


def ended(school: School, sub: str, *way: str, link: str = "1", **how: Any) -> Browser:
    """Somebody at an ending, on the page where two lie beside each other."""
    tab = school.open("tuin", sub, link=link, locale="en", **how).finish(*way)
    return tab.press("[data-pair]")


def stage(tab: Browser) -> str:
    assert tab.page == "pair", tab.text
    return tab.main.attrs["data-stage"]


def code_of(tab: Browser) -> str:
    return tab.press("[data-begin]").html.one("[data-code]").attrs["data-code"]


def type_in(tab: Browser, code: str) -> Browser:
    return tab.press("[data-join]", code=code)


def look(tab: Browser) -> Browser:
    """What the page does by itself every few seconds."""
    return tab.press("[data-look]")


def met(school: School, **how: Any) -> tuple[Browser, Browser]:
    """Two people who are asked whether they agree."""
    anna = ended(school, "anna", "vraag", "los", **how)
    ben = ended(school, "ben", "stil", "los", link="2", **how)
    type_in(ben, code_of(anna))
    return look(anna), ben


def laid(school: School) -> tuple[Browser, Browser]:
    """Two people who look at where they differ."""
    anna, ben = met(school)
    anna.press("[data-agree]")
    ben.press("[data-agree]")
    look(anna)
    return anna, look(ben)


def rows() -> list[Pair]:
    db.session.expire_all()
    return list(db.session.scalars(select(Pair)))


def held() -> list[Any]:
    return [tuple(row) for row in db.session.execute(select(Pair.__table__))]


@pytest.mark.parametrize("cookieless", [False, True])
def test_both_agree_and_both_see_only_where_they_chose_differently(
    library: School, cookieless: bool
) -> None:
    anna, ben = met(library, cookieless=cookieless)
    assert (stage(anna), stage(ben)) == ("asked", "asked")
    assert rows()[0].laid is None
    assert stage(anna.press("[data-agree]")) == "agreed"
    assert rows()[0].laid is None  # of nobody's way anything, before both agreed
    assert stage(ben.press("[data-agree]")) == "laying"
    for tab, mine, theirs in (
        (look(anna), "Hoe gaat het?", "Je zegt niets."),
        (look(ben), "Je zegt niets.", "Hoe gaat het?"),
        (look(anna), "Hoe gaat het?", "Je zegt niets."),
    ):
        assert stage(tab) == "laid"
        assert [one.text for one in tab.html.all(".words")] == [mine, theirs]
        assert [one.text for one in tab.html.all(".differing")] == ["De groet"]
        assert "Works well here" in tab.text
        assert "Depends on the context" in tab.text
        assert "Dag." not in tab.text
        assert not re.search(r"\d", tab.text.replace(tab.html.one(".eyebrow").text, ""))
    held = json.loads(services().vault.unseal(rows()[0].laid or ""))
    assert held == {"of": "one", "differing": [["groet", "vraag", "stil"]]}


def test_who_chose_the_same_everywhere_is_told_so_and_no_more(library: School) -> None:
    anna = ended(library, "anna", "vraag", "los")
    ben = type_in(ended(library, "ben", "vraag", "los", link="2"), code_of(anna))
    look(anna).press("[data-agree]")
    ben.press("[data-agree]")
    for tab in (look(anna), look(ben)):
        assert (stage(tab), len(tab.html.all(".differs"))) == ("laid", 0)
        assert tab.title == "Where you both came by, you chose the same"


def test_a_code_is_short_kept_as_a_hash_and_works_once(library: School) -> None:
    anna = ended(library, "anna", "vraag", "los")
    code = code_of(anna)
    assert re.fullmatch(f"[{LETTERS}]{{{LENGTH}}}", code)
    assert not set(LETTERS) & set("AEIOUYLQ")
    assert code not in str(held())
    ben = ended(library, "ben", "stil", "los", link="2")
    type_in(ben, f" {code[:3].lower()}-{code[3:]} ")  # as people type
    cas = type_in(ended(library, "cas", "stil", "weg", link="2"), code)
    assert (cas.response.status_code, stage(cas)) == (404, "start")
    assert (stage(ben), stage(look(anna))) == ("asked", "asked")
    assert rows()[0].other_id == library.learner("ben")


def test_a_code_that_does_not_fit_is_refused_in_the_same_words_whatever_is_the_matter(
    library: School, clock: Any
) -> None:
    anna = ended(library, "anna", "vraag", "los")
    library.publish(DOOR.replace("id: tuin", "id: park", 1))
    elsewhere = library.open("park", "cas", link="3", locale="en").finish().press("[data-pair]")
    library.publish(DOOR.replace("De groet", "Groeten"))
    newer = ended(library, "dunya", "vraag", "los", link="2")

    def too_old(code: str) -> str:
        clock.turn(seconds=LASTS.total_seconds())
        return code

    def left(code: str) -> str:
        anna.press("[data-stop]")
        return code

    def another_one(code: str) -> str:
        anna.press("[data-stop]").press("[data-pair]").press("[data-begin]")
        return code

    said = set()
    for tab, spoil in (
        (newer, str),
        (elsewhere, str),
        (newer, too_old),
        (newer, left),
        (newer, another_one),
        (newer, lambda _code: "XXXXXX"),
        (newer, lambda _code: ""),
        (newer, lambda _code: "\u00c5" * 300),
    ):
        before = stage(tab.open("/pair/tuin/" if tab is newer else "/pair/park/"))
        type_in(tab, spoil(code_of(anna.open("/pair/tuin/"))))
        said.add((tab.response.status_code, stage(tab) == before, tab.html.one("#wrong").text))
        assert all(row.other_id is None for row in rows())
    assert [(one, same) for one, same, _ in said] == [(404, True)]


def test_the_same_item_at_another_platform_does_not_fit(library: School) -> None:
    code = code_of(ended(library, "anna", "vraag", "los"))
    [row] = rows()
    for platform, fits in ((library.platform.id + 1, False), (library.platform.id, True)):
        cas = Party(library.learner("cas"), platform, row.version_id)
        joined = meeting.join(db.session(), services().vault, cas, code, library.clock())
        db.session.rollback()
        assert joined is fits


def test_nobody_pairs_with_themselves(library: School) -> None:
    anna = ended(library, "anna", "vraag", "los")
    code = code_of(anna)
    type_in(anna, code)
    assert (anna.response.status_code, stage(anna)) == (409, "waiting")
    assert anna.html.one("[data-code]").attrs["data-code"] == code
    other_tab = ended(library, "anna", "stil", "los", link="2")
    type_in(other_tab, code)
    assert (other_tab.response.status_code, stage(other_tab)) == (409, "waiting")
    assert rows()[0].other_id is None


def test_who_guesses_is_stopped_after_a_few_tries(library: School) -> None:
    anna = ended(library, "anna", "vraag", "los")
    cas, ben = (ended(library, sub, "stil", "los", link="2") for sub in ("guido", "ben"))
    code = code_of(anna)
    for _ in range(8):
        assert type_in(cas, "XXXXXX").response.status_code == 404
    type_in(cas, code)
    assert (cas.error, cas.response.status_code) == ("too-many", 429)
    assert 0 < int(cas.response.headers["Retry-After"]) <= 600
    assert stage(type_in(ben, code)) == "asked"


@pytest.mark.parametrize(
    ("when", "how"), [("asked", "close"), ("agreed", "stop"), ("laid", "close")]
)
def test_either_can_stop_at_any_moment_and_then_it_is_over_for_both(
    library: School, when: str, how: str
) -> None:
    anna, ben = laid(library) if when == "laid" else met(library)
    if when == "agreed":
        anna.press("[data-agree]")
    if how == "stop":
        assert ben.press("[data-stop]").page == "ending"
    else:
        closing = ben.html.one("[data-stop]").closest("form")
        assert closing is not None
        proof = ben.html.one("[name=s]").attrs["value"]
        assert ben.post("/pair/tuin/leave", s=proof, gone="1").response.status_code == 204
    assert rows() == []
    shown = anna.press("[data-agree]") if when == "asked" else look(anna)
    assert (stage(shown), shown.html.all(".words")) == ("ended", [])
    assert "Je zegt niets." not in shown.text
    assert stage(shown.press("[data-begin]")) == "waiting"


def test_it_is_over_by_itself_after_ten_minutes_and_swept_away(library: School, clock: Any) -> None:
    anna, ben = laid(library)
    clock.turn(seconds=LASTS.total_seconds() - 1)
    assert stage(look(anna)) == "laid"
    tidy()
    assert len(rows()) == 1
    code_of(look(ben).press("[data-stop]").press("[data-pair]"))
    assert stage(look(anna)) == "ended"
    clock.turn(seconds=LASTS.total_seconds())
    tidy()
    assert rows() == []
    assert stage(look(ben)) == "ended"


def test_who_plays_again_meanwhile_ends_it(library: School) -> None:
    anna, ben = laid(library)
    ben.open("/play/tuin/").press("[data-replay]")
    assert ben.open("/pair/tuin/").page == "choice"
    assert rows() == []
    assert stage(look(anna)) == "ended"


def test_a_tab_without_the_way_has_nothing_to_lay(library: School) -> None:
    ended(library, "anna", "vraag", "los")
    later = library.open("tuin", "anna", locale="en")
    assert later.page == "ending"
    assert not later.html.all("[data-pair]")
    assert later.open("/pair/tuin/").page == "ending"
    under_way = library.open("tuin", "ben", link="2")
    assert under_way.open("/pair/tuin/").page == "choice"
    proof = under_way.html.one("[name=s]").attrs["value"]
    for act in ("begin", "join", "agree", "leave"):
        assert under_way.post(f"/pair/tuin/{act}", s=proof, code="BCDFGH").page == "choice"
    assert rows() == []


def test_a_third_person_sees_and_changes_nothing(library: School) -> None:
    anna, ben = laid(library)
    before = held()
    cas = ended(library, "cas", "stil", "weg", link="2")
    proof = cas.html.one("[name=s]").attrs["value"]
    for act in ("agree", "leave"):
        cas.post(f"/pair/tuin/{act}", s=proof)
    assert stage(cas.open("/pair/tuin/")) == "start"
    assert held() == before
    assert (stage(look(anna)), stage(look(ben))) == ("laid", "laid")


def test_it_is_between_colleagues_not_for_who_teaches(library: School) -> None:
    code = code_of(ended(library, "anna", "vraag", "los"))
    tess = library.open("tuin", "tess", designer=True, link="2").open("/play/tuin/")
    tess.finish("stil", "los")
    assert (tess.page, tess.html.all("[data-pair]")) == ("ending", [])
    proof = tess.html.one("[name=s]").attrs["value"]
    for act in ("begin", "join", "agree"):
        assert tess.post(f"/pair/tuin/{act}", s=proof, code=code).error == "role-missing"
    assert tess.open("/pair/tuin/").error == "role-missing"


def test_who_erases_everything_erases_it_for_both(library: School) -> None:
    anna, _ben = laid(library)
    services().privacy.erase(db.session(), library.learner("ben"))
    db.session.commit()
    assert rows() == []
    assert stage(look(anna)) == "ended"
    code = code_of(anna)
    cas = type_in(ended(library, "cas", "stil", "los", link="2"), code)
    services().privacy.erase(db.session(), library.learner("anna"))
    db.session.commit()
    assert (rows(), stage(cas.press("[data-agree]"))) == ([], "ended")


def test_each_finds_it_under_what_is_kept_with_the_own_reactions_only(library: School) -> None:
    anna, ben = laid(library)
    for tab, who, mine in zip((anna, ben), ("anna", "ben"), ("vraag", "stil"), strict=True):
        assert "Laying your way beside a colleague's" in tab.open("/mine/").text
        learner = library.learner(who)
        [row] = services().privacy.export(db.session(), learner, own=True)["pairs"]
        assert row["reactions"] == {"groet": mine}
        [row] = services().privacy.export(db.session(), learner, own=False)["pairs"]
        assert set(row) == {"item", "title", "agreed", "until"}
    # A secret that is changed meanwhile only makes it begin anew.
    db.session.execute(update(Pair).values(laid="sealed under a key that is gone"))
    db.session.commit()
    for tab, then in ((anna, "laying"), (ben, "laid"), (anna, "laid")):
        assert stage(tab.open("/pair/tuin/")) == then
