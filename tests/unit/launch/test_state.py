"""A login's state: signed, and the mother of nonce, binding and session id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.launch.browser import PARENT, storage_frame
from lti_tool.launch.state import LIFETIME_SECONDS, SESSION_ID_LENGTH, BadState, LoginStates
from lti_tool.vault import Vault

STATES = LoginStates(Vault("one-secret-key-for-tests-0123456789"))
OTHERS = LoginStates(Vault("another-secret-key-for-tests-012345"))
TARGET = "https://tool.example/lti/launch"

frames = st.from_regex(r"[A-Za-z0-9_.-]{1,64}", fullmatch=True)


@given(
    st.integers(min_value=0, max_value=2**31),
    st.integers(min_value=0, max_value=2**32 - 1),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.one_of(st.just(""), frames),
)
def test_what_was_given_out_is_read_back(now: int, platform: int, target: str, frame: str) -> None:
    given_out = STATES.issue(now=now, platform_id=platform, target_link_uri=target, storage=frame)

    assert STATES.read(given_out.token) == given_out
    assert given_out.expires == now + LIFETIME_SECONDS
    assert given_out.targets(target)
    assert not given_out.targets(target + "x")
    assert given_out.token.isascii()
    assert len(given_out.token) < 200


@given(st.data())
def test_no_character_of_it_can_be_changed(data: st.DataObject) -> None:
    token = STATES.issue(now=0, platform_id=1, target_link_uri=TARGET).token
    place = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != token[place]))

    with pytest.raises(BadState):
        STATES.read(token[:place] + other + token[place + 1 :])


@given(st.text())
def test_what_we_did_not_give_out_is_refused(text: str) -> None:
    with pytest.raises(BadState):
        STATES.read(text)


def test_another_secret_key_reads_nothing() -> None:
    token = OTHERS.issue(now=0, platform_id=1, target_link_uri=TARGET).token

    with pytest.raises(BadState):
        STATES.read(token)


def test_each_login_has_a_state_of_its_own_and_all_that_follows_from_it() -> None:
    issued = [STATES.issue(now=0, platform_id=1, target_link_uri=TARGET) for _ in range(50)]
    for value in (STATES.nonce, STATES.binding, STATES.session_id):
        assert len({value(state) for state in issued}) == 50
    assert len({state.name for state in issued}) == 50
    for state in issued:
        values = {state.token, STATES.nonce(state), STATES.binding(state)}
        assert len(values | {STATES.session_id(state)}) == 4
        assert len(STATES.session_id(state)) == SESSION_ID_LENGTH
        assert STATES.binding(state)[:SESSION_ID_LENGTH] != STATES.session_id(state)


@pytest.mark.parametrize(
    "name",
    ["_parent", "top", "opener", "self", "window", "__proto__", "constructor", "", "a b", "x" * 65],
)
def test_a_name_that_is_no_frame_means_the_parent(name: str) -> None:
    assert storage_frame(name) == PARENT


@given(st.text())
def test_a_frame_name_is_safe_wherever_it_is_written(name: str) -> None:
    assert set(storage_frame(name)) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
    )


def test_the_frame_of_canvas_is_taken_as_it_is() -> None:
    assert storage_frame("post_message_forwarding") == "post_message_forwarding"
