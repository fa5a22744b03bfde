"""Sets of flag sets as integers do just what Python's own sets of frozensets do."""

from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.experience.checks.flag_sets import FlagSets
from lti_tool.experience.document.model import When

FLAGS = ("a", "b", "c")
EVERY = [frozenset(s) for s in chain(*(combinations(FLAGS, n) for n in range(4)))]
some_flags = st.sets(st.sampled_from(FLAGS))
some_sets = st.sets(st.sampled_from(EVERY))


def as_integer(sets: set[frozenset[str]]) -> int:
    numbers = (sum(1 << FLAGS.index(flag) for flag in each) for each in sets)
    return sum(1 << number for number in numbers)


@given(some_sets, some_flags)
def test_setting_flags(sets: set[frozenset[str]], flags: set[str]) -> None:
    expected = {each | flags for each in sets}
    assert FlagSets(FLAGS).after_setting(as_integer(sets), flags) == as_integer(expected)


@given(some_sets, some_flags)
def test_what_could_have_been_before_setting(sets: set[frozenset[str]], flags: set[str]) -> None:
    expected = {each for each in EVERY if each | flags in sets}
    assert FlagSets(FLAGS).before_setting(as_integer(sets), flags) == as_integer(expected)


@given(some_flags, some_flags, some_flags)
def test_satisfying_a_condition(every: set[str], one: set[str], none: set[str]) -> None:
    if not every | one | none:
        return
    when = When(all=tuple(every), any=tuple(one), none=tuple(none))
    expected = {each for each in EVERY if when.holds(each)}
    assert FlagSets(FLAGS).satisfying(when) == as_integer(expected)


def test_no_condition_is_satisfied_always() -> None:
    assert FlagSets(FLAGS).satisfying(None) == FlagSets(FLAGS).every == as_integer(set(EVERY))


@given(some_sets.filter(bool))
def test_the_smallest(sets: set[frozenset[str]]) -> None:
    found = frozenset(FlagSets(FLAGS).smallest(as_integer(sets)))
    assert found in sets
    assert len(found) == min(len(each) for each in sets)


def test_without_flags_there_is_one_flag_set() -> None:
    none = FlagSets(())
    assert none.every == none.empty == 1
    assert none.smallest(1) == ()
