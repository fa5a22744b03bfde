"""From a bare connection to a tick, on a real Moodle, in a real browser.

One story, told in order: each test goes on where the one before it stopped.
"""

import contextlib
import io
import re
import zipfile

import requests
from moodle_site import SAVE, number_in
from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from probe import HOME
from steps import (
    CUSTOM,
    PEOPLE,
    activities,
    cards,
    contributed,
    course_page,
    edit_tool,
    people,
    play,
    play_first,
    register_by_hand,
    set_completion,
    shows_done,
    ticks,
    until,
)

ITEMS = 3
WORDS = "Finish it in Proeftuin"
SECONDS_TO_COPY = 300


# --- what administrators do ----------------------------------------------------------------------


def test_the_zip_is_uploaded_and_nothing_has_to_be_set(admin, place):
    zipped = requests.get(f"{place.tool}/moodle/completion.zip", timeout=60)
    assert zipped.status_code == 200
    files = zipfile.ZipFile(io.BytesIO(zipped.content))
    version = re.search(rb"version = (\d+);", files.read("completion/version.php"))
    assert version
    installed = contributed(admin)
    if not installed.count():  # An earlier run may have uploaded it.
        admin.open("/admin/tool/installaddon/index.php")
        admin.clicks = 0
        admin.drop_file("completion.zip", zipped.content)
        admin.go("input[name=submitbutton]")
        expect(admin.page.locator("body")).to_contain_text("Validation successful")
        for button in ("Continue", "Continue", "Upgrade Moodle database now", "Continue"):
            admin.go(f"button:has-text('{button}'), input[value='{button}']")
        place.clicks["zip"] = admin.clicks
        installed = contributed(admin)
    expect(installed).to_contain_text(version[1].decode())


def test_the_tool_registers_itself(admin, place):
    invitation = re.search(
        r"https?://\S+", place.proeftuin("platforms", "invite", "--name", place.platform)
    )
    assert invitation
    admin.open("/mod/lti/toolconfigure.php")
    before = cards(admin)
    admin.clicks = 0
    admin.page.fill("input[name=url], #cartridge-url", invitation[0])
    admin.click("button:has-text('Add LTI Advantage')")
    if before:  # Moodle may know this tool's address already, and asks then.
        choice = admin.page.frame_locator("iframe").locator("button:has-text('new external tool')")
        with contextlib.suppress(PlaywrightTimeout):
            choice.wait_for(timeout=20_000)
            question = choice.element_handle().owner_frame()
            question.wait_for_function("window.M?.util?.pending_js?.length === 0")
            choice.click()
    admin.click(admin.tool_frame(place.tool).locator("#close, [data-close], button, a.button"))
    pending = admin.page.locator("[data-type-id]:has-text('Pending')").last
    expect(pending).to_be_visible(timeout=60_000)
    admin.click(pending.locator("button:has-text('Activate'), a:has-text('Activate')"))
    admin.page.wait_for_load_state("networkidle")
    place.clicks["registration"] = admin.clicks
    (place.tool_type,) = cards(admin) - before
    card = admin.page.locator(f"[data-type-id='{place.tool_type}']")
    expect(card.locator("text=Active").locator("visible=true")).to_be_visible()


def test_the_service_is_on_without_a_setting_to_touch(admin, place):
    admin.clicks = 0
    edit_tool(admin, place.tool_type)
    expect(admin.page.locator("#id_ltiservice_completion")).to_have_value("1")
    admin.page.select_option("#id_lti_coursevisible", "2")
    admin.go("#id_submitbutton")


def test_there_is_a_course_with_people(admin, place):
    admin.open("/course/edit.php")
    admin.page.fill("#id_fullname", "Studiedag")
    admin.page.fill("#id_shortname", f"studiedag-{place.tag}")
    admin.unfold()
    admin.page.select_option("#id_enablecompletion", "1")
    admin.go("#id_saveanddisplay")
    place.course = number_in(admin.page.url)
    admin.open("/admin/tool/uploaduser/index.php")
    admin.drop_file("people.csv", people(f"studiedag-{place.tag}", place.tag))
    admin.go("#id_submitbutton")
    admin.go("#id_submitbutton")
    expect(admin.page.locator("body")).to_contain_text(f"Users created: {len(PEOPLE)}")


