"""The engine, on the complete example: moves, refused moves, completion and the closing page."""

import json
from dataclasses import replace

import pytest

from lti_tool.experience.document.model import Experience, MicroModule
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.play import engine, reading
from lti_tool.experience.play.engine import NotPossible, State, Step
from lti_tool.experience.play.reading import Reading


def play(item: Experience, *moves: str) -> State:
    """Play from the start: `>` goes on, `<` undoes, a name takes that reaction, `^x` goes back."""
    state = engine.start(item)
    for move in moves:
        if move == ">":
            state = engine.proceed(item, state)
        elif move == "<":
            state = engine.retry(item, state)
        elif move.startswith("^"):
            state = engine.retry_from(item, state, move[1:])
        else:
            state = engine.react(item, state, move)
    return state


TO_THE_END = (">", "vraag", ">", ">", "samen", ">", ">")


def ids(item: Experience, state: State) -> list[str]:
    return [choice.id for choice in engine.options(item, state)]


def test_a_run_begins_at_the_start(example: Experience) -> None:
    assert engine.start(example) == State("aanloop", frozenset(), ())


def test_a_reaction_sets_its_flags_and_stays_at_the_node(example: Experience) -> None:
    state = play(example, ">", "vraag")
    assert state == State(
        "opening", frozenset({"gehoord"}), (Step("aanloop"),), "vraag", ("vraag",)
    )


def test_going_on_remembers_the_reaction(example: Experience) -> None:
    state = play(example, ">", "vraag", ">")
    assert state.node == "zorg"
    assert state.route == (Step("aanloop"), Step("opening", "vraag"))
    assert state.reaction is None


def test_trying_another_reaction_undoes_the_first_with_its_flags(example: Experience) -> None:
    undone = play(example, ">", "vraag", "<")
    assert undone == replace(play(example, ">"), tried=("vraag",))
    assert play(example, ">", "vraag", "<", "omrekenen").flags == frozenset()


def test_what_was_tried_here_is_remembered_in_order_until_one_goes_on(example: Experience) -> None:
    state = play(example, ">", "vraag", "<", "omrekenen", "<", "vraag")
    assert state.tried == ("vraag", "omrekenen")
    there = engine.proceed(example, state)
    assert there.tried == ()
    assert [step.choice for step in there.route] == [None, "vraag"]


def test_the_first_reaction_goes_along_where_one_went_on_with_another(example: Experience) -> None:
    state = engine.proceed(example, play(example, ">", "vraag", "<", "omrekenen"))
    assert state.route[-1] == Step("opening", "omrekenen", "vraag")
    assert engine.first_reactions(state) == {"opening": "vraag"}
    assert engine.load(engine.dump(state)) == state
    assert engine.fits(example, state)


@pytest.mark.parametrize(
    ("said", "held"), [("doubting", "doubting"), ("", None), ("9 out of 10", None)]
)
def test_how_sure_one_is_holds_until_the_reaction_is_taken_back(
    example: Experience, said: str, held: str | None
) -> None:
    state = engine.react(example, play(example, ">"), "vraag", said)
    assert state.sure == held
    assert engine.load(engine.dump(state)).sure == held
    assert engine.retry(example, state).sure is None
    assert engine.proceed(example, state).sure is None


def test_an_earlier_step_is_met_as_it_was_left(example: Experience) -> None:
    state = play(example, *TO_THE_END)
    assert engine.at_step(example, state, 0) == engine.start(example)
    assert engine.at_step(example, state, 1) == play(example, ">", "vraag")
    assert engine.at_step(example, state, len(state.route)) == state
    for beyond in (-1, len(state.route) + 1):
        with pytest.raises(NotPossible):
            engine.at_step(example, state, beyond)


def test_a_flag_that_was_already_there_survives_an_undo(example: Experience) -> None:
    twice = example.model_copy(
        update={"nodes": example.nodes | {"zorg": example.nodes["spanning"]}}
    )
    state = play(twice, ">", "vraag", ">", "herstel", "<")
    assert state.flags == {"gehoord"}


def test_a_reaction_is_offered_only_while_its_condition_holds(example: Experience) -> None:
    assert ids(example, play(example, ">", "vraag", ">", ">")) == ["samen", "mailen", "navragen"]
    assert ids(example, play(example, ">", "uitleg", ">", ">")) == ["mailen", "navragen"]


