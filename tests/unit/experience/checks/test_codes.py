"""Every finding a check can find: a document with one flaw gives that finding and no other.

Each row takes a document without findings, makes one change, and says on which line (that of the
first text `at`) and in which node the finding is reported.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from lti_tool.experience.checks.all import MediaFact, check
from lti_tool.experience.checks.media import MAX_FILE
from lti_tool.experience.document.findings import Finding, message
from lti_tool.experience.document.parsing import parse_bytes
from lti_tool.experience.document.texts import TEXTS

DATA = Path(__file__).parents[1] / "data"
BASIS = (DATA / "basis.yaml").read_text("utf-8")
MODULE = (DATA / "module.yaml").read_text("utf-8")
INTERVISION = (DATA / "intervisie.yaml").read_text("utf-8")
PREPARATION = """format: preparation/1
id: studiedag
lang: nl
title: Studiedag
items: [basis, doorvragen]
"""
TODAY = date(2026, 8, 2)
FILES = {
    "klas.png": MediaFact("image/png", 100),
    "script.png": MediaFact("", 100),
    "klas.mp4": MediaFact("video/mp4", 100),
    "klas.mp3": MediaFact("audio/mpeg", 100),
    "klas.md": MediaFact("text/markdown", 100),
    "klas.vtt": MediaFact("text/vtt", 100),
    "kapot.vtt": MediaFact("text/vtt", 100, vtt_line=7),
    "vierkant.png": MediaFact("image/png", 100, pixels=(400, 400)),
    "staand.png": MediaFact("image/png", 100, pixels=(300, 400)),
    "klein.png": MediaFact("image/png", 100, pixels=(100, 100)),
    "kapot.png": MediaFact("image/png", 100, fault="picture"),
    "reus.png": MediaFact("image/png", 100, fault="pixels"),
    "groot.mp3": MediaFact("audio/mpeg", MAX_FILE + 1),
    **{f"deel-{n}.mp3": MediaFact("audio/mpeg", MAX_FILE) for n in range(5)},
}
BELL = "    text: De bel gaat.\n"


def findings_of(text: str | bytes) -> tuple[Finding, ...]:
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    parsed = parse_bytes(data, file="item.yaml")
    if parsed.item is None:
        return parsed.findings
    found = check(parsed.item, today=TODAY, exists=FILES.get)
    return tuple(parsed.locate(each) for each in found)


@dataclass(frozen=True)
class Row:
    """One flaw: `old` becomes `new` in `base`; `old` empty: `new` is the whole document."""

    kind: str
    old: str
    new: str | bytes
    at: str
    node: str | None = None
    base: str = BASIS
    says: str = ""

    def document(self) -> str | bytes:
        if not self.old or isinstance(self.new, bytes):
            return self.new
        assert self.old in self.base, "the row no longer fits the document"
        return self.base.replace(self.old, self.new, 1)


def media(entry: str) -> str:
    return f"{BELL}    media:\n      - {entry}\n"


GOOD_VIDEO = "video: klas.mp4, captions: {nl: klas.vtt}, transcript: klas.md"
LONG = "x" * 301
THREE = """      - id: drie
        text: Zeg niets.
        next: einde
        feedback: {effect: depends, happens: Stilte., works: Je wacht., grow: Vraag dan door.}
"""
LOOP = """  rondje:
    type: scene
    title: Rondje
    next: rondje
"""
SECOND_CHOICE = """  nog-een:
    type: choice
    title: Nog een
    prompt: En dan?
    choices:
      - id: lang
        text: Zullen we volgende week samen terugkijken?
        next: schrijf
        feedback: {effect: strong, happens: Graag., works: Je plant., grow: Vraag wanneer.}
      - id: kort
        text: Tot later.
        next: terugblik
        feedback: {effect: partly, happens: Dag., works: Je bent duidelijk., grow: Spreek af.}
"""
# With the flag one gets on from here, without it one goes round for ever.
WAIT = """  wacht:
    type: route
    cases:
      - when: {none: [gehoord]}
        next: wacht
    next: einde
