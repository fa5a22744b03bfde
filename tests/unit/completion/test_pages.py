"""Nothing lies: what learners and teachers read when a completion does not arrive."""

import time

import pytest
from flask_babel import force_locale
from jinja2 import StrictUndefined
from visits import GARDEN, Browser, School, with_rule

from lti_tool.completion import channels
from lti_tool.completion.models import DELIVERED, PARKED
from lti_tool.completion.obstacles import OBSTACLES, Next
from lti_tool.db import db
from lti_tool.launch.models import ResourceLink
from lti_tool.platforms.models import Platform
from lti_tool.services import services

LASTING = [code for code, row in OBSTACLES.items() if row.then is Next.PARK]


@pytest.fixture(autouse=True)
def no_name_is_misspelt(app) -> None:
    app.jinja_env.undefined = StrictUndefined


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


def finished(school: School, sub: str = "anna") -> Browser:
    return school.open("tuin", sub, locale="en").finish("vraag", "los")


def settle(school: School, state: str, obstacle: str | None = None) -> None:
    for row in school.completions:
        row.state, row.obstacle, row.due_at = state, obstacle, None
        row.delivered_at = school.clock() if state == DELIVERED else None
    db.session.commit()


def words(text: object) -> str:
    """A text of the table in English, as a page shows it."""
    with force_locale("en"):
        return " ".join(str(text).split())


def said(tab: Browser) -> str:
    return tab.html.one("#completion").text


# --- the learner ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", [code for code in LASTING if code not in ("no-line-item", "no-web-service")]
)
def test_a_parked_completion_says_what_is_wrong_and_who_can_mend_it(garden, code) -> None:
    finished(garden)
    settle(garden, PARKED, code)
    tab = garden.open("tuin", locale="en")
    assert tab.completion == "waiting"
    assert words(OBSTACLES[code].sentence) in said(tab)
    assert words(OBSTACLES[code].remedy) in said(tab)
    assert "does not pass by itself" in said(tab)
    assert "keep trying" not in tab.text
    assert "need not do anything" not in tab.text
    assert tab.button("Try again now")


# --- switch role to student -----------------------------------------------------------------------


def test_who_was_a_participant_for_a_while_reads_what_became_of_that(garden) -> None:
    finished(garden, "tess")
    settle(garden, DELIVERED)
    tab = garden.launch("tuin", "tess", designer=True, locale="en").open("/play/tuin/")
    assert tab.completion == "delivered"
    assert "has known since" in said(tab)
    assert "That was as a participant" in said(tab)
    assert "You are trying this as a course designer" not in said(tab)


def test_what_was_played_as_a_designer_is_not_called_incomplete(garden) -> None:
    garden.launch("tuin", "tess", designer=True, locale="en").open("/play/tuin/").finish(
        "vraag", "los"
    )
    assert garden.completions == []
    tab = garden.open("tuin", "tess", locale="en")
    assert (tab.page, tab.completion) == ("ending", "none")
    assert "What you played as a course designer does not count" in said(tab)
    assert "another ending" not in said(tab)
    tab.press("[data-replay]").finish("vraag", "los")
    assert tab.completion == "recorded"


# --- the teacher ----------------------------------------------------------------------------------


def teacher(school: School, **how: object) -> Browser:
    return school.open("tuin", "tess", designer=True, locale="en", **how)


def alerts(tab: Browser) -> str:
    return " ".join(one.text for one in tab.html.all("[data-reporting]"))


def test_while_all_is_well_the_teacher_reads_nothing_of_it(garden) -> None:
    finished(garden)
    settle(garden, DELIVERED)
    assert alerts(teacher(garden)) == ""


@pytest.mark.parametrize("code", LASTING)
def test_the_teacher_reads_that_something_is_parked_and_what_to_do(garden, code) -> None:
    finished(garden, "anna")
    finished(garden, "ben")
    settle(garden, PARKED, code)
    told = alerts(teacher(garden))
    assert "2 completions wait for help" in told
    assert words(OBSTACLES[code].sentence) in told
    assert words(OBSTACLES[code].remedy) in told
    assert "proeftuin " not in told


def test_the_teacher_reads_what_is_still_tried(garden) -> None:
    finished(garden)
    (row,) = garden.completions
    row.obstacle = "ws-token-invalid"
    db.session.commit()
    told = alerts(teacher(garden))
    assert "1 completion could not be delivered yet; it is tried again by itself" in told
    assert "gives it to this tool's operator" in told


def teacher_of_moodle(garden: School, url: str, way: str) -> Browser:
    """A teacher's page at a Moodle that is told in one of two ways."""
    platform = db.session.get(Platform, 1)
    platform.family, platform.auth_token_url = "moodle", f"{url}/token"
    if way == "web service":
        platform.ws_url, platform.ws_token = f"{url}/ws", services().vault.seal("t" * 32)
    db.session.commit()
    services().registry.forget()
    tab = garden.launch("tuin", "tess", designer=True, locale="en")
    if way == "service":
        for link in db.session.query(ResourceLink):
            link.completion_url = f"{url}/completion/1"
        db.session.commit()
    return tab.open()


@pytest.mark.parametrize(("tracking", "shown"), [("none", True), ("automatic", False), ("", False)])
@pytest.mark.parametrize("way", ["service", "web service"])
def test_before_anybody_plays_the_teacher_reads_that_nothing_is_tracked(
    garden, local_server, way, tracking, shown
) -> None:
    services().keys.ensure()
    url, number = local_server.url, {"none": 0, "automatic": 2, "": 9}[tracking]
    local_server.replies |= {
        "/token": (200, {}, b'{"access_token": "t", "expires_in": 3600}'),
        "/completion/1": (200, {}, b'{"tracking": "%s"}' % tracking.encode()),
        "/ws": (200, {}, b'{"cm": {"id": 1, "completion": %d}}' % number),
    }
    tab = teacher_of_moodle(garden, url, way)
    assert ("does not track whether this activity is done" in alerts(tab)) == shown
    assert ("This activity shows no completion yet" in tab.text) == shown


@pytest.mark.parametrize("way", ["service", "web service"])
def test_of_an_lms_that_hangs_the_teacher_reads_so_in_time(
    garden, local_server, monkeypatch, way
) -> None:
    monkeypatch.setattr(channels, "PATIENCE_SECONDS", 0.3)
    services().keys.ensure()
    url = local_server.url
    local_server.replies |= {
        "/token": (200, {}, b'{"access_token": "t", "expires_in": 3600}'),
        **dict.fromkeys(("/completion/1", "/ws"), lambda raw: raw.rfile.read(1)),  # says nothing
    }
    began = time.monotonic()
    tab = teacher_of_moodle(garden, url, way)
    assert time.monotonic() - began < 4  # and not the ten seconds that an exchange may take
    assert "did not answer when we asked" in tab.text
    assert "This activity shows no completion yet" not in tab.text
    monkeypatch.undo()
    local_server.replies |= {
        "/completion/1": (200, {}, b'{"tracking": "automatic"}'),
        "/ws": (200, {}, b'{"cm": {"id": 1, "completion": 2}}'),
    }
    assert "did not answer" not in tab.open().text


def test_an_activity_that_reports_nothing_is_not_complained_about(school: School) -> None:
    school.publish(with_rule(GARDEN, rule="none"))
    assert alerts(teacher(school, line_item=None)) == ""


def test_how_an_activity_stands_names_nobody(garden) -> None:
    finished(garden, "anna")
    settle(garden, PARKED, "activity-gone")
    assert "anna" not in teacher(garden).text
