"""The pages: whole in both languages, strict about scripts, and always with one next step."""

import re
from typing import Any

import pytest
import requests
from browsing import Element, parse
from functional.driver import Driver
from unit.sandbox.peer import Platform

PAGES = (
    "/",
    "/{lms}/course?user=tess",
    "/{lms}/course?user=sam",
    "/{lms}/activity/{id}?user=sam",
    "/{lms}/add?user=tess",
    "/{lms}/gradebook?user=tess",
    "/{lms}/messages?user=tess",
    "/{lms}/settings?user=tess",
    "/{lms}/return?user=sam",
    "/{lms}/nowhere",
)


def fetch(peer: Platform, path: str, lang: str = "nl", **options: Any) -> requests.Response:
    activity_id = max(peer.lms.memory.activities, default=0)
    path = path.format(lms=peer.lms.name, id=activity_id)
    url = f"{peer.server.base_url}{path}{'&' if '?' in path else '?'}lang={lang}"
    return requests.get(url, timeout=10, **options)


def page(peer: Platform, path: str, lang: str = "nl") -> Element:
    return parse(fetch(peer, path, lang))


def press(peer: Platform, path: str, selector: str, **fields: Any) -> requests.Response:
    """Submit a form on a page."""
    driver = Driver(peer.server.base_url, peer.lms.name)
    return driver.submit_form(fetch(peer, path), selector, **fields)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_page_stands_in_both_languages(platform: Platform, path: str, lang: str) -> None:
    platform.add("Een lastig gesprek", line_item=True)

    answer = fetch(platform, path, lang)
    found = parse(answer)

    assert answer.status_code == (404 if "nowhere" in path else 200)
    assert found.one("html").attrs["lang"] == lang
    assert len(found.all("h1")) == 1
    assert len(found.all("main")) == 1
    assert found.one("title").text
    assert found.all("meta[name=viewport]")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_inline_scripts_styles_or_other_sites(platform: Platform, path: str) -> None:
    platform.add()
    answer = fetch(platform, path)

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", answer.text)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert platform.tool.url in answer.headers["Content-Security-Policy"]
    for element in parse(answer).walk():
        source = element.attrs.get("src", "") or (
            element.attrs.get("href", "") if element.tag == "link" else ""
        )
        assert source.startswith("/") or not source


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sets_a_cookie(platform: Platform, path: str) -> None:
    platform.add()

    assert "Set-Cookie" not in fetch(platform, path).headers


def test_every_control_has_a_name(platform: Platform) -> None:
    platform.add()
    found = page(platform, "/{lms}/settings?user=tess")
    labelled = {label.attrs["for"] for label in found.all("label") if "for" in label.attrs}

    for control in found.all("input") + found.all("select"):
        if control.attrs.get("type") == "hidden":
            continue
        assert control.attrs.get("id") in labelled or control.closest("label")
    for frame in page(platform, "/{lms}/activity/{id}?user=sam").all("iframe"):
        assert frame.attrs["title"]


# --- the story ------------------------------------------------------------------------------------


def step_now(found: Element) -> str:
    return found.one("[aria-current=step]").one(".number").text


def test_the_story_from_an_empty_course_to_a_tick(platform: Platform) -> None:
    course, sam = "/{lms}/course?user=tess", "/{lms}/course?user=sam"

    assert step_now(page(platform, course)) == "1"
    assert page(platform, course).one("[data-add]").matches(".primary")
    assert "user=tess" in page(platform, sam).one("[data-step]").attrs["href"]

    activity = platform.add(line_item=True)
    assert step_now(page(platform, course)) == "2"
    assert "user=sam" in page(platform, course).one("[data-step]").attrs["href"]
    assert page(platform, sam).one("[data-open]").matches(".primary")
    assert page(platform, sam).one(".tick").attrs["data-done"] == "no"

    platform.api("POST", "completions", {"activity_id": activity["id"], "user": "sam"})
    assert step_now(page(platform, sam)) == "3"
    assert page(platform, sam).one(".tick").attrs["data-done"] == "yes"
    assert "/gradebook" in page(platform, sam).one("[data-step]").attrs["href"]
    gradebook = page(platform, "/{lms}/gradebook?user=tess")
    assert gradebook.all("[data-empty]")
    assert "/messages" in gradebook.one("[data-step]").attrs["href"]
    assert page(platform, "/{lms}/messages?user=tess").one("[data-step]").attrs["href"] == (
        "/?lang=nl"
    )


def test_a_designer_sees_everybodys_tick_and_a_learner_only_their_own(platform: Platform) -> None:
    platform.add()

    assert len(page(platform, "/{lms}/course?user=tess").all(".tick")) == 2
    assert len(page(platform, "/{lms}/course?user=sam").all(".tick")) == 1


def test_a_learner_cannot_add_activities(platform: Platform) -> None:
    found = page(platform, "/{lms}/add?user=sam")

    assert not found.all("iframe[data-tool]")
    assert not found.all("[data-add]")


def test_the_proud_words_make_way_when_a_score_field_came_in(platform: Platform) -> None:
    platform.score(platform.add(line_item=True), scoreGiven=1)

    found = page(platform, "/{lms}/gradebook?user=tess")

    assert not found.all("[data-empty]")
    assert found.all("[role=alert]")


def test_a_teachers_grade_is_shown_as_the_teachers(platform: Platform) -> None:
    activity = platform.add(line_item=True)
    platform.api("POST", "grades", {"activity_id": activity["id"], "user": "sam", "grade": 7})

    assert "door de docent" in page(platform, "/{lms}/gradebook?user=tess").text


