"""What runs and reflections keep about people."""

import json
from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.clock import iso_millis
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item, Version
from lti_tool.experience.play.models import HINT, SENTENCE, Note, PartDone, Reflection, Run
from lti_tool.keeping import (
    ONLY_YOU,
    UNTIL_ERASED,
    Kept,
    Row,
    moment,
    school_year_cutoff,
    unsealed,
)
from lti_tool.vault import Vault

RUNS_KEPT = timedelta(days=90)
"""After the last step: a way that was not ended, and the fact that one was."""


def _runs(session: Session, vault: Vault, learner_id: int, own: bool) -> Iterator[Row]:
    found = session.execute(
        select(Item.slug, Version.title, Version.number, Run.touched_at, Run.ended_at, Run.state)
        .join(Version, Version.id == Run.version_id)
        .join(Item, Item.id == Run.item_id)
        .where(Run.learner_id == learner_id)
        .order_by(Run.touched_at, Run.id)
    )
    for slug, title, number, touched_at, ended_at, state in found:
        row: Row = {
            "item": slug,
            "title": title,
            "version": number,
            "last_step": iso_millis(touched_at),
            "ended": None if ended_at is None else iso_millis(ended_at),
        }
        if own:
            way = unsealed(vault, state)
            row["way"] = json.loads(way) if way and way.startswith("{") else None
        yield row


def _reflections(session: Session, vault: Vault, learner_id: int, own: bool) -> Iterator[Row]:
    found = session.execute(
        select(
            Item.slug,
            catalogue.newest_title(Item.slug),
            Reflection.node,
            Reflection.saved_at,
            Reflection.sealed_text,
        )
        .join(Item, Item.id == Reflection.item_id)
        .where(Reflection.learner_id == learner_id)
        .order_by(Reflection.saved_at, Reflection.id)
    )
    for slug, title, node, saved_at, sealed in found:
        row: Row = {"item": slug, "title": title, "place": node, "saved": iso_millis(saved_at)}
        if own:
            row["text"] = unsealed(vault, sealed)
        yield row


def _notes(session: Session, vault: Vault, learner_id: int, own: bool) -> Iterator[Row]:
    found = session.execute(
        select(
            Note.id,
            Item.slug,
            catalogue.newest_title(Item.slug),
            Note.kind,
            Note.day,
            Note.saved_at,
            Note.sealed_text,
        )
        .outerjoin(Item, Item.id == Note.item_id)
        .where(Note.learner_id == learner_id)
        .order_by(Note.saved_at, Note.id)
    )
    for number, slug, title, kind, day, saved_at, sealed in found:
        row: Row = {
            "number": number,
            "kind": kind,
            "item": slug,
            "title": title,
            "comes_back": None if day is None else day.isoformat(),
            "saved": iso_millis(saved_at),
        }
        if own:
            row["text"] = unsealed(vault, sealed)
        yield row


def _note_line(row: Row) -> str:
    if row["kind"] == HINT:
        what = _("A hint that you kept")
    elif row["kind"] == SENTENCE:
        what = _("Your sentence")
    else:
        what = _("Your own words")
    parts = [what, row["title"] or "", moment(row["saved"])]
    return " · ".join(part for part in parts if part)


def _run_line(row: Row) -> str:
    if row["ended"]:
        said = _("ended on %(when)s; your way was wiped then.", when=moment(row["ended"]))
    else:
        said = _(
            "last step on %(when)s; kept so that you can go on where you were.",
            when=moment(row["last_step"]),
        )
    return f"{row['title']} · {said}"


def _reflection_line(row: Row) -> str:
    return f"{row['title'] or row['item'] or '…'} · {moment(row['saved'])}"


RUNS = Kept(
    name="runs",
    table=Run,
    columns={
        "state": "where somebody is",
        "farewell": "the way of a run that ended, for the tab in which it ended",
        "touched_at": "the hour of the last step",
        "ended_at": "the hour of the end",
        "item_id": "which item",
        "version_id": "which version of it",
        "link_id": "in which course",
    },
    title=_l("Your way through an activity"),
    why=_l("So that you can stop and go on later. The way is wiped at the ending."),
    how_long=_l("90 days after your last step there."),
    who=ONLY_YOU,
    rows=_runs,
    line=_run_line,
    lapses=lambda now: Run.touched_at < now - RUNS_KEPT,
    sealed=(Run.state,),
)

REFLECTIONS = Kept(
    name="reflections",
    table=Reflection,
    columns={
        "sealed_text": "what somebody wrote",
        "node": "where in the item",
        "item_id": "in which item",
        "saved_at": "the hour of saving",
    },
    title=_l("What you saved yourself"),
    why=_l("Only because you pressed Save: to find it again."),
    how_long=UNTIL_ERASED,
    who=ONLY_YOU,
    rows=_reflections,
    line=_reflection_line,
    lapses=lambda now: Reflection.saved_at < school_year_cutoff(now),
    sealed=(Reflection.sealed_text,),
)


def _parts(session: Session, _vault: Vault, learner_id: int, _own: bool) -> Iterator[Row]:
    found = session.execute(
        select(Item.slug, catalogue.newest_title(Item.slug), PartDone.done_at)
        .join(Item, Item.id == PartDone.item_id)
        .where(PartDone.learner_id == learner_id)
        .order_by(PartDone.done_at, Item.slug)
    )
    for slug, title, done_at in found:
        yield {"item": slug, "title": title, "done": iso_millis(done_at)}


def _part_line(row: Row) -> str:
    said = _("done on %(when)s.", when=moment(row["done"]))
    return f"{row['title']} · {said}"


PARTS = Kept(
    name="parts",
    table=PartDone,
    columns={
        "item_id": "which item of a preparation was done",
        "link_id": "in which course",
        "done_at": "the hour in which it was done",
    },
    title=_l("What you did of a preparation"),
    why=_l("So that your learning environment can hear when all of it is done, and you see it."),
    how_long=_l("At most three months after the end of the school year."),
    who=_l("Only you."),
    rows=_parts,
    line=_part_line,
    lapses=lambda now: PartDone.done_at < school_year_cutoff(now),
)

NOTES = Kept(
    name="notes",
    table=Note,
    columns={
        "sealed_text": "a hint, a sentence or own words",
        "kind": "which of these",
        "day": "from which day a sentence is asked about",
        "item_id": "about which item",
        "saved_at": "the hour of saving",
    },
    title=_l("What you kept in your logbook"),
    why=_l("Only because you asked for it: to find it again, or to be asked about it."),
    how_long=UNTIL_ERASED,
    who=ONLY_YOU,
    rows=_notes,
    line=_note_line,
    lapses=lambda now: Note.saved_at < school_year_cutoff(now),
    sealed=(Note.sealed_text,),
)

KEPT = (RUNS, PARTS, REFLECTIONS, NOTES)
