"""The whole story over real HTTP, in each profile of the sandbox LMS.

A designer deep-links an Experience, a learner plays it to an ending, and the LMS shows a
completion while its gradebook stays empty.
"""

import pytest
from browsing import parse
from driver import Driver
from playing import once_delivered, page, play_to_the_end, wait_for_tick
from stack import Stack

PROFILES = ("strict", "moodle", "canvas")


def add_by_deep_linking(driver: Driver, *slugs: str) -> list[int]:
    picker = driver.deep_link()
    assert page(picker)[0] == "picker", picker.text[:800]
    before = {row["id"] for row in driver.state()["activities"]}
    driver.insert(picker, *slugs)
    return [row["id"] for row in driver.state()["activities"] if row["id"] not in before]


@pytest.mark.parametrize("profile", PROFILES)
def test_from_deep_link_to_a_tick_and_an_empty_gradebook(stack: Stack, profile: str) -> None:
    driver = Driver(stack.sandbox.base_url, profile)
    (activity,) = add_by_deep_linking(driver, "bij-elkaar-kijken")

    first = driver.launch(activity, "sam")
    assert page(first) == ("scene", "none")
    ending = play_to_the_end(driver, first)
    assert page(ending)[1] in {"recorded", "delivered"}
    wait_for_tick(driver, activity, "sam")

    again = once_delivered(lambda: driver.get(ending.url))
    assert page(again)[0] == "ending"
    assert driver.violations() == []
    assert all(row["grade"] is None for row in driver.state()["gradebook"])
    assert not driver.is_done(activity, "noor")


@pytest.mark.parametrize("profile", PROFILES)
def test_two_items_at_once_become_two_activities(stack: Stack, profile: str) -> None:
    driver = Driver(stack.sandbox.base_url, profile)
    made = add_by_deep_linking(driver, "eerlijk-is-eerlijk", "wie-denkt-er-dan")
    assert len(made) == 2


@pytest.mark.parametrize("profile", PROFILES)
def test_cancelling_adds_nothing(stack: Stack, profile: str) -> None:
    driver = Driver(stack.sandbox.base_url, profile)
    before = driver.state()["activities"]
    picker = driver.deep_link()
    answer = driver.submit_form(picker, "[name=cancel]")
    driver.submit_form(answer, "form")
    assert driver.state()["activities"] == before


def test_a_learner_resumes_where_they_left(stack: Stack) -> None:
    driver = Driver(stack.sandbox.base_url, "strict")
    activity = driver.add_activity("Kijken", item="bij-elkaar-kijken", line_item=True)["id"]
    there = driver.submit_form(driver.launch(activity, "noor"), "[data-next]")
    assert page(there)[0] == "choice"
    elsewhere = Driver(stack.sandbox.base_url, "strict").launch(activity, "noor")
    assert page(elsewhere)[0] == "choice"
    assert parse(elsewhere).one("h1").text == parse(there).one("h1").text


def test_another_reaction_can_be_tried_and_changes_the_feedback(stack: Stack) -> None:
    driver = Driver(stack.sandbox.base_url, "strict")
    activity = driver.add_activity("Kijken", item="bij-elkaar-kijken", line_item=True)["id"]
    choice = driver.submit_form(driver.launch(activity, "sam"), "[data-next]")
    first = driver.submit_form(choice, "input[name=choice]", choice="rooster")
    assert page(first)[0] == "feedback"
    back = driver.submit_form(first, "[data-another]")
    assert page(back)[0] == "choice"
    second = driver.submit_form(back, "input[name=choice]", choice="verhaal")
    assert page(second)[0] == "feedback"
    assert parse(second).one("main").text != parse(first).one("main").text


def test_two_tabs_do_not_mix(stack: Stack) -> None:
    driver = Driver(stack.sandbox.base_url, "strict")
    one = driver.add_activity("Een", item="bij-elkaar-kijken", line_item=True)["id"]
    two = driver.add_activity("Twee", item="hij-slaapt-niet", line_item=True)["id"]
    tab_one, tab_two = driver.launch(one, "noor"), driver.launch(two, "noor")
    assert tab_one.url != tab_two.url
    title_one = parse(driver.get(tab_one.url)).one("title").text
    title_two = parse(driver.get(tab_two.url)).one("title").text
    assert title_one != title_two


def test_a_teacher_sees_what_the_activity_is_and_reports_nothing(stack: Stack) -> None:
    driver = Driver(stack.sandbox.base_url, "strict")
    activity = driver.add_activity("Kijken", item="bij-elkaar-kijken", line_item=True)["id"]
    teacher = driver.launch(activity, "tess")
    assert page(teacher)[0] == "teacher"
    ending = play_to_the_end(driver, driver.submit_form(teacher, "[data-next]"))
    assert page(ending) == ("ending", "none")
    assert not driver.is_done(activity, "tess")


def test_replay_starts_over_and_the_completion_stays(stack: Stack) -> None:
    driver = Driver(stack.sandbox.base_url, "strict")
    activity = driver.add_activity("Kijken", item="bij-elkaar-kijken", line_item=True)["id"]
    ending = play_to_the_end(driver, driver.launch(activity, "sam"))
    again = driver.submit_form(once_delivered(lambda: driver.get(ending.url)), "[data-replay]")
    assert page(again) == ("scene", "delivered")


def test_a_link_that_cannot_report_says_so_before_one_starts(stack: Stack) -> None:
    driver = Driver(stack.sandbox.base_url, "canvas")  # a module item without an assignment
    activity = driver.add_activity("Kijken", item="bij-elkaar-kijken", line_item=False)["id"]
    assert page(driver.launch(activity, "sam")) == ("scene", "unreportable")


def test_no_page_of_the_tool_asks_another_host_for_anything(stack: Stack) -> None:
    driver = Driver(stack.sandbox.base_url, "strict")
    activity = driver.add_activity("Kijken", item="bij-elkaar-kijken", line_item=True)["id"]
    first = driver.launch(activity, "noor")
    for element in parse(first).walk():
        for name in ("src", "srcset", "poster"):
            assert not element.attrs.get(name, "").startswith(("http", "//"))
    assert all(link.attrs["href"].startswith("/static/") for link in parse(first).all("link"))
