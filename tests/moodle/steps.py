"""What people do in Moodle for the story, and how one sees what came of it."""

import csv
import io
import time
from urllib.parse import parse_qs

from moodle_site import PASSWORD, Person
from playwright.sync_api import Frame, Locator, Page
from probe import HOME, Probe, claims_in

PEOPLE = (("teacher", "editingteacher"), ("lena", "student"), ("leo", "student"), ("stef", ""))
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
SECONDS_TO_TICK = 60


def contributed(admin: Person) -> Locator:
    """The plugin in the list of what was added to this Moodle."""
    page = admin.open("/admin/plugins.php?plugins=contrib")
    return page.locator("tr.name-ltiservice_completion")


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


def set_completion(teacher: Person, place, name: str, tracking: str) -> None:
    """Choose in an activity's form: 0 for none, 2 for requirements, of which there is ours."""
    activity = activities(course_page(teacher, place)).filter(has_text=name)
    teacher.open(f"/course/modedit.php?update={activity.get_attribute('data-id')}")
    teacher.unfold()
    teacher.page.check(f"input[name=completion][value='{tracking}']")
    if tracking == "2":
        teacher.page.check("input[type=checkbox][name=completionusegrade]")
    teacher.go("#id_submitbutton2")


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
            for folded in frame.locator("details.compare:not([open]) > summary").all():
                folded.click()
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