def test_the_offer_stays_the_same_once_a_reaction_is_taken() -> None:
    text = """format: experience/1
id: a
lang: nl
title: A
start: k
flags: {f: F}
nodes:
  k:
    type: choice
    title: K
    prompt: En?
    choices:
      - id: a
        text: A
        next: e
        set: [f]
        feedback: {effect: strong, happens: A, works: B, grow: C}
      - id: b
        text: B
        next: e
        when: {none: [f]}
        feedback: {effect: partly, happens: A, works: B, grow: C}
  e: {type: ending, title: E}
"""
    item = parse(text, file="a").item
    assert isinstance(item, Experience)
    assert ids(item, play(item, "a")) == ["a", "b"]


def test_nothing_is_offered_where_there_is_nothing_to_choose(example: Experience) -> None:
    assert engine.options(example, engine.start(example)) == ()


ROUTES = """format: experience/1
id: a
lang: nl
title: A
start: r0
flags: {f: F}
nodes:
  r0:
    type: route
    cases: [{when: {all: [f]}, next: e1}]
    next: k
  k:
    type: choice
    title: K
    prompt: En?
    choices:
      - id: a
        text: A
        next: r1
        set: [f]
        feedback: {effect: strong, happens: A, works: B, grow: C}
      - {id: b, text: B, next: r1, feedback: {effect: partly, happens: A, works: B, grow: C}}
      - {id: rond, text: C, next: r3, feedback: {effect: partly, happens: A, works: B, grow: C}}
  r1:
    type: route
    cases: [{when: {none: [f]}, next: e1}, {when: {all: [f]}, next: r2}]
    next: e1
  r2:
    type: route
    cases: [{when: {none: [f]}, next: e1}]
    next: e2
  r3: {type: route, cases: [{when: {all: [f]}, next: e1}], next: r3}
  e1: {type: ending, title: E}
  e2: {type: ending, title: E}
"""


@pytest.fixture(scope="module")
def routes() -> Experience:
    item = parse(ROUTES, file="a").item
    assert isinstance(item, Experience)
    return item


def test_routes_are_invisible_also_at_the_start_and_in_a_row(routes: Experience) -> None:
    assert engine.start(routes).node == "k"
    assert play(routes, "a", ">") == State("e2", frozenset({"f"}), (Step("k", "a"),))
    assert play(routes, "b", ">").node == "e1"


def test_a_route_that_leads_in_a_circle_is_refused(routes: Experience) -> None:
    with pytest.raises(NotPossible, match="circle"):
        play(routes, "rond", ">")


@pytest.mark.parametrize(
    ("before", "move"),
    [
        ((), "vraag"),  # not a choice
        ((), "<"),  # nothing to undo
        ((">",), ">"),  # no reaction taken
        ((">",), "weg"),  # no such reaction
        ((">",), "<"),
        ((">", "vraag"), "uitleg"),  # already reacted
        ((">", "vraag"), "vraag"),
        ((">", "uitleg", ">", ">"), "samen"),  # its condition does not hold
        ((">", "vraag", ">"), "^opening"),  # not at an ending
        (TO_THE_END, ">"),  # the end
        (TO_THE_END, "^opening"),  # this ending offers nothing
        ((">", "uitleg", ">", ">", "navragen", ">"), "^spanning"),  # offered, not on this way
        ((">", "uitleg", ">", ">", "navragen", ">"), "^afspraak"),  # on this way, not offered
    ],
)
def test_a_move_that_is_not_offered_is_refused(
    example: Experience, before: tuple[str, ...], move: str
) -> None:
    play(example, *before)
    with pytest.raises(NotPossible):
        play(example, *before, move)


def test_from_an_ending_back_to_an_offered_choice_with_the_flags_of_then(
    example: Experience,
) -> None:
    ending = play(example, ">", "omrekenen", ">", "herstel", ">", ">", "navragen", ">")
    assert ending.flags == {"gehoord"}
    back = engine.retry_from(example, ending, "spanning")
    assert back == play(example, ">", "omrekenen", ">")
    assert engine.retry_from(example, ending, "opening") == play(example, ">")


