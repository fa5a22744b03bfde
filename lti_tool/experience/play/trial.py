"""Playing an item with the place in the address: nothing is stored, and nothing is sent.

For an author who previews, a designer who looks before choosing, and a group that plays together.
The pages are the player's own.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import Blueprint, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lti_tool.completion.status import Status
from lti_tool.experience.document import markdown
from lti_tool.experience.document.model import Item
from lti_tool.experience.play import followup, kinds, pages
from lti_tool.experience.play.engine import NotPossible
from lti_tool.experience.play.kinds import Place, kind_of
from lti_tool.experience.play.pages import Address, Around
from lti_tool.experience.play.reading import Reading
from lti_tool.web import page as render


class Host(Protocol):
    """The session in which a trial takes place, or what stands in for one."""

    @property
    def locale(self) -> str:
        """`nl` or `en`."""

    @property
    def cookieless(self) -> bool:
        """Whether pages carry the session themselves."""

    @property
    def form_token(self) -> str:
        """What proves that a form is ours."""

    def url(self, endpoint: str, **values: Any) -> str:
        """Return the address of another page."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tried.

    Attributes:
        host: where.
        item: what.
        shelf: its files.
        titles: the titles of those of some micro-modules that can be opened, by slug.
        values: what the trial's routes need beside the slug, such as the session's id.
        texts: texts kept until the trial ends, by place; nothing keeps them longer.
        nearby: a place at a node, when the way to it has changed; None for none.
        way_out: the address of the page from which the trial was begun; None for none.
    """

    host: Host
    item: Item
    shelf: Any
    titles: Callable[[Collection[str]], Mapping[str, str]]
    values: Mapping[str, Any]
    texts: dict[str, str]
    nearby: Callable[[str], Place | None] = lambda _text: None
    way_out: str | None = None


@dataclass(frozen=True, slots=True)
class TrialVisit:
    """Stands in for a learner's session on the player's pages."""

    subject: Subject
    trial: str
    state: str
    designer: bool = True
    return_url: str | None = None
    item: None = None
    """What a link opens: a trial has none."""

    @property
    def locale(self) -> str:
        """The host's."""
        return self.subject.host.locale

    @property
    def cookieless(self) -> bool:
        """The host's."""
        return self.subject.host.cookieless

    @property
    def form_token(self) -> str:
        """The host's."""
        return self.subject.host.form_token

    @property
    def way_out(self) -> str | None:
        """Where the trial was begun."""
        return self.subject.way_out

    def url(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page of this trial, or of its host."""
        room, _, name = endpoint.partition(".")
        if room != "player":
            return self.subject.host.url(endpoint, **values)
        return url_for(f"{self.trial}.{name}", **self.subject.values, **values, state=self.state)


@dataclass(frozen=True)
class Trial:
    """The views of a trial; a heir may `dress` the pages otherwise, and `moved` may know more.

    Attributes:
        name: of the blueprint.
        enter: from the values of a route to what is tried; raises when there is none.
    """

    name: str
    enter: Callable[..., Subject]

    def dress(
        self,
        subject: Subject,  # noqa: ARG002 - for heirs
        place: Place,  # noqa: ARG002 - for heirs
        page: pages.Page,
    ) -> pages.Page:
        """Return a page as this kind of trial shows it."""
        return page

    def moved(self, subject: Subject, place: Place, act: str, form: Mapping[str, str]) -> Place:
        """Return where a form leads.

        Raises:
            NotPossible: when this place does not offer it.
        """
        if act == "replay" and "node" not in form:
            return kind_of(subject.item).start(subject.item)
        move = _MOVES.get(act)
        if move is None:
            return place
        return kinds.move(subject.item, place, move[0], *(form.get(one, "") for one in move[1]))

    def marks(self, act: str, form: Mapping[str, str]) -> dict[str, str]:
        """Return what the address of the page says on top of the place."""
        return {"nothing": "1"} if act == "react" and not form.get("choice") else {}

    def play(self, slug: str, step: int = 0, reaction: int | None = None, **values: Any) -> Any:
        """Show the present step, or an earlier one that the address names."""
        subject = self.enter(slug=slug, **values)
        place = _place(subject)
        g.visit = TrialVisit(subject, self.name, _text(subject.item, place))
        around = self._around(subject, place)
        wanted = Address(step, reaction) if "step" in (request.view_args or {}) else None
        shown = wanted and pages.earlier(subject.item, place, wanted, around)
        nothing = "nothing" in request.args
        shown = shown or pages.page(subject.item, place, around, nothing_chosen=nothing)
        return _render(self.dress(subject, place, shown))

    def act(self, slug: str, act: str, **values: Any) -> ResponseReturnValue:
        """Make a move, or none where the place does not offer it, and show where that leads."""
        subject = self.enter(slug=slug, **values)
        place = _place(subject)
        form = request.form
        if "text" in form and (form["text"].strip() or act == "forget"):
            subject.texts[form.get("place", "")] = form["text"].strip()
        if act == "forget":
            subject.texts.pop(form.get("place", ""), None)
        with suppress(NotPossible):  # a form from before a change; the page shows what there is now
            place = self.moved(subject, place, act, form)
        return self._onward(subject, place, **self.marks(act, form))

    def chair(self, slug: str, **values: Any) -> Any:
        """Show the way once more from another's chair."""
        subject = self.enter(slug=slug, **values)
        place = _place(subject)
        g.visit = TrialVisit(subject, self.name, _text(subject.item, place))
        shown = pages.chair(subject.item, place, self._around(subject, place))
        return _render(shown) if shown else self.play(slug, **values)

    def follow_up(self, slug: str, **values: Any) -> ResponseReturnValue:
        """Give the look back as a calendar file."""
        subject = self.enter(slug=slug, **values)
        planned = kind_of(subject.item).follow_up(subject.item, _place(subject))
        if planned is None:
            raise NotFound
        uid = f"{subject.item.id}@trial.proeftuin"
        text = followup.calendar(
            [markdown.to_text(planned.prompt)],
            day=followup.days(g.now, planned.after_days).planned,
            title=subject.item.title,
            uid=uid,
            now=g.now,
        )
        return Response(text, mimetype="text/calendar")

    def read(self, slug: str, module: str, **values: Any) -> ResponseReturnValue:
        """Show a micro-module that feedback leads on to."""
        subject = self.enter(slug=slug, **values)
        other = self.enter(slug=module, **values)
        g.visit = TrialVisit(subject, self.name, _text(subject.item, _place(subject)))
        if kind_of(other.item) is not kinds.MICROMODULE:
            raise NotFound
        page = pages.page(other.item, Reading(), self._around(other, Reading()))
        return _render(pages.Page("player/reading.html", page.context | {"back": slug}))

    def _around(self, subject: Subject, place: Place) -> Around:
        ended = kind_of(subject.item).ended(subject.item, place)
        now: datetime = g.now
        return Around(
            kept=subject.texts,
            status=Status("none"),
            shelf=subject.shelf,
            titles=subject.titles,
            ended_at=now if ended else None,
        )

    def _onward(self, subject: Subject, place: Place, **marks: str) -> ResponseReturnValue:
        address = pages.address_of(place).values()
        values = {"slug": subject.item.id, **subject.values, **address}
        text = _text(subject.item, place)
        if subject.host.cookieless:
            g.trial_state = text
            request.view_args = values
            answer: ResponseReturnValue = self.play(**values)
            return answer
        marked: dict[str, Any] = {**values, **marks, "state": text}
        return redirect(url_for(f"{self.name}.step", **marked), 303)


_MOVES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "react": ("react", ("choice", "sure")),
    "next": ("proceed", ()),
    "another": ("retry", ()),
    "finish": ("finish", ()),
    "replay": ("retry_from", ("node",)),
}
"""From the form that was sent to the move, and the fields that it takes."""

