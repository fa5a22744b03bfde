"""From a bare connection to a tick, on a real Moodle, in a real browser.

One story, told in order: each test goes on where the one before it stopped.
"""

import contextlib
import csv
import io
import re
import time
from urllib.parse import parse_qs

import requests
from moodle_site import PASSWORD, SAVE, Person, number_in
from playwright.sync_api import Frame, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from probe import HOME, Probe, claims_in

PEOPLE = (("teacher", "editingteacher"), ("lena", "student"), ("leo", "student"), ("stef", ""))
ITEMS = 3
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
SECONDS_TO_TICK = 60
WORDS = "Finish it in Proeftuin"
SECONDS_TO_COPY = 300


# --- what administrators do ----------------------------------------------------------------------


def test_the_zip_is_uploaded_and_nothing_has_to_be_set(admin, place):
    installed = admin.open("/admin/plugins.php?plugins=contrib").locator(
        "tr.name-ltiservice_completion"
    )
    if installed.count():
        return  # An earlier run uploaded it. That it works is what the rest of the story shows.
    zipped = requests.get(f"{place.tool}/moodle/completion.zip", timeout=60)
    assert zipped.status_code == 200
    admin.open("/admin/tool/installaddon/index.php")
    admin.clicks = 0
    admin.drop_file("completion.zip", zipped.content)
    admin.go("input[name=submitbutton]")
    expect(admin.page.locator("body")).to_contain_text("Validation successful")
    for button in ("Continue", "Continue", "Upgrade Moodle database now", "Continue"):
        admin.go(f"button:has-text('{button}'), input[value='{button}']")
    place.clicks["zip"] = admin.clicks
    admin.open("/admin/plugins.php?plugins=contrib")
    expect(installed).to_be_visible()


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
            choice.click(timeout=8_000)
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
    admin.page.select_option("#id_uutype", "3")  # update existing users only
    admin.go("#id_submitbutton")
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


def test_who_may_be_reported(admin, teacher, lena, probe, place):
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
    assert probe.ask(own).json() == {"tracking": "none"}, "it declared nothing and was not yet used"
    assert probe.report(own, said["sub"]).json() == {"tracking": "none", "completed": False}
    cmid = activities(course_page(teacher, place)).filter(has_text="Probe").get_attribute("data-id")
    teacher.open(f"/course/modedit.php?update={cmid}")
    teacher.unfold()
    teacher.page.check("input[name=completion][value='2']")
    teacher.page.check("input[type=checkbox][name=completionusegrade]")
    teacher.go("#id_submitbutton2")
    assert probe.ask(own).json() == {"tracking": "automatic"}
    done = {"tracking": "automatic", "completed": True}
    assert probe.report(own, said["sub"]).json() == done
    assert probe.report(own, said["sub"]).json() == done
    stranger = user_id(admin, f"stef{place.tag}")
    for sub in (stranger, "987654321", "x"):
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


# --- how ------------------------------------------------------------------------------------------


def cards(admin: Person) -> set[str]:
    """The tools that Moodle knows, by id."""
    admin.open("/mod/lti/toolconfigure.php")
    admin.page.wait_for_load_state("networkidle")  # the list comes by itself, or stays empty
    return {
        card.get_attribute("data-type-id") or ""
        for card in admin.page.locator("#tool-list-container [data-type-id]").all()
    }


def edit_tool(admin: Person, type_id: str) -> None:
    admin.open("/mod/lti/toolconfigure.php")
    admin.go(f"[data-type-id='{type_id}'] a:has(.fa-pencil), [data-type-id='{type_id}'] .edit")
    admin.unfold()


def register_by_hand(admin: Person, probe: Probe, place) -> None:
    before = cards(admin)
    admin.open(
        f"/mod/lti/typessettings.php?action=add&sesskey={admin.sesskey}&returnto=toolconfigure"
    )
    admin.unfold()
    page = admin.page
    page.fill("#id_lti_typename", f"Probe {place.tag}")
    page.fill("#id_lti_toolurl", f"{HOME}/launch")
    page.select_option("#id_lti_ltiversion", "1.3.0")
    page.select_option("#id_lti_keytype", "RSA_KEY")
    page.fill("#id_lti_publickey", probe.public_key)
    page.fill("#id_lti_initiatelogin", f"{HOME}/login")
    page.fill("#id_lti_redirectionuris", f"{HOME}/launch")
    page.select_option("#id_lti_coursevisible", "2")
    admin.go("#id_submitbutton")
    (place.probe_type,) = cards(admin) - before
    edit_tool(admin, place.probe_type)
    probe.client_id = page.locator("[name=lti_clientid_disabled]").input_value()