def test_back_to_a_choice_that_was_passed_twice_means_the_last_time() -> None:
    text = ROUTES.replace("next: r1\n        set", "next: k\n        set").replace(
        "e1: {type: ending, title: E}", "e1: {type: ending, title: E, offer_retry: [k]}"
    ).replace("cases: [{when: {none: [f]}, next: e1}, {when: {all: [f]}, next: r2}]",
              "cases: [{when: {any: [f]}, next: e1}]")  # fmt: skip
    item = parse(text, file="a").item
    assert isinstance(item, Experience)
    back = play(item, "a", ">", "b", ">", "^k")
    assert back == State("k", frozenset({"f"}), (Step("k", "a"),))


def test_a_way_cannot_grow_for_ever(routes: Experience) -> None:
    long = State("k", frozenset(), (Step("k", "b"),) * engine.MAX_STEPS, "b")
    with pytest.raises(NotPossible, match="too long"):
        engine.proceed(routes, long)


def with_rule(item: Experience, rule: str, **more: object) -> Experience:
    text = json.loads(item.model_dump_json())
    return Experience.model_validate(text | {"completion": {"rule": rule, **more}})


@pytest.mark.parametrize(
    ("rule", "moves", "facts", "met"),
    [
        ({"rule": "ending"}, TO_THE_END, {}, True),
        ({"rule": "ending"}, TO_THE_END[:-1], {}, False),
        ({"rule": "named_endings", "endings": ["einde-samen"]}, TO_THE_END, {}, True),
        ({"rule": "named_endings", "endings": ["einde-open"]}, TO_THE_END, {}, False),
        ({"rule": "named_endings", "endings": ["zorg"]}, TO_THE_END[:3], {}, False),
        ({"rule": "reflection"}, (), {"reflected": True}, True),
        ({"rule": "reflection"}, TO_THE_END, {"declared": True}, False),
        ({"rule": "self"}, (), {"declared": True}, True),
        ({"rule": "self"}, TO_THE_END, {"reflected": True}, False),
        ({"rule": "none"}, TO_THE_END, {"reflected": True, "declared": True}, False),
    ],
)
def test_completion_follows_the_rule(
    example: Experience, rule: dict[str, object], moves: tuple[str, ...],
    facts: dict[str, bool], met: bool,
) -> None:  # fmt: skip
    item = with_rule(example, **rule)
    assert engine.completion_met(item, play(item, *moves), **facts) is met


@pytest.mark.parametrize(
    ("required", "moves", "met"),
    [
        (["opening", "zorg"], (">", "vraag", ">", ">"), True),
        (["opening", "zorg"], (">", "vraag", ">"), False),  # at it, not past it
        (["opening"], (">",), False),
        (["opening"], (">", "vraag"), True),  # reacting is what a choice asks
        (["einde-samen"], TO_THE_END, True),
        (["spanning"], TO_THE_END, False),
        ([], TO_THE_END, False),
    ],
)
def test_required_nodes_must_be_passed(
    example: Experience, required: list[str], moves: tuple[str, ...], met: bool
) -> None:
    data = json.loads(with_rule(example, "required_nodes").model_dump_json())
    for name in required:
        data["nodes"][name]["required"] = True
    item = Experience.model_validate(data)
    assert engine.completion_met(item, play(item, *moves)) is met


@pytest.mark.parametrize(
    ("rule", "done", "facts", "met"),
    [
        ("required_nodes", True, {}, True),  # who is done has passed every block
        ("required_nodes", False, {}, False),
        ("reflection", False, {"reflected": True}, True),
        ("reflection", True, {}, False),
        ("self", False, {"declared": True}, True),
        ("self", True, {}, True),
        ("none", True, {"declared": True}, False),
    ],
)
def test_a_micro_module_is_completed_by_its_rule(
    rule: str, done: bool, facts: dict[str, bool], met: bool
) -> None:
    blocks = [{"type": "text", "text": "Hoi"}]
    data = {"format": "micromodule/1", "id": "a", "lang": "nl", "title": "A", "blocks": blocks}
    item = MicroModule.model_validate(data | {"completion": {"rule": rule}})
    assert reading.completion_met(item, Reading(done), **facts) is met