_ENDPOINTS = {
    "react": "react",
    "next": "proceed",
    "another": "another",
    "finish": "finish",
    "declare": "declare",
    "replay": "replay",
    "keep": "keep",
    "forget": "forget",
    "resend-mine": "resend_mine",
}


def blueprint(
    trial: Trial, prefix: str, guard: Callable[[Any], Any] = lambda view: view
) -> Blueprint:
    """Return the routes of a trial, named as the player's are.

    Args:
        trial: the views.
        prefix: of the addresses; with the values that `Trial.enter` takes.
        guard: put around every view, such as `Visits.designing`.
    """
    bp = Blueprint(trial.name, __name__, url_prefix=prefix)
    for rules, name, show in (
        (("/",), "play", trial.play),
        (("/<int:step>", "/<int:step>/<int:reaction>"), "step", trial.play),
        (("/followup.ics",), "follow_up", trial.follow_up),
        (("/chair",), "chair", trial.chair),
        (("/read/<module>",), "read", trial.read),
    ):
        view = guard(show)
        for rule in rules:
            bp.add_url_rule(f"/<slug>{rule}", name, view, methods=["GET", "POST"])
    for act, name in _ENDPOINTS.items():
        bp.add_url_rule(
            f"/<slug>/{act}", name, guard(trial.act), defaults={"act": act}, methods=["POST"]
        )
    return bp


def _place(subject: Subject) -> Place:
    """Return where the reader is; after a change that removed the way there, nearby."""
    kind, text = kind_of(subject.item), g.get("trial_state") or request.args.get("state", "")
    if not text:
        return kind.start(subject.item)
    try:
        return kind.load(subject.item, text)
    except NotPossible:
        return subject.nearby(text) or kind.start(subject.item)


def _text(item: Item, place: Place) -> str:
    return kind_of(item).dump(place)


def _render(page: pages.Page) -> Response:
    return render(page.template, page.status, **page.context)
