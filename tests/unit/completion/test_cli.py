"""The commands about completions: exit codes, texts for people, JSON for scripts, no secrets."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from lti_tool.commands.completion import check_command, moodle_completion_command, outbox
from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.db import db
from lti_tool.services import services

TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def run(app):
    """Run a command as the console does; standard error is part of the output."""

    def go(command, *words: str, exit_code: int = 0, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(command, list(words), obj=app, input=stdin)
        assert result.exit_code == exit_code, result.output
        assert "Traceback" not in result.output
        return result

    return go


def settle(place, state: str, problem: str | None = None) -> None:
    held = place.held
    held.state, held.obstacle, held.tries = state, problem, 3
    if state != WAITING:
        held.due_at = None
    db.session.commit()


def listed(run, *words: str) -> list[dict[str, object]]:
    return json.loads(run(outbox, "list", "--json", *words).output)


# --- outbox list ----------------------------------------------------------------------------------


def test_an_empty_outbox_says_so(run):
    assert run(outbox, "list").output == "There are no completions yet.\n"
    assert listed(run) == []


def test_the_list_counts_and_names_nobody(run, ground, clock):
    school = ground.platform(name="school")
    first = ground.completed(school, course="7")
    clock.turn(minutes=1)
    settle(first, PARKED, "line-item-gone")
    second = ground.completed(school, course="7")
    rows = listed(run)
    assert [(row["link"], row["state"], row["problem"], row["count"]) for row in rows] == [
        (second.link.link_id, WAITING, None, 1),
        (first.link.link_id, PARKED, "line-item-gone", 1),
    ]
    assert rows[0].keys() == {
        "platform",
        "course",
        "link",
        "state",
        "count",
        "oldest",
        "next_try",
        "problem",
        "sentence",
        "remedy",
    }
    assert rows[1]["next_try"] is None
    assert rows[1]["sentence"].startswith("The activity no longer has a place")
    text = run(outbox, "list").output
    assert "line-item-gone: The activity no longer has a place" in text
    for place in (first, second):
        assert place.learner.pseudonym not in text.split()


def test_a_paused_platform_is_tried_when_its_pause_ends(run, ground, clock):
    place = ground.completed()
    place.platform.paused_until = clock() + timedelta(minutes=10)
    db.session.commit()
    (row,) = listed(run)
    assert row["next_try"] == (clock() + timedelta(minutes=10)).isoformat(timespec="seconds")


def test_the_list_can_be_of_one_platform(run, ground):
    mine = ground.completed(ground.platform(name="mine"))
    ground.completed(ground.platform(name="other"))
    assert [row["link"] for row in listed(run, "--platform", "mine")] == [mine.link.link_id]
    run(outbox, "list", "--platform", "unheard of", exit_code=1)


# --- outbox send ----------------------------------------------------------------------------------


def test_sending_says_what_became_of_it(run, ground):
    place = ground.completed()
    place.link.line_item = None
    db.session.commit()
    said = run(outbox, "send").output
    assert said == "delivered: 0, to be tried again: 0, parked: 1\n"


# --- outbox retry ---------------------------------------------------------------------------------


def test_retry_wants_to_know_what(run):
    assert "--platform" in run(outbox, "retry", exit_code=2).output


def test_retry_of_a_platform_sends_all_again_and_lifts_its_pause(run, ground, clock):
    school = ground.platform(name="school")
    places = [ground.completed(school) for _ in range(3)]
    for place, state in zip(places, (DELIVERED, PARKED, WAITING), strict=True):
        settle(place, state)
    school.paused_until = clock() + timedelta(hours=1)
    other = ground.completed()
    settle(other, DELIVERED)
    assert "again: 3" in run(outbox, "retry", "--platform", "school").output
    assert [place.held.due_at for place in places] == [clock()] * 3
    assert other.held.state == DELIVERED
    db.session.refresh(school)
    assert school.paused_until is None


def test_retry_can_leave_alone_what_was_delivered(run, ground):
    school = ground.platform(name="school")
    settle(ground.completed(school), DELIVERED)
    settle(ground.completed(school), PARKED, "activity-gone")
    said = run(outbox, "retry", "--platform", "school", "--undelivered").output
    assert "again: 1" in said


def test_retry_of_a_course_and_of_a_link_use_the_ids_of_the_lms(run, ground):
    school = ground.platform(name="school")
    first = ground.completed(school, course="7")
    second = ground.completed(school, course="7")
    third = ground.completed(school, course="8")
    for place in (first, second, third):
        settle(place, DELIVERED)
    assert "again: 2" in run(outbox, "retry", "--course", "7").output
    assert "again: 1" in run(outbox, "retry", "--link", third.link.link_id).output
    assert (
        "again: 0"
        in run(
            outbox, "retry", "--course", "7", "--link", third.link.link_id, "--platform", "school"
        ).output
    )


def test_an_id_that_several_platforms_use_is_asked_about(run, ground):
    for name in ("a", "b"):
        settle(ground.completed(ground.platform(name=name), course="2"), DELIVERED)
    said = run(outbox, "retry", "--course", "2", exit_code=1).output
    assert "a, b" in said
    assert "--platform NAME" in said
    assert "again: 1" in run(outbox, "retry", "--course", "2", "--platform", "b").output


@pytest.mark.parametrize("words", [["--course", "99"], ["--link", "99"], ["--platform", "99"]])
def test_an_unknown_id_is_refused_with_the_way_to_find_one(run, ground, words):
    ground.completed()
    assert " list" in run(outbox, "retry", *words, exit_code=1).output


# --- platforms moodle-completion ------------------------------------------------------------------


@pytest.fixture
def token_file(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    return str(file)


def test_the_token_is_sealed_and_never_shown(run, ground, token_file, caplog):
    moodle = ground.platform("moodle", "moodle")
    said = run(moodle_completion_command, "moodle", "--token-file", token_file).output
    db.session.refresh(moodle)
    assert services().vault.unseal(moodle.ws_token) == TOKEN
    assert moodle.ws_url == f"{moodle.issuer}/webservice/rest/server.php"
    assert TOKEN not in said + caplog.text + moodle.ws_token
    assert "proeftuin platforms check moodle" in said


def test_the_token_can_come_from_the_input(run, ground):
    moodle = ground.platform("moodle", "moodle")
    run(moodle_completion_command, "moodle", "--token-file", "-", stdin=TOKEN)
    db.session.refresh(moodle)
    assert services().vault.unseal(moodle.ws_token) == TOKEN


def test_another_address_can_be_given(run, ground, token_file):
    moodle = ground.platform("moodle", "moodle")
    url = "https://moodle.example/sub/webservice/rest/server.php"
    run(moodle_completion_command, "moodle", "--token-file", token_file, "--url", url)
    db.session.refresh(moodle)
    assert moodle.ws_url == url


def test_what_waited_for_the_token_is_sent(run, ground, clock, token_file):
    moodle = ground.platform("moodle", "moodle")
    place = ground.completed(moodle)
    settle(place, PARKED, "no-web-service")
    said = run(moodle_completion_command, "moodle", "--token-file", token_file).output
    assert "sent now: 1" in said
    assert (place.held.state, place.held.due_at) == (WAITING, clock())


@pytest.mark.parametrize(
    "text", ["", "short", "two words of twenty characters", "Tök" * 9, "a" * 300]
)
def test_a_file_without_a_token_is_refused_and_not_shown(run, ground, tmp_path, text):
    moodle = ground.platform("moodle", "moodle")
    file = tmp_path / "token"
    file.write_text(text)
    said = run(moodle_completion_command, "moodle", "--token-file", str(file), exit_code=1).output
    assert "letters and digits" in said
    assert not text or text not in said
    assert moodle.ws_token is None


def test_a_binary_file_is_refused(run, ground, tmp_path):
    ground.platform("moodle", "moodle")
    file = tmp_path / "token"
    file.write_bytes(b"\xff\xfe\x00\x80" * 10)
    run(moodle_completion_command, "moodle", "--token-file", str(file), exit_code=1)


def test_a_platform_that_needs_no_web_service_is_refused(run, ground, token_file):
    ground.platform("canvas", "canvas")
    words = ("canvas", "--token-file", token_file)
    assert "--family moodle" in run(moodle_completion_command, *words, exit_code=1).output


@pytest.mark.parametrize("url", ["moodle.example", "ftp://moodle.example/ws", "https://x\n"])
def test_an_address_that_is_none_is_refused(run, ground, token_file, url):
    ground.platform("moodle", "moodle")
    words = ("moodle", "--token-file", token_file, "--url", url)
    assert "--url" in run(moodle_completion_command, *words, exit_code=1).output


def test_an_unknown_platform_is_refused(run, token_file):
    words = ("nowhere", "--token-file", token_file)
    assert "platforms list" in run(moodle_completion_command, *words, exit_code=1).output


# --- platforms check ------------------------------------------------------------------------------


def test_a_check_that_finds_something_ends_with_1(run, ground):
    moodle = ground.platform("moodle", "moodle")
    moodle.jwks_url = moodle.auth_token_url = "http://127.0.0.1:1/"
    settle(ground.completed(moodle), PARKED, "no-web-service")
    said = run(check_command, "moodle", exit_code=1).output
    assert "FAIL  keyset of the LMS" in said
    assert "FAIL  access token" in said
    assert "1 completions could not be delivered yet" in said
