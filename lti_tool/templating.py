"""How templates are rendered, and what each finds: texts, addresses of files of ours, the visit.

They are found without a template's context, so that a macro that needs no more than these and its
arguments is imported without context, and is then made once, not anew for each page.
"""

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, g, url_for
from flask.sansio.app import App
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template
from markupsafe import Markup
from werkzeug.local import LocalProxy

from lti_tool.sentences import spoken


class Environment(FlaskEnvironment):
    """An environment whose templates have no globals beyond its own.

    Jinja lays a `ChainMap` over the same dictionary for each template, and copies or searches that
    for every template, parent and import of a page: a quarter of rendering one. It also looks up a
    dozen by name for each page; they never change.
    """

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._held: dict[Any, Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """Return a template by its name; a template itself is returned as it is."""
        held = self._held.get(name)
        if held is None:
            held = super().get_template(name, parent, globals)
            if not self.auto_reload:
                self._held[name] = held
        return held

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template."""
        return super().make_globals(d) if d else self.globals


class _Static(dict[str, str]):
    """Addresses of files of ours, by name; a page names a dozen, and they never change."""

    def __missing__(self, name: str) -> str:
        self[name] = found = url_for("static", filename=name)
        return found


def equip(app: Flask, locale: Callable[[], str]) -> None:
    """Give an app's templates `_`, `ngettext`, `static`, `visit` and `locale`.

    Flask-Babel's own `_` looks three times for the request, its language and the catalogue of that
    language, for each text: a fifth of a page of feedback.

    Args:
        app: after Flask-Babel was set up for it, which serves the texts outside templates.
        locale: returns the language of the present page.
    """

    @lru_cache(maxsize=4096)
    def text_in(lang: str, text: str) -> Markup:
        return Markup(spoken(lang).gettext(text))  # noqa: S704 # nosec B704 # ours

    @lru_cache(maxsize=4096)
    def bare_text_in(lang: str, text: str) -> Markup:
        return text_in(lang, text) % {}  # in every text, `%%` is a per cent sign

    def gettext(text: str, **values: Any) -> Markup:
        lang = locale()
        return text_in(lang, text) % values if values else bare_text_in(lang, text)

    def ngettext(one: str, many: str, num: int, **values: Any) -> Markup:
        said = Markup(spoken(locale()).ngettext(one, many, num))  # noqa: S704 # nosec B704 # ours
        return said % {"num": num, **values}

    visit = LocalProxy(lambda: g.get("visit"))
    app.jinja_env.globals.update(
        _=gettext, gettext=gettext, ngettext=ngettext, static=_Static(), visit=visit
    )
    app.context_processor(lambda: {"visit": g.get("visit"), "locale": locale()})