"""
LAST_CHOICE = """  laatste:
    type: choice
    title: Laatste
    prompt: En nu?
    choices:
      - id: samen
        text: Samen verder?
        when: {all: [gehoord]}
        next: einde
        feedback: {effect: strong, happens: Graag., works: Je nodigt uit., grow: Vraag wanneer.}
      - id: alleen
        text: Ik bel je.
        when: {any: [gehoord]}
        next: einde
        feedback: {effect: partly, happens: Goed., works: Je belooft iets., grow: Noem een dag.}
"""


SAID = """    text:
      - {text: Hoi., who: noor}
      - {text: Nee., who: noor, mood: boos}
"""
CAST = (
    BASIS.replace(BELL, SAID)
    + """cast:
  noor:
    name: Noor
    portraits:
      rustig: {image: klas.png, alt: Noor}
      boos: {image: vierkant.png, alt: Noor}
"""
)
THOUGHT = "inside: [{who: noor, text: Hm.}]"
CHAIR = (
    re.sub(
        r"( *)(grow: [^.\n]+\.)",
        lambda found: (
            f"{found[1]}{found[2]}\n{found[1]}{THOUGHT}"
            if len(found[1]) > 1
            else f" {found[2]}, {THOUGHT}"
        ),
        re.sub(r"(title: (?:Begin|Keuze|Schrijf))\n", rf"\1\n    {THOUGHT}\n", CAST),
    )
    + "chair: noor\n"
)
# Whatever one says here, nothing after it is different.
IDLE_CHOICE = SECOND_CHOICE.replace("next: schrijf", "next: keuze").replace(
    "next: terugblik", "next: keuze"
)
# A third reaction that sets nothing, beside two that set a flag each.
RUST = (
    BASIS.replace("flags: {", "flags: {rust: Er is rust., ")
    .replace("      - id: uitleg", "      - id: uitleg\n        set: [rust]")
    .replace("  schrijf:\n", THREE + "  schrijf:\n")
)


def branch(target: str, node: str) -> str:
    """The document with a node behind the flag, still without a way to it without the flag."""
    return BASIS.replace(
        "        next: einde\n    next:", f"        next: {target}\n    next:"
    ).replace("  einde:\n", node + "  einde:\n")


ROWS = [
    # The file itself.
    Row("E1", "text: De bel gaat.", "text: De bel: hij gaat.", "De bel:"),
    Row("E1.syntax", "gehoord.}", "gehoord.", "nodes:"),
    Row("E1.tab", "    text: De bel", "\ttext: De bel", "text: De bel"),
    Row("E1.quote", "text: De bel gaat.", 'text: "De bel gaat.', 'text: "De bel'),
    Row("E1.characters", "De bel gaat.", '"De bel\\0 gaat."', "De bel"),
    Row("E1.characters", "De bel gaat.", "De bel\x07 gaat.", "De bel"),
    Row("E1.encoding", "", BASIS.encode().replace(b"De bel", b"D\xe9 bel"), "De bel"),
    Row("E1.size", "", "# " + "x" * 1024 * 1024, "#"),
    Row("E1.size", "", "- a\n" * 160_000, "- a"),
    Row("E1.deep", "", "a: " + "[" * 500, "a:"),
    Row("E1.alias", "title: Begin", "title: &t Begin", "title: &t"),
    Row("E1.alias", "title: Begin", "title: *t", "title: *t"),
    Row("E1.tag", "title: Begin", "title: !!python/name:os.system Begin", "title: !!"),
    Row("E1.key", "title: Begin", "[title]: Begin", "[title]"),
    Row("E1.several", "    offer_retry: [keuze]\n", "---\nformat: experience/1\n", "---"),
    Row("E1.empty", "", "# alleen een opmerking\n", "#"),
    Row("E1.empty", "", "~", "~"),
    Row("E1.root", "", "- een\n- lijst\n", "- een"),
    # Names.
    Row("E2", "prompt: Wat zeg je?", "promt: Wat zeg je?\n    prompt: En?", "promt", "keuze",
        says="Bedoelde je `prompt`?"),
    Row("E2", "happens: Hij kijkt op.", "happens: Hij kijkt op.\n          hapens: Ja", "hapens:",
        "keuze", says="Bedoelde je `happens`?"),
    Row("E2", "id: basis", "id: basis\nminuten: 3", "minuten", says="Bedoelde je `minutes`?"),
    Row("E2", BELL, media("{image: klas.png, alt: Klas, captoin: Klas}"), "captoin", "begin",
        says="Bedoelde je `caption`?"),
    Row("E2", "type: text", "type: text\n    txt: a", "txt", "#1", MODULE, "Bedoelde je `text`?"),
    Row("E2.comma", "works: Je luistert.", "works: Ja, zeker", "zeker", "schrijf"),
    Row("E2", BELL, "    text:\n      - {txt: De bel}\n", "txt", "begin",
        says="Bedoelde je `text`?"),
    Row("E2.colon", BELL, "    text:\n      - Stil.\n      - De bel: hij gaat.\n", "De bel:",
        "begin"),
    Row("E3", "effect: strong\n", "effect: strong\n          score: 10\n", "score:", "keuze"),
    Row("E3", "id: basis", "id: basis\npoints: 10", "points:"),
    Row("E3", "- text: Ze geeft", "- correct: true\n        text: Ze geeft", "correct", "#2",
        MODULE),
    Row("E4", "  terugblik:\n", "  begin:\n", "  begin:\n    type: reflect", "begin"),
    Row("E4.field", "    title: Begin\n", "    title: Begin\n    title: Nog eens\n", "Nog eens",
        "begin"),
    Row("E4.id", "id: uitleg", "id: vraag", "id: vraag\n        text: Ik leg", "keuze"),
    Row("E4.id", "id: troost", "id: zorg", "id: zorg\n        text: Het komt", "schrijf"),
    Row("E4.id", "id: oogst", "id: vraag", "id: vraag\n    title: Oogst", "#3", INTERVISION),
    Row("E4.item", "doorvragen", "basis", "items:", base=PREPARATION),
    Row("E5", "start: begin", "start: begim", "start:", says="Bedoelde je `begin`?"),
    Row("E6", "next: terugblik", "next: terugblikk", "next: terugblikk", "splitsing",
        says="`next: terugblikk` bestaat niet. Noem een knoop uit `nodes`. Bedoelde je `teru"),
    Row("E6", "offer_retry: [keuze]", "offer_retry: [keuzes]", "offer_retry", "einde",
        says="Bedoelde je `keuze`?"),
    Row("E6", "id: basis", "id: basis\ncompletion: {rule: named_endings, endings: [weg]}",
        "completion"),
    Row("E6.retry", "offer_retry: [keuze]", "offer_retry: [begin]", "offer_retry", "einde"),
    Row("E7", "    next: keuze\n", "", "begin:\n", "begin"),
    Row("E7", "    next: terugblik\n", "", "splitsing:\n", "splitsing"),
    Row("E7.reaction", "        next: schrijf\n", "", "id: vraag", "keuze"),
    # The graph.
    Row("E8", "  einde:\n", "  eiland: {type: scene, title: Eiland, next: einde}\n  einde:\n",
        "eiland:", "eiland"),
    Row("E9", "  schrijf:\n", THREE.replace("einde", "rondje") + LOOP + "  schrijf:\n",
        "rondje:\n", "rondje"),
    Row("E9.flags", "  schrijf:\n", THREE.replace("einde", "wacht") + "  schrijf:\n", "wacht:\n",
        "wacht", branch("wacht", WAIT), says="Vanuit `wacht` is bij vlaggen {} geen einde"),
    Row("E10", BASIS[BASIS.index("    type: ending"):],
        "    type: scene\n    title: Einde\n    next: begin\n", "nodes:"),
    Row("E11", THREE_FROM := BASIS[BASIS.index("      - id: uitleg"):BASIS.index("  schrijf:")], "",
        "choices:", "keuze", says="hier staan er 1"),
    Row("E11", "  schrijf:\n", "".join(THREE.replace("drie", f"r{n}") for n in range(4))
        + "  schrijf:\n", "choices:", "keuze", says="hier staan er 6"),
    Row("E12", "  schrijf:\n", THREE.replace("einde", "laatste") + "  schrijf:\n", "laatste:\n",
        "laatste", branch("laatste", LAST_CHOICE), says="Bij vlaggen {} blijft in `laatste`"),
    Row("E13", "set: [gehoord]", "set: [gehoord, gehord]", "set:", "keuze",
        says="Bedoelde je `gehoord`?"),
    Row("E13", "when: {all: [gehoord]}", "when: {all: [gehoord], none: [boos]}", "when:",
        "splitsing"),
    Row("E13.elsewhere", "text: Wie doorvraagt, hoort meer.", "text: [{text: Vraag door., when: "
        "{all: [open]}}]", "Vraag door", "#1", MODULE),
    # People and what they say.
    Row("E29", BELL, "    text: [{text: Hoi., who: noor}]\n", "Hoi", "begin"),
    Row("E29", "who: noor}", "who: norr}", "Hoi", "begin", CAST, "Bedoelde je `noor`?"),
    Row("E29", "start: begin", "start: begin\nchair: juf", "chair:", base=CAST),
    Row("E29", "happens: Hij zucht.", "happens: Hij zucht.\n          look: {who: juf, mood: boos}",
        "juf", "keuze", CAST),
    Row("E29.mood", "mood: boos", "mood: bos", "Nee", "begin", CAST, "Bedoelde je `boos`?"),
    Row("E29.mood", "    name: Noor", "    name: Noor\n    usual: blij", "usual", base=CAST),
    Row("E29.nobody", "who: noor, mood: boos", "mood: boos", "Nee", "begin", CAST),
    Row("E29.elsewhere", "text: Wie doorvraagt, hoort meer.", "text: [{text: Vraag door., who: "
        "noor}]", "Vraag door", "#1", MODULE),
    Row("E30", "happens: Hij knikt.", "happens: [{text: Hij knikt, when: {all: [gehoord]}}]",
        "Hij knikt", "schrijf", says="Bij vlaggen {} blijft van `happens` niets over"),
    Row("E31", f"    title: Schrijf\n    {THOUGHT}\n", "    title: Schrijf\n", "  schrijf:\n",
        "schrijf", CHAIR),
    Row("E31.feedback", f"          {THOUGHT}\n", "", "feedback:\n          effect: strong",
        "keuze", CHAIR, "na `vraag`"),
    Row("E31.feedback", f", {THOUGHT}", "", "feedback: {effect: strong, happens: Hij knikt",
        "schrijf", CHAIR, "na `zorg`"),
    Row("W12", "  noor:\n", "  daan: {name: Daan}\n  noor:\n", "daan", base=CAST),
    Row("W12.mood", ", mood: boos", "", "      boos:", base=CAST),
    Row("W13", "klas.png", "staand.png", "      boos:", base=CAST, says="300 × 400 en 400 × 400"),
    Row("W13.small", "vierkant.png", "klein.png", "      boos:", base=CAST, says="100 × 100"),
    Row("W14", "    title: Keuze\n", f"    title: Keuze\n    {THOUGHT}\n", THOUGHT, "keuze", CAST),
    Row("W15", "text: Nee.,", "text: “Nee.”,", "“Nee.”", "begin", CAST),
    # Drama.
    Row("W7", "    next: keuze\n", "    next: nog-een\n" + IDLE_CHOICE, "nog-een:", "nog-een"),
    Row("W8", BASIS[BASIS.index("    text:\n      - De dag"):BASIS.index("    offer_retry")],
        "    text: De dag is om.\n", "  einde:\n", "einde"),
    Row("W9", "title: Schrijf\n", "title: Schrijf\n    text:\n      - {text: Het is stil., when: "
        "{all: [rust]}}\n", "  einde:\n", "einde", RUST, "vlaggen {} en bij vlaggen {rust}"),
    # Feedback.
    Row("E14", "          grow: Vraag eerst door.\n", "", "feedback:\n          effect: limited",
        "keuze", says="Reactie `uitleg` mist *grow*"),
    Row("E14", "grow: Vraag eerst door.", 'grow: " "', 'grow: " "', "keuze"),
    Row("E14", "grow: Vraag eerst door.", "grow:", "grow:\n",
        "keuze"),
    Row("E14", ", grow: Vat samen.", "", "works: Je luistert.", "schrijf", says="`zorg`"),
    Row("E15", "          works: Je bent helder.\n", "", "feedback:\n          effect: limited",
        "keuze", says="Reactie `uitleg` mist *works*"),
    Row("E16", "effect: limited", "effect: fout", "effect: fout", "keuze", says="`fout`"),
    Row("E16", "effect: limited", "effect: 3", "effect: 3", "keuze"),
    Row("E16.missing", "          effect: limited\n", "", "feedback:\n          happens: Hij zucht",
        "keuze"),
    # Media.
    Row("E17", BELL, media("{image: klas.png}"), "image:", "begin"),
    Row("E17", "type: text\n    text: Wie doorvraagt, hoort meer.", "type: image\n    image: "
        "klas.png", "- type: image", "#1", MODULE),
    Row("E18", BELL, media("{video: klas.mp4, transcript: klas.md}"), "video:", "begin"),
    Row("E18", BELL, media("{video: klas.mp4, captions: {en: klas.vtt}, transcript: klas.md}"),
        "video:", "begin"),
    Row("E19", BELL, media("{video: klas.mp4, captions: {nl: klas.vtt}}"), "video:", "begin"),
    Row("E19", BELL, media("{audio: klas.mp3}"), "audio:", "begin"),
    Row("E20", BELL, media("{video: klas.mp4, captions: {nl: kapot.vtt}, transcript: klas.md}"),
        "kapot", "begin", says="(regel 7)"),
    Row("E21", BELL, media("{image: weg.png, alt: Klas}"), "weg.png", "begin"),
    Row("E21.type", BELL, media("{image: klas.svg, alt: Klas}"), "klas.svg", "begin"),
    Row("E21.type", BELL, media("{image: script.png, alt: Klas}"), "script.png", "begin"),
    Row("E21.name", BELL, media("{image: ../klas.png, alt: Klas}"), "klas.png", "begin"),
    Row("E21.name", BELL, media("{image: 'https://x.nl/klas.png', alt: Klas}"), "klas.png",
        "begin"),
    Row("E21.large", BELL, media("{audio: groot.mp3, transcript: klas.md}"), "groot", "begin"),
    Row("E21.total", BELL, f"{BELL}    media:\n" + "".join(f"      - {{audio: deel-{n}.mp3, "
        "transcript: klas.md}\n" for n in range(5)), "format"),
    Row("E21.picture", BELL, media("{image: kapot.png, alt: Klas}"), "kapot", "begin"),
    Row("E21.pixels", BELL, media("{image: reus.png, alt: Klas}"), "reus", "begin", says="60"),
    Row("E22", BELL, media("{image: klas.png, alt: Klas, consent_until: 2026-08-01}"), "consent",
        "begin", says="verlopen op 2026-08-01"),
    Row("E23", "De bel gaat.", "De <script>alert(1)</script> gaat.", "script", "begin"),
    Row("E23", "title: Begin", 'title: Begin <b onclick="x">', "title: Begin", "begin"),
    Row("E23.link", "De bel gaat.", "'[De bel](javascript:alert(1)) gaat.'", "bel", "begin"),
    Row("E23.link", "De bel gaat.", "'[De bel](http://bel.nl) gaat.'", "bel", "begin"),
    Row("E23.link", "offer_retry: [keuze]", "links: [{text: Meer, url: 'http://a.nl'}]", "links",
        "einde"),
    Row("E23.image", "De bel gaat.", "'![De bel](bel.png) gaat.'", "bel", "begin"),
    Row("E24", BASIS[BASIS.index("      - id: troost"):BASIS.index("    next: splitsing")], "",
        "compare:", "schrijf"),
    # Fields that are missing or do not fit.
    Row("E25", "    title: Begin\n", "", "begin:\n", "begin", says="`title`"),
    Row("E25", "lang: nl\n", "", "format:"),
    Row("E25", "          happens: Hij zucht.\n", "", "feedback:\n          effect: limited",
        "keuze", says="`happens`"),
    Row("E25", "title: Begin", "title: ~", "title: ~", "begin"),
    Row("E26.format", "experience/1", "experiense/1", "format", says="Bedoelde je `experience/1`?"),
    Row("E26.format", "format: experience/1\n", "", "id: basis"),
    Row("E26.type", "type: scene", "type: scen", "type: scen", "begin",
        says="Bedoelde je `scene`?"),
    Row("E26.type", "    type: scene\n", "", "begin:\n", "begin"),
    Row("E26.type", "type: practice", "type: exam", "exam", "#3", MODULE),
    Row("E26.media", BELL, media("{film: klas.mp4}"), "film", "begin"),
    Row("E26.oneof", "id: basis", "id: basis\ncompletion: {rule: endin}", "completion",
        says="Bedoelde je `ending`?"),
    Row("E26.oneof", "id: basis", "id: basis\nsectors: [po, hbo]", "sectors",
        says="po, vo, so, mbo"),
    Row("E26.oneof", "lang: nl", "lang: nl\ncompletion: {rule: ending}", "completion", base=MODULE),
    Row("E26.text", "text: De bel gaat.", "text: {De bel: gaat}", "De bel", "begin"),
    Row("E26.paragraph", BELL, "    text:\n      - De bel gaat.\n      - [Nog een]\n", "[Nog",
        "begin"),
    Row("E26.long", "title: Begin", f"title: {LONG}", LONG, "begin", says="hooguit 300"),
    Row("E26.slug", "start: begin", "start: Het Begin", "start"),
    Row("E26.slug", "  begin:\n", "  Begin!:\n", "Begin!", "Begin!"),
    Row("E26.lang", "lang: nl", "lang: nederlands", "lang"),
    Row("E26.number", "id: basis", "id: basis\nminutes: 12.5", "minutes"),
    Row("E26.number", "most: 6", "most: 9", "most", base=INTERVISION, says="4 tot 8"),
    Row("E26.group", "fewest: 4", "fewest: 7", "most", base=INTERVISION),
    Row("E26.number", "id: basis", "id: basis\nminutes: 999", "minutes", says="1 tot 240"),
    Row("E26.yesno", BELL, f"{BELL}    required: misschien\n", "misschien", "begin"),
    Row("E26.date", BELL, media("{image: klas.png, alt: Klas, consent_until: 2026-02-30}"),
        "consent", "begin"),
    Row("E26.date", BELL, media("{image: klas.png, alt: Klas, consent_until: 20280101}"), "consent",
        "begin"),
    Row("E26.seconds", "prompt: Wat zeg", "at: halverwege\n    prompt: Wat zeg", "at: halv",
        "keuze"),
    Row("E26.video", "prompt: Wat zeg", "at: '1:30'\n    prompt: Wat zeg", "at: '", "keuze"),
    Row("E26.list", "set: [gehoord]", "set: gehoord", "set:", "keuze"),
    Row("E26.fields", "offer_retry: [keuze]", "followup: over een maand", "followup", "einde"),
    Row("E26.fields", "flags: {gehoord: Iemand voelt zich gehoord.}", "flags: [gehoord]", "flags"),
    Row("E26.count", "flags: {", "flags: {" + "".join(f"f{n}: a, " for n in range(12)), "flags",
        says="hier staan er 13"),
    Row("E26.count", "cases:\n      - when: {all: [gehoord]}\n        next: einde", "cases: []",
        "cases", "splitsing"),
    Row("E26.when", "when: {all: [gehoord]}", "when: {}", "when", "splitsing"),
    Row("E27.endings", "id: basis", "id: basis\ncompletion: {rule: named_endings}", "completion"),
    Row("E27.ending", "id: basis", "id: basis\ncompletion: {rule: named_endings, endings: [keuze]}",
        "completion"),
    Row("E27.rule", "id: basis", "id: basis\ncompletion: {rule: ending, endings: [einde]}",
        "completion"),
    Row("E27.required", "id: basis", "id: basis\ncompletion: {rule: required_nodes}", "completion"),
    Row("E27.reflect", "lang: nl", "lang: nl\ncompletion: {rule: reflection}", "completion",
        base=MODULE),
    # Warnings.
    Row("W1", "      - id: uitleg", "      - id: uitleg\n        set: [rust]", "set: [rust]",
        "keuze", BASIS.replace("flags: {", "flags: {rust: Er is rust., ")),
    Row("W1.idle", "flags: {", "flags: {rust: Er is rust., ", "flags"),
    Row("W2", "id: uitleg", "id: uitleg\n        when: {none: [gehoord]}", "when", "keuze"),
    Row("W2", "        next: einde\n    next:", "        next: einde\n"
        "      - when: {none: [rust]}\n        next: terugblik\n    next:",
        "- when: {none", "splitsing",
        BASIS.replace("flags: {", "flags: {rust: Er is rust., ")),
    Row("W2.never", "  schrijf:\n", THREE.replace("id: drie", "id: drie\n        when: {any: "
        "[gehoord]}") + "  schrijf:\n", "when", "keuze"),
    Row("W2.shown", BELL, "    text:\n      - De bel.\n      - {text: Stil., when: {none: "
        "[gehoord]}}\n", "Stil.", "begin"),
    Row("W2.hidden", BELL, "    text:\n      - De bel.\n      - {text: Stil., when: {any: "
        "[gehoord]}}\n", "Stil.", "begin"),
    Row("W3", "text: De bel gaat.", "text: Dat was fout.", "fout", "begin"),
    Row("W3", "{text: Nee., who: noor, mood: boos}", "{text: Helaas., who: noor, mood: boos}\n"
        "      - {text: Helaas.}", "{text: Helaas.}", "begin", CAST),
    Row("W3", "works: Je bent helder.", "works: Helaas, 8/10.", "Helaas", "keuze"),
    Row("W3", "works: Je bent helder.", "works: Je haalt hier 8/10.", "8/10", "keuze"),
    Row("W3", "works: Je bent helder.", "works: You chose the wrong words.", "wrong", "keuze",
        BASIS.replace("lang: nl", "lang: en")),
    Row("W4", "effect: limited", "effect: strong", "choices:", "keuze"),
    Row("W4.longest", "  schrijf:\n", SECOND_CHOICE + "  schrijf:\n", "choices:", "keuze",
        BASIS.replace("text: Wat is er?", "text: Vertel eens rustig wat er vandaag is gebeurd.")
        .replace("next: schrijf", "next: nog-een")),
    Row("W16", "minutes: 15", "minutes: 20", "minutes: 20", base=INTERVISION, says="15 minuten"),
    Row("W3", "happens: Ieder één zin.", "happens: Wie had het goede antwoord?", "goede antwoord",
        "#3", INTERVISION),
    Row("W5", "De bel gaat.", "'[Lees](https://a.nl) of [lees](https://b.nl).'", "Lees", "begin"),
    Row("W6", "De bel gaat.", "'[Kijk](https://www.youtube.com/watch?v=1)'", "Kijk", "begin"),
    Row("W6", "offer_retry: [keuze]", "links: [{text: Kijk, url: 'https://youtu.be/x'}]", "links",
        "einde"),
]  # fmt: skip


def line_of(document: str | bytes, marker: str) -> int:
    text = document.decode("latin-1").replace("é", "e") if isinstance(document, bytes) else document
    assert marker in text
    return text.count("\n", 0, text.index(marker)) + 1


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.kind}-{row.at.strip()[:20]}")
def test_one_flaw_gives_one_finding_on_its_line_and_node(row: Row) -> None:
    document = row.document()
    found = findings_of(document)
    assert [each.kind for each in found] == [row.kind]
    assert found[0].line == line_of(document, row.at)
    assert found[0].node == row.node
    assert found[0].file == "item.yaml"
    assert row.says in message(found[0], "nl")


def test_every_sentence_has_a_row() -> None:
    elsewhere = {
        "E1.file",  # needs a file that cannot be read: test_checking
        "E26",  # what is said of a validation error that has no sentence of its own yet
        *("W10", "W11", "W11.spread"),  # about several choices together: test_drama
    }
    zips = {kind for kind in TEXTS if kind.startswith("E28")}  # test_archive, test_package
    assert {row.kind for row in ROWS} | elsewhere | zips == set(TEXTS)


def test_the_documents_that_rows_start_from_have_no_finding() -> None:
    assert [
        findings_of(text) for text in (BASIS, MODULE, INTERVISION, PREPARATION, CAST, CHAIR)
    ] == [()] * 6


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.kind}-{row.at.strip()[:20]}")
def test_each_finding_is_told_in_both_languages(row: Row) -> None:
    found = findings_of(row.document())[0]
    dutch, english = found.as_dict("nl")["message"], found.as_dict("en")["message"]
    assert dutch != english
    assert not re.search(r"\{\w+\}", re.sub(r"\{[\w, ]*\}", "", f"{dutch}{english}"))