# --- what teachers do ----------------------------------------------------------------------------


def test_a_teacher_places_three_items(teacher, place):
    course = course_page(teacher, place)
    teacher.clicks = 0
    with teacher.going():
        teacher.click("input[name=setmode]")
    teacher.click("[data-action=open-chooser]")
    teacher.go(f".modal a[href*='typeid={place.tool_type}']")
    teacher.click("#id_selectcontent, [name=selectcontent]")
    picker = teacher.tool_frame(place.tool)
    for box in picker.locator("input[name=item]").all()[:ITEMS]:
        box.check()
        teacher.clicks += 1
    teacher.click(picker.locator("[data-insert]"))
    teacher.go("#id_submitbutton2")
    place.clicks["three items"] = teacher.clicks
    expect(activities(course)).to_have_count(ITEMS)


def test_each_completes_in_the_tool_alone_and_says_so(teacher, place):
    course = course_page(teacher, place)
    for activity in activities(course).all():
        words = activity.locator(".completion-dialog").text_content()
        assert WORDS in words
        assert "grade" not in words.lower()


def test_saving_the_settings_changes_nothing(teacher, place):
    course = course_page(teacher, place)
    cmid = activities(course).first.get_attribute("data-id")
    teacher.open(f"/course/modedit.php?update={cmid}")
    teacher.unfold()
    box = teacher.page.locator("input[type=checkbox][name=completionusegrade]")
    expect(box).to_be_checked()
    expect(box.locator("xpath=..")).to_contain_text(WORDS)
    teacher.go("#id_submitbutton2")
    assert "modedit" not in teacher.page.url, "Moodle refused to save the settings"
    test_each_completes_in_the_tool_alone_and_says_so(teacher, place)


# --- what learners do ----------------------------------------------------------------------------


def test_a_learner_finishes_and_the_course_page_says_done(lena, place):
    name = play_first(lena, place)
    shows_done(lena, place, name)
    if place.pictures:
        activity = activities(lena.page).filter(has_text=name)
        activity.locator(".completion-dropdown button").click()
        expect(activity.locator(".completion-dialog")).to_be_visible()
        lena.photograph(place.pictures / "moodle-course-desktop.png")


def test_the_teacher_sees_one_tick_and_no_grade(teacher, place):
    assert ticks(teacher, place.course) == {("Lena Proef", 0)}
    if place.pictures:
        teacher.photograph(place.pictures / "moodle-report-desktop.png")
    names = activities(course_page(teacher, place)).locator(".instancename").all_inner_texts()
    assert len(names) == ITEMS
    gradebook = teacher.open(f"/grade/edit/tree/index.php?id={place.course}").locator(
        "#region-main"
    )
    expect(gradebook).to_contain_text("Course total")
    for name in names:
        expect(gradebook).not_to_contain_text(name.split("\n")[0])


def test_opening_ticks_nothing(lena, place):
    course_page(lena, place)
    lena.go(activities(lena.page).nth(1).locator("a.aalink"))
    lena.tool_frame(place.tool)
    course_page(lena, place)
    expect(activities(lena.page).nth(1).locator(".completion-dropdown button")).to_have_text(
        re.compile("To do")
    )


# --- what courses go through ---------------------------------------------------------------------


def test_a_duplicated_activity_reports_for_itself(teacher, lena, place):
    course = course_page(teacher, place)
    if not course.locator("body.editing").count():
        with teacher.going():
            teacher.click("input[name=setmode]")
    original = activities(course).nth(1)
    cmid = original.get_attribute("data-id")
    teacher.open(f"/course/mod.php?duplicate={cmid}&sesskey={teacher.sesskey}")
    if teacher.page.locator(SAVE).count():
        teacher.go(SAVE)
    course = course_page(teacher, place)
    expect(activities(course)).to_have_count(ITEMS + 1)
    course_page(lena, place)
    copied = activities(lena.page).nth(2)
    name = play(lena, place, copied)
    shows_done(lena, place, name)
    assert ticks(teacher, place.course) == {("Lena Proef", 0), ("Lena Proef", 2)}