def test_the_closing_page_shows_the_own_way_without_adding_anything_up(
    example: Experience,
) -> None:
    state = play(example, *TO_THE_END)
    view = engine.route_view(example, state)
    assert [(e.node, e.title, e.choice, e.effect) for e in view] == [
        ("opening", "Je eerste reactie", "vraag", "strong"),
        ("afspraak", "Afronden", "samen", "strong"),
    ]
    assert view[0].text == '"U maakt zich zorgen, hoor ik. Wat wilt u vooral weten?"'
    assert view[0].grow == "Laat na je vraag een stilte vallen."
    assert view[1].grow == "Spreek af wie het initiatief neemt."


def test_a_stored_state_holds_names_only(example: Experience) -> None:
    text = engine.dump(engine.react(example, play(example, ">"), "vraag", "fairly"))
    assert text == (
        '{"node":"opening","flags":["gehoord"],"route":[["aanloop"]],"reaction":"vraag",'
        '"tried":["vraag"],"sure":"fairly"}'
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "3",
        "{}",
        '{"node":"a","flags":[]}',
        '{"node":7,"flags":[],"route":[]}',
        '{"node":"a","flags":"ab","route":[]}',
        '{"node":"a","flags":[["a"]],"route":[]}',
        '{"node":"a","flags":[],"route":{"a":1}}',
        '{"node":"a","flags":[],"route":["ab"]}',
        '{"node":"a","flags":[],"route":[[]]}',
        '{"node":"a","flags":[],"route":[["a","b","c","d"]]}',
        '{"node":"a","flags":[],"route":[[null]]}',
        '{"node":"a","flags":[],"route":[],"reaction":1}',
        '{"node":"<b>","flags":[],"route":[]}',
        '{"node":"' + "a" * 65 + '","flags":[],"route":[]}',
        '{"node":"a\\n","flags":[],"route":[]}',
        "[" * 100_000,
        '{"node":"a","flags":[],"route":[' + '["a"],' * 2000 + '["a"]]}',
        "9" * 600_000,
    ],
    ids=lambda text: text[:40],
)
def test_nonsense_is_not_a_state(text: str) -> None:
    with pytest.raises(NotPossible):
        engine.load(text)


@pytest.mark.parametrize(
    "state",
    [
        State("weg", frozenset(), ()),
        State("opening", frozenset(), ()),  # skipped the scene
        State("opening", frozenset({"gehoord"}), (Step("aanloop"),)),  # a flag from nowhere
        State("opening", frozenset(), (Step("aanloop"),), "vraag", ("vraag",)),  # no flag
        State("opening", frozenset(), (Step("aanloop"),), "weg", ("weg",)),
        State("opening", frozenset(), (Step("aanloop"),), None, ("weg",)),
        State("opening", frozenset(), (Step("aanloop"),), "uitleg", ("vraag",)),  # not tried
        State("opening", frozenset(), (Step("aanloop"),), None, (), "very"),  # sure of nothing
        State("aanloop", frozenset(), (), "vraag", ("vraag",)),
        State("spanning", frozenset(), (Step("aanloop"), Step("opening"))),  # no reaction
        State("zorg", frozenset(), (Step("aanloop", "vraag"), Step("opening", "uitleg"))),
        State("spanning", frozenset(), (Step("aanloop"), Step("opening", "uitleg"))),
        State("spanning", frozenset(), (Step("aanloop"), Step("opening", "omrekenen", "weg"))),
        State(
            "spanning", frozenset(), (Step("aanloop"), Step("opening", "omrekenen", "omrekenen"))
        ),
    ],
)
def test_a_state_of_another_version_does_not_fit(example: Experience, state: State) -> None:
    assert engine.load(engine.dump(state)) == state
    assert engine.fits(example, state) is False


def test_a_state_of_this_version_fits(example: Experience) -> None:
    for length in range(len(TO_THE_END) + 1):
        assert engine.fits(example, play(example, *TO_THE_END[:length]))


def test_the_flags_of_every_step_of_a_way_can_be_told(example: Experience) -> None:
    state = engine.react(example, engine.proceed(example, engine.start(example)), "vraag")
    assert engine.flags_before(example, state) == frozenset()
    assert state.flags == {"gehoord"}
    there = engine.proceed(example, state)
    assert engine.flags_before(example, there) == {"gehoord"}
    met = [engine.flags_after(example, there.route[:n]) for n in range(3)]
    assert met == [frozenset(), frozenset(), {"gehoord"}]
