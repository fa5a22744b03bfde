"""A learner's own choice from the logbook, in forms that others can read. Pure.

Nothing of it is issued or confirmed by the tool, and every form says so.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lti_tool.learner.logbook import ACTIVITY, Entry

FORMAT = "proeftuin-logbook/1"
"""Names the form that docs/logbook.md describes."""

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the exports say, in the learner's language.

    Attributes:
        title: of the whole.
        heading: that it was made by the learner, and is no certificate and no assessment.
        kinds: what each kind of entry is called.
        criteria: what stands behind the self-assertion.
        me: what the learner is called, who is not named.
        lang: "nl" or "en".
    """

    title: str
    heading: str
    kinds: dict[str, str]
    criteria: str
    me: str
    lang: str


def as_json(found: Sequence[Entry], words: Words, made: str) -> str:
    """Return the entries as JSON; `made` is when, in ISO 8601."""
    document = {
        "format": FORMAT,
        "heading": words.heading,
        "language": words.lang,
        "made": made,
        "entries": [
            {
                "kind": entry.kind,
                "activity": entry.title or entry.slug,
                "themes": list(entry.themes),
                "date": entry.when[:10],
                "text": entry.text,
            }
            for entry in found
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_markdown(found: Iterable[Entry], words: Words, made: str) -> str:
    """Return the entries as Markdown; `made` is when, in ISO 8601."""
    lines = [f"# {words.title}", "", f"**{words.heading}** ({made[:10]})", ""]
    for entry in found:
        about = [words.kinds[entry.kind], entry.title or entry.slug or "", entry.when[:10]]
        lines += [f"## {' · '.join(part for part in about if part)}", ""]
        if entry.themes:
            lines += [", ".join(entry.themes), ""]
        if entry.text:
            lines += [*(f"> {line}".rstrip() for line in entry.text.split("\n")), ""]
    return "\n".join(lines)


def as_badge(found: Sequence[Entry], words: Words, made: str, ids: Sequence[str]) -> dict[str, Any]:
    """Return an unsigned Open Badges 3.0 AchievementCredential that learners give themselves.

    Issuer and subject are the same person, under an id that is new each time, so that two
    badges say nothing about each other. There is no proof: nobody vouches for it, and the name
    says so.

    Args:
        found: the entries.
        words: what it says.
        made: when, in ISO 8601.
        ids: three new URNs: of the credential, the person and the achievement.
    """
    credential, person, achievement = ids
    themes = sorted({theme for entry in found for theme in entry.themes})
    return {
        "@context": list(CONTEXTS),
        "id": credential,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": f"{words.title} ({words.heading})",
        "description": words.heading,
        "issuer": {"id": person, "type": ["Profile"], "name": words.me},
        "validFrom": made,
        "credentialSubject": {
            "id": person,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": achievement,
                "type": ["Achievement"],
                "name": words.title,
                "description": words.heading,
                "criteria": {"narrative": words.criteria},
                "inLanguage": words.lang,
                **({"tag": themes} if themes else {}),
            },
        },
        "evidence": [
            {
                "type": ["Evidence"],
                "name": entry.title or words.kinds[entry.kind],
                "genre": words.kinds[entry.kind],
                **({"narrative": entry.text} if entry.kind != ACTIVITY else {}),
            }
            for entry in found
        ],
    }