def test_a_reset_course_gets_its_ticks_back(admin, teacher, place):
    before = ticks(teacher, place.course)
    admin.open(f"/course/reset.php?id={place.course}")
    admin.unfold()
    admin.page.check("input[type=checkbox][name=reset_completion]")
    admin.page.select_option("[name='unenrol_users[]']", [])  # they stay, or could not complete
    admin.click("#id_submitbutton")
    admin.go(".modal button:has-text('Reset course')")
    assert ticks(teacher, place.course) == set()
    place.proeftuin("outbox", "retry", "--platform", place.platform)
    until(lambda: ticks(teacher, place.course) == before, "the ticks come back")


def test_a_copied_course_reports_for_itself(admin, lena, place):
    """Waits for Moodle's cron, which makes the copy."""
    short = f"kopie-{place.tag}"
    admin.open(f"/backup/copy.php?id={place.course}")
    admin.page.fill("#id_fullname", f"Kopie {place.tag}")
    admin.page.fill("#id_shortname", short)
    admin.unfold()
    admin.go("#id_submitreturn")

    def copied() -> Locator:
        admin.open(f"/course/search.php?search=Kopie+{place.tag}")
        return admin.page.locator(".coursebox .coursename a")

    until(lambda: copied().count() == 1, "Moodle's cron copies the course", SECONDS_TO_COPY)
    course = number_in(copied().get_attribute("href"))
    admin.open("/admin/tool/uploaduser/index.php")
    enrolments = f"username,course1,role1\nlena{place.tag},{short},student\n"
    admin.drop_file("people.csv", enrolments.encode())
    admin.go("#id_submitbutton")
    admin.page.select_option("#id_uutype", "3")  # update existing users only
    admin.go("#id_submitbutton")

    def open_activities() -> Locator:
        lena.open(f"/course/view.php?id={course}")
        return activities(lena.page)

    until(lambda: open_activities().count() == ITEMS + 1, "the copy is whole", SECONDS_TO_COPY)
    name = play(lena, place, open_activities().nth(1))
    until(
        lambda: "Done" in open_activities().filter(has_text=name).nth(0).inner_text(),
        "the copy shows Done",
    )


# --- what others may not do ----------------------------------------------------------------------


def test_another_tools_token_is_refused(admin, probe, place):
    register_by_hand(admin, probe, place)
    token = probe.token()
    assert token.status_code == 200, token.text
    assert token.json()["scope"]
    theirs, sub = next(iter(place.completion_urls.values())), place.subs["lena"]
    assert probe.report(theirs, sub).status_code == 403
    assert probe.ask(theirs).status_code == 403
    assert requests.get(theirs, timeout=60).status_code == 401


def test_who_may_be_reported(teacher, lena, stef, probe, place):
    """With a link of its own the second tool may report, but not for everybody."""
    probe.live_in(lena.context)
    teacher.open(
        f"/course/modedit.php?add=lti&typeid={place.probe_type}&course={place.course}&section=0"
    )
    teacher.page.fill("#id_name", "Probe")
    teacher.go("#id_submitbutton2")
    course_page(lena, place)
    with lena.page.expect_response(f"{HOME}/launch"):
        lena.go(activities(lena.page).filter(has_text="Probe").locator("a.aalink"))
    said = probe.launches[-1]
    own = said[CUSTOM]["completion_url"]
    assert own.startswith(place.site)
    assert probe.ask(own).json() == {"tracking": "automatic"}, "to ask for a token is to ask"
    set_completion(teacher, place, "Probe", "0")
    assert probe.ask(own).json() == {"tracking": "none"}
    assert probe.report(own, said["sub"]).json() == {"tracking": "none", "completed": False}
    set_completion(teacher, place, "Probe", "2")
    done = {"tracking": "automatic", "completed": True}
    assert probe.report(own, said["sub"]).json() == done
    assert probe.report(own, said["sub"]).json() == done
    for sub in (stef.id, "987654321", "x"):
        assert probe.report(own, sub).status_code == 403, sub
    assert probe.report(own, said["sub"], score=1).status_code == 400
    assert probe.report(f"{own}0000000", said["sub"]).status_code == 404


def test_the_switch_switches_off(admin, probe, place):
    edit_tool(admin, place.probe_type)
    admin.unfold()
    admin.page.select_option("#id_ltiservice_completion", "0")
    admin.go("#id_submitbutton")
    refused = probe.token()
    assert refused.status_code == 400
    assert "invalid_scope" in refused.text
