"""`platforms check` against the practice LMS: every broken part is found, nothing is changed."""

import pytest

from lti_tool.completion import doctor, report
from lti_tool.completion.findings import FAILS, FINE, NOTE, Finding
from lti_tool.db import db
from lti_tool.sandbox.services.moodle_ws import BY_INSTANCE, OVERRIDE
from lti_tool.services import services


def findings(world) -> list[Finding]:
    tool, platform = services(), world.platform
    return doctor.examine(
        platform,
        report.surroundings(db.session(), platform),
        http=tool.http,
        jwks=tool.jwks,
        tokens=tool.tokens,
        vault=tool.vault,
        clock=tool.clock,
    )


def failures(world) -> list[str]:
    return [found.line() for found in findings(world) if found.verdict == FAILS]


@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])
def test_a_good_connection_has_no_failures(world_of, profile):
    world = world_of(profile)
    activity = world.activity()
    assert failures(world) == []
    assert {found.verdict for found in findings(world)} == {FINE}
    assert world.lms.memory.completions == {}
    assert not world.lms.is_done(activity, world.sub())


@pytest.fixture
def bare(world_of):
    """A Moodle without the plugin."""
    world = world_of("moodle")
    world.lms.memory.completion_service = False
    return world


def test_a_moodle_with_the_plugin_is_fine_and_says_that_completions_will_show(world_of):
    world = world_of("moodle")
    world.platform.ws_token = None
    db.session.commit()
    world.activity()
    assert {found.verdict for found in findings(world)} == {FINE}
    texts = [found.text for found in findings(world)]
    assert any("completions will show" in text for text in texts)
    assert any("1 by completion service" in text for text in texts)
    assert world.lms.memory.completions == {}


def test_a_bare_moodle_is_offered_the_plugin_first(bare):
    bare.platform.ws_token = None
    db.session.commit()
    bare.activity()
    (failure,) = failures(bare)
    assert failure.index("completion.zip") < failure.index("web service")


def capability(name: str):
    return lambda lms: lms.memory.web_service.capabilities.discard(name)


def function(name: str):
    return lambda lms: lms.memory.web_service.functions.discard(name)


@pytest.mark.parametrize(
    ("break_it", "names"),
    [
        (lambda lms: setattr(lms.memory.web_service, "enabled", False), ["REST protocol"]),
        (function(BY_INSTANCE), [BY_INSTANCE, "external service"]),
        (function(OVERRIDE), [OVERRIDE, "external service"]),
        (capability("webservice/rest:use"), ["webservice/rest:use"]),
        (capability("moodle/course:view"), ["moodle/course:view"]),
        (capability("mod/lti:view"), ["mod/lti:view"]),
        (capability("moodle/course:overridecompletion"), ["moodle/course:overridecompletion"]),
        (
            lambda lms: setattr(lms.memory.web_service, "completion_course", False),
            ["Completion tracking"],
        ),
    ],
)
def test_each_part_of_moodles_set_up_is_tried_and_named(bare, break_it, names):
    world = bare
    world.activity()
    break_it(world.lms)
    (failure,) = failures(world)
    assert all(name in failure for name in names)
    assert world.lms.memory.completions == {}


def test_before_the_first_activity_the_functions_can_be_tried_and_the_rights_cannot(bare):
    world = bare
    notes = [found for found in findings(world) if found.verdict == NOTE]
    assert "open one in the course" in notes[0].text
    world.lms.memory.web_service.functions.discard(OVERRIDE)
    (failure,) = failures(world)
    assert OVERRIDE in failure


def test_an_activity_that_was_deleted_does_not_mislead_it(bare):
    world = bare
    world.activity()
    gone = world.activity()
    del world.lms.memory.activities[gone.id]
    assert failures(world) == []


def test_an_activity_that_tracks_nothing_is_noted(bare):
    world = bare
    world.activity(completion="none")
    notes = [found.text for found in findings(world) if found.verdict == NOTE]
    assert any("does not track completion" in note for note in notes)


def test_a_wrong_token_is_found(bare):
    world = bare
    world.platform.ws_token = services().vault.seal("0" * 32)
    db.session.commit()
    (failure,) = failures(world)
    assert "Manage tokens" in failure


def test_a_scope_that_is_not_granted_is_found(world_of):
    world = world_of("strict")
    world.lms.client.scopes = ()
    (failure,) = failures(world)
    assert "lti-ags/scope/score" in failure


def test_moodle_may_withhold_the_scope_because_nothing_is_posted(bare):
    world = bare
    world.activity()
    world.lms.client.scopes = ()
    token = next(found for found in findings(world) if found.what == "access token")
    assert token.verdict == FINE
    assert failures(world) == []


def test_links_that_cannot_report_are_noted(world_of):
    world = world_of("canvas")
    world.activity()
    world.activity(reports=False)
    notes = [found.text for found in findings(world) if found.verdict == NOTE]
    assert notes == [note for note in notes if "1 of the 2" in note] and notes


def test_a_clock_that_is_wrong_is_found(world_of):
    world = world_of("strict")
    world.clock.turn(minutes=-5)
    (failure, *_) = [line for line in failures(world) if "clock" in line]
    assert "behind" in failure
