"""What is derived from the secret key: one purpose says nothing about another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.vault import BrokenSeal, Vault, fingerprint, seal_with, unseal_with

VAULT = Vault("one-secret-key-for-tests-0123456789")
OTHER = Vault("another-secret-key-for-tests-012345")
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
def test_a_sealed_text_comes_back(text: str) -> None:
    sealed = VAULT.seal(text)

    assert VAULT.unseal(sealed) == text
    assert not text or len(text) < 4 or text not in sealed


@given(texts)
def test_what_is_sealed_with_a_token_needs_that_token(text: str) -> None:
    sealed = seal_with("token-1", text)

    assert unseal_with("token-1", sealed) == text
    for token in ("token-2", "", fingerprint("token-1")):
        with pytest.raises(BrokenSeal):
            unseal_with(token, sealed)


@pytest.mark.parametrize("sealed", ["", "x", "ä", "gAAAAA"])
def test_what_we_did_not_seal_is_refused(sealed: str) -> None:
    with pytest.raises(BrokenSeal):
        VAULT.unseal(sealed)


def test_an_altered_seal_is_refused() -> None:
    sealed = VAULT.seal("a")

    for place in range(0, len(sealed), 7):
        other = "A" if sealed[place] != "A" else "B"
        with pytest.raises(BrokenSeal):
            VAULT.unseal(sealed[:place] + other + sealed[place + 1 :])


def test_another_secret_key_opens_nothing() -> None:
    with pytest.raises(BrokenSeal):
        OTHER.unseal(VAULT.seal("a"))


def test_one_purpose_says_nothing_about_another() -> None:
    made = {VAULT.mac(purpose, "m") for purpose in ("state", "nonce", "browser", "pseudonym")}

    assert len(made) == 4
    assert VAULT.mac("state", "m") == VAULT.mac("state", "m") != OTHER.mac("state", "m")
    assert all(len(one) == 43 for one in made)


@given(texts, texts, texts, texts)
def test_pseudonyms_differ_when_issuer_or_person_does(
    issuer: str, sub: str, other_issuer: str, other_sub: str
) -> None:
    same = (issuer, sub) == (other_issuer, other_sub)

    assert (VAULT.pseudonym(issuer, sub) == VAULT.pseudonym(other_issuer, other_sub)) is same


def test_a_border_that_moves_makes_another_person() -> None:
    assert VAULT.pseudonym("https://a", "b4") != VAULT.pseudonym("https://ab", "4")
    assert VAULT.pseudonym("1:a", "b") != VAULT.pseudonym("1", ":ab")


def test_a_pseudonym_shows_nothing_of_the_person() -> None:
    assert "learner" not in VAULT.pseudonym("https://lms.example", "learner-4")


NEW = Vault("a-third-secret-key-for-tests-012345", "one-secret-key-for-tests-0123456789")
"""An installation that replaces the secret of VAULT."""


def test_a_replaced_secret_still_opens_what_it_sealed_and_seals_nothing_more() -> None:
    assert NEW.unseal(VAULT.seal("a")) == "a"
    with pytest.raises(BrokenSeal):
        VAULT.unseal(NEW.seal("a"))
    with pytest.raises(BrokenSeal):
        NEW.unseal(OTHER.seal("a"))


def test_resealing_makes_the_old_secret_needless() -> None:
    alone = Vault("a-third-secret-key-for-tests-012345")

    resealed = NEW.reseal(VAULT.seal("a"))

    assert resealed is not None
    assert alone.unseal(resealed) == "a"
    assert NEW.reseal(resealed) is None
    with pytest.raises(BrokenSeal):
        NEW.reseal(OTHER.seal("a"))


def test_a_person_is_found_under_both_secrets_and_kept_under_the_new_one() -> None:
    assert NEW.old_pseudonym("https://lms", "7") == VAULT.pseudonym("https://lms", "7")
    assert NEW.pseudonym("https://lms", "7") != VAULT.pseudonym("https://lms", "7")
    assert VAULT.old_pseudonym("https://lms", "7") is None


def test_a_signature_under_the_replaced_secret_is_worth_nothing() -> None:
    assert NEW.mac("state", "a") != VAULT.mac("state", "a")