def people(course: str, tag: str) -> bytes:
    """A list that *Upload users* takes."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["username", "password", "firstname", "lastname", "email", "course1", "role1"])
    for name, role in PEOPLE:
        username = f"{name}{tag}"
        where = course if role else ""
        writer.writerow(
            [username, PASSWORD, name.title(), "Proef", f"{username}@example.org", where, role]
        )
    return out.getvalue().encode()


def user_id(admin: Person, username: str) -> str:
    admin.open(f"/user/index.php?id=1&search={username}")
    admin.open("/admin/user.php")
    row = admin.page.locator(f"a[href*='/user/']:has-text('{username[:4].title()}')")
    return number_in(row.last.get_attribute("href"))


def course_page(person: Person, place) -> Page:
    return person.open(f"/course/view.php?id={place.course}")


def activities(course: Page) -> Locator:
    """The external tools on a course page, in order."""
    return course.locator("li.activity.modtype_lti")


def play_first(person: Person, place) -> str:
    course_page(person, place)
    return play(person, place, activities(person.page).first)


def play(person: Person, place, activity: Locator) -> str:
    """Open an activity and go through it to its ending; its name."""
    name = activity.locator(".instancename").inner_text().split("\n")[0]
    with person.page.expect_request(f"{place.tool}/lti/launch") as launched:
        person.go(activity.locator("a.aalink"))
    sent = parse_qs(launched.value.post_data or "")
    said = claims_in(sent["id_token"][0])
    place.completion_urls[name] = said[CUSTOM]["completion_url"]
    assert place.completion_urls[name].startswith(place.site)
    place.subs[person.username.removesuffix(place.tag)] = said["sub"]
    to_the_ending(person.tool_frame(place.tool))
    return name


def to_the_ending(frame: Frame) -> None:
    for _ in range(80):
        kind = frame.locator("main").get_attribute("data-page")
        if kind == "ending":
            return
        assert kind != "error", frame.locator("main").inner_text()
        if frame.locator("input[name=choice]").count():
            frame.locator("label:has(input[name=choice])").first.click()
            button = frame.locator("form:has(input[name=choice]) button").first
        else:
            for box in frame.locator("textarea[required]").all():
                box.fill("Dat zou ik zo zeggen.")
            button = frame.locator("[data-next]").first
        with frame.expect_navigation():
            button.click()
        frame.wait_for_selector("main[data-page]:not([data-page=opening])")
    raise AssertionError("this way does not end")


def shows_done(person: Person, place, name: str) -> None:
    def done() -> bool:
        course_page(person, place)
        button = (
            activities(person.page).filter(has_text=name).locator(".completion-dropdown button")
        )
        return any("Done" in words for words in button.all_inner_texts())

    began = time.monotonic()
    until(done, f"{name} shows Done")
    place.seconds = round(time.monotonic() - began, 1)
    for dialog in activities(person.page).locator(".completion-dialog").all():
        assert "grade" not in (dialog.text_content() or "").lower()


def ticks(teacher: Person, course: str) -> set[tuple[str, int]]:
    """Who has completed which activity, as the teacher's report shows it."""
    teacher.open(f"/report/progress/index.php?course={course}")
    found = set()
    for row in teacher.page.locator("#completion-progress tbody tr").all():
        name = row.locator("th").first.inner_text()
        for at, cell in enumerate(row.locator("td.completion-progresscell").all()):
            if "Completed" in (cell.locator("img").get_attribute("alt") or "") and (
                "Not completed" not in (cell.locator("img").get_attribute("alt") or "")
            ):
                found.add((name, at))
    return found


def until(condition, what: str, seconds: int = SECONDS_TO_TICK) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"after {seconds} s still not so: {what}"
        time.sleep(1)
