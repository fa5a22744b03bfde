"""From claims to a `Launch`: the pure rules, stated as properties where they are rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinylms import AGS, DL, LTI, TOOL, Lms

from lti_tool.launch import claims
from lti_tool.launch.claims import Refusal, language, read, under
from lti_tool.platforms.lti import COMPLETION_URL, is_id

SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
LMS = Lms(None, "")  # its key is not needed to write claims


def launch(plain_http: bool = False, **changes: Any) -> claims.Launch:
    body = LMS.claims("nonce", 0, **changes)
    return read(body, client_id="client-1", origin=TOOL, plain_http=plain_http)


def test_what_is_needed_is_taken_over_and_nothing_else() -> None:
    body = {"name": "Lena Een", "email": "lena@lms.example", "picture": "https://lms.example/p"}

    found = launch(**body)

    assert found.sub == "learner-4"
    assert (found.context_id, found.link_id, found.item) == ("course-2", "link-1", "some-item")
    assert (found.line_item, found.can_score) == ("https://lms.example/items/7", True)
    assert (found.locale, found.return_url) == ("nl", "https://lms.example/course/2")
    assert not found.rights.designer
    for private in ("Lena", "lena@", "https://lms.example/p'"):
        assert private not in repr(found)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://lms.example/mod/lti/services.php/completion/7", True),
        ("https://lms.example:443/completion", True),
        ("https://LMS.example/completion", True),
        ("https://login.lms.example/completion", True),  # where its tokens come from
        ("https://lms.example:444/completion", False),
        ("http://lms.example/completion", False),
        ("https://evil.example/completion", False),
        ("https://lms.example.evil.example/completion", False),
        ("https://lms.example@evil.example/completion", False),
        ("//lms.example/completion", False),
        ("$Completion.url", False),
        ("", False),
        (None, False),
        (["https://lms.example/completion"], False),
        ("https://lms.example/" + "a" * 3000, False),
    ],
)
def test_a_completion_service_is_the_platforms_own_or_none(url: Any, kept: bool) -> None:
    body = LMS.claims("nonce", 0, **{LTI + "custom": {COMPLETION_URL: url}})
    found = read(
        body,
        client_id="client-1",
        origin=TOOL,
        platform_urls=("https://lms.example", "https://login.lms.example/token"),
    )
    assert found.completion_url == (url if kept else None)


@pytest.mark.parametrize(
    ("custom", "target", "item"),
    [
        ({"item": "a"}, "/lti/launch", "a"),
        ({"item": "a"}, "/lti/launch?item=b", "a"),
        ({}, "/lti/launch?item=b", "b"),
        ({"item": ""}, "/lti/launch?x=1&item=b&item=c", "b"),
        ({"item": "$ResourceLink.x"}, "/lti/launch", None),
        ({"item": "$ResourceLink.x"}, "/lti/launch?item=b", None),
        ({"item": "a" * 256}, "/lti/launch", None),
        ({"item": "é"}, "/lti/launch", None),
        ({"item": ["a"]}, "/lti/launch", None),
        ({}, "/lti/launch?item=%00", None),
        ({}, "/lti/launch", None),
    ],
)
def test_the_item_travels_in_custom_and_else_in_the_target(
    custom: Any, target: str, item: str | None
) -> None:
    found = launch(**{LTI + "custom": custom, LTI + "target_link_uri": TOOL + target})

    assert found.item == item


@pytest.mark.parametrize(
    ("endpoint", "line_item", "can_score"),
    [
        ({"lineitem": "https://lms.example/1", "scope": [SCORE]}, "https://lms.example/1", True),
        ({"lineitem": "https://lms.example/1", "scope": []}, "https://lms.example/1", False),
        ({"lineitem": "", "scope": [SCORE]}, None, True),
        ({"lineitem": None, "scope": SCORE}, None, False),
        ({"lineitem": "http://lms.example/1", "scope": [SCORE]}, None, True),
        ({"lineitem": "https://a@evil.example/", "scope": [SCORE]}, None, True),
        ({"lineitem": "ftp://lms.example/1", "scope": [SCORE]}, None, True),
        ({"lineitem": "https://lms.example/\n", "scope": [SCORE]}, None, True),
        ({"lineitem": "https://[::1", "scope": [SCORE]}, None, True),
        ({"lineitem": "https://lms.example/" + "x" * 2048, "scope": [SCORE]}, None, True),
    ],
)
def test_69_a_line_item_is_an_https_address_or_none(
    endpoint: Any, line_item: str | None, can_score: bool
) -> None:
    found = launch(**{AGS: endpoint})

    assert (found.line_item, found.can_score) == (line_item, can_score)


def test_a_practice_lms_may_do_without_tls() -> None:
    changes = {AGS: {"lineitem": "http://localhost:8001/1", "scope": [SCORE]}}

    assert launch(plain_http=True, **changes).line_item == "http://localhost:8001/1"


@pytest.mark.parametrize(
    ("value", "multiple", "line_item"),
    [(True, True, True), ("true", True, True), (False, False, False), ("false", False, False)],
)
def test_deep_linking_settings_may_be_booleans_or_text(
    value: Any, multiple: bool, line_item: bool
) -> None:
    body = LMS.deep_linking_claims("nonce", 0)
    body[DL] |= {"accept_multiple": value, "accept_lineitem": value}

    found = read(body, client_id="client-1", origin=TOOL).deep_linking

    assert found is not None
    assert (found.multiple, found.line_item) == (multiple, line_item)


def test_a_platform_that_does_not_speak_of_line_items_leaves_it_open() -> None:
    body = LMS.deep_linking_claims("nonce", 0)

    found = read(body, client_id="client-1", origin=TOOL)

    assert found.deep_linking is not None
    assert found.deep_linking.line_item is None
    assert found.link_id is None


@given(st.text())
def test_every_locale_is_dutch_or_english(locale: str) -> None:
    assert language(locale) in {"nl", "en"}


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("nl", "nl"),
        ("nl-BE", "nl"),
        ("nl_be", "nl"),
        ("NL-nl", "nl"),
        ("en", "en"),
        ("en_us", "en"),
        ("pt_br", "en"),
        ("nds", "en"),
        ("", "nl"),
        (None, "nl"),
        (7, "nl"),
        ("$Message.locale", "nl"),
    ],
)
def test_locales_as_lmss_write_them(locale: Any, expected: str) -> None:
    assert language(locale) == expected


@given(st.text())
def test_only_our_own_addresses_are_ours(tail: str) -> None:
    """Whatever follows the origin without `/` or `?` makes another host or port of it."""
    assert under(TOOL, TOOL + tail) == (
        tail.isprintable() and (tail == "" or tail[0] in "/?") and len(TOOL + tail) <= 2048
    )


@given(st.one_of(st.none(), st.integers(), st.binary(), st.text(), st.lists(st.text())))
def test_an_id_is_1_to_255_printable_ascii_characters(value: Any) -> None:
    expected = (
        isinstance(value, str)
        and 0 < len(value) <= 255
        and all(" " <= character <= "~" for character in value)
    )

    assert is_id(value) is expected


def test_255_characters_are_allowed_and_256_are_not() -> None:
    assert launch(sub="x" * 255).sub == "x" * 255
    with pytest.raises(Refusal) as refused:
        launch(sub="x" * 256)
    assert (refused.value.code, refused.value.claim) == ("claims-malformed", "sub")