def test_the_inspector_shows_what_was_sent_and_why_it_was_refused(platform: Platform) -> None:
    platform.score(platform.add(line_item=True), user="9999")

    first = page(platform, "/{lms}/messages?user=tess", "en").all("li.message")[0]

    assert first.attrs["data-kind"] == "score"
    assert "refused" in first.text
    assert "userId 9999 is unknown here." in first.text
    assert '"activityProgress": "Completed"' in first.text


def test_hostile_text_is_escaped_everywhere(platform: Platform) -> None:
    platform.add("<script>alert(1)</script>", text="<img src=x>", line_item=True)
    platform.score(platform.add(line_item=True), user="<script>alert(2)</script>")

    for path in PAGES:
        assert "<script>alert" not in fetch(platform, path).text
        assert "<img src=x>" not in fetch(platform, path).text


# --- what the pages can change --------------------------------------------------------------------


def test_settings_change_how_an_activity_is_completed(platform: Platform) -> None:
    platform.add()

    press(platform, "/{lms}/settings?user=tess", "#c" + newest(platform), completion="none")

    assert platform.state()["activities"][-1]["completion"] == "none"


def newest(peer: Platform) -> str:
    return str(max(peer.lms.memory.activities))


def test_settings_erase_ticks_only_when_asked(platform: Platform) -> None:
    activity = platform.add()
    platform.api("POST", "completions", {"activity_id": activity["id"], "user": "sam"})

    press(platform, "/{lms}/settings?user=tess", "button[value=completions]")

    assert platform.state()["completions"] == []
    assert len(platform.state()["activities"]) == 1


def test_settings_empty_the_lms(platform: Platform) -> None:
    platform.add()

    press(platform, "/{lms}/settings?user=tess", "button[value=all]")

    assert platform.state()["activities"] == []


def test_settings_prepare_a_fault_and_take_it_back(platform: Platform) -> None:
    press(platform, "/{lms}/settings?user=tess", "#kind", kind="429", count=3, seconds=1.5)
    assert platform.state()["faults"]["waiting"] == [
        {"target": "services", "kind": "429", "count": 3, "seconds": 1.5}
    ]

    press(platform, "/{lms}/settings?user=tess", "button[name=clear]")
    assert platform.state()["faults"]["waiting"] == []


def test_settings_switch_moodles_web_service(moodle: Platform) -> None:
    press(moodle, "/moodle/settings?user=tess", "input[name=enabled]", enabled=None, capability=[])

    found = moodle.api("PATCH", "web-service", {})
    assert (found["enabled"], found["capabilities"]) == (False, [])


def test_settings_rotate_the_signing_key(platform: Platform) -> None:
    before = platform.state()["keys"]

    press(platform, "/{lms}/settings?user=tess", "input[name=withdraw]", withdraw=None)
    assert platform.state()["keys"][1:] == before

    press(platform, "/{lms}/settings?user=tess", "input[name=withdraw]", withdraw="on")
    assert len(platform.state()["keys"]) == 1


def test_a_copy_keeps_what_matters_and_gets_a_new_resource_link(platform: Platform) -> None:
    platform.add(item="lastig-gesprek", line_item={"tag": "completion"})

    press(platform, "/{lms}/course?user=tess", "button.quiet")

    one, two = platform.state()["activities"]
    assert one["custom"] == two["custom"]
    assert one["line_item"]["tag"] == two["line_item"]["tag"]
    assert one["resource_link_id"] != two["resource_link_id"]
    assert one["line_item"]["url"] != two["line_item"]["url"]


def test_registering_a_tool_opens_its_page_in_a_frame_with_a_token(platform: Platform) -> None:
    answer = press(
        platform,
        "/{lms}/settings?user=tess",
        "#address",
        address="https://tool.example/lti/register?invite=1",
    )

    frame = parse(answer).one("iframe").attrs["src"]
    assert frame.startswith("https://tool.example/lti/register?invite=1&openid_configuration=")
    assert "registration_token=" in frame
    assert "https://tool.example" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("settings/completion", {"activity": "99", "completion": "none"}),
        ("settings/faults", {"target": "moon", "kind": "500"}),
        ("settings/faults", {"target": "jwks", "kind": "500", "count": "many"}),
        ("settings/register", {"address": "javascript:alert(1)"}),
        ("settings/activate", {"client_id": "nobody"}),
        ("activity/99/copy", {}),
    ],
)
def test_forms_with_nonsense_are_refused_with_a_page(
    platform: Platform, path: str, fields: dict[str, str]
) -> None:
    answer = requests.post(f"{platform.lms.issuer}/{path}", data=fields, timeout=10)

    expected = 200 if fields.get("count") == "many" else (400, 404)
    if expected == 200:
        assert answer.status_code == 200, "a number that is no number becomes the usual one"
    else:
        assert answer.status_code in (400, 404)
        assert "<h1>" in answer.text


def test_another_site_cannot_press_our_buttons(platform: Platform) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    base = platform.server.base_url
    platform.add()

    for url in (f"{platform.lms.issuer}/settings/reset", f"{base}/api/{platform.lms.name}/reset"):
        assert requests.post(url, headers=headers, timeout=10).status_code == 403
    assert len(platform.state()["activities"]) == 1
    from_tool = requests.post(platform.lms.url("auth"), headers=headers, timeout=10)
    assert platform.refused("auth") == "auth_client"
    assert from_tool.status_code != 403


def test_only_canvas_offers_storage_and_only_in_its_frame(platform: Platform) -> None:
    platform.add()
    offered = platform.lms.name == "canvas"

    for path in ("/{lms}/activity/{id}?user=sam", "/{lms}/add?user=tess", "/{lms}/course"):
        frames = page(platform, path).all("iframe[name=post_message_forwarding]")
        assert bool(frames) is offered
    assert fetch(platform, "/{lms}/storage").status_code == (200 if offered else 404)
