"""What every template finds, also in macros that are made once for all pages."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g, render_template_string, url_for

from lti_tool.launch.session import address
from lti_tool.sentences import spoken

PROOF = '{% from "_macros.html" import proof %}{{ proof() }}'


def rendered(app: Flask, template: str, locale: str = "nl", **values: Any) -> str:
    with app.test_request_context("/", base_url="https://tool.example"):
        g.locale = locale
        g.visit = values.pop("visit", None)
        return render_template_string(template, **values)


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_a_text_is_in_the_language_of_its_page(app: Flask, locale: str):
    said = spoken(locale).gettext("What happens")
    assert [rendered(app, '{{ _("What happens") }}', locale) for _ in range(2)] == [said, said]


def test_what_is_put_into_a_text_is_escaped(app: Flask):
    template = '{{ _("About %(minutes)s minutes.", minutes=minutes) }}'
    assert rendered(app, template, "en", minutes="<b>") == "About &lt;b&gt; minutes."


def test_a_doubled_per_cent_sign_is_one(app: Flask):
    assert rendered(app, '{{ _("%(n)s%% of 10%%", n=1) }} {{ _("10%%") }}') == "1% of 10% 10%"


@pytest.mark.parametrize(("number", "said"), [(1, "1 minute"), (2, "2 minutes")])
def test_a_number_chooses_its_words(app: Flask, number: int, said: str):
    template = '{{ ngettext("%(num)d minute", "%(num)d minutes", number) }}'
    assert rendered(app, template, "en", number=number) == said


def test_a_macro_that_is_made_once_shows_each_visit_its_own(app: Flask):
    found = [
        rendered(app, PROOF, visit=SimpleNamespace(form_token=token)) for token in ("one", "two")
    ]
    assert found == [f'<input type="hidden" name="s" value="{token}">' for token in ("one", "two")]


def test_a_page_without_a_visit_finds_none(app: Flask):
    assert rendered(app, "{{ 'somebody' if visit else 'nobody' }}") == "nobody"


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("player.page", {}),
        ("player.step", {"slug": "tuin", "step": 1}),
        ("player.step", {"slug": "tuin", "step": 1, "reaction": 2, "_anchor": "plaats"}),
        ("learner.logbook", {}),
        ("deeplink.preview", {"slug": "tuin", "q": ["a b"], "item": ["x", "y"]}),
    ],
)
def test_an_address_of_a_session_is_that_of_its_route(
    app: Flask, endpoint: str, values: dict[str, Any]
):
    with app.test_request_context("/", base_url="https://tool.example"):
        for session_id in ("A" * 22, "-_" * 11):
            wanted = url_for(endpoint, session_id=session_id, **values)
            assert address(session_id, endpoint, **values) == wanted


def test_a_template_is_looked_up_once(app: Flask, monkeypatch):
    rendered(app, PROOF)
    monkeypatch.setattr(app.jinja_env, "_load_template", None)
    assert rendered(app, '{% include "_macros.html" %}').strip() == ""


def test_a_template_that_may_change_is_looked_up_each_time(app: Flask):
    app.jinja_env.auto_reload = True
    first = app.jinja_env.get_template("base.html")
    app.jinja_env.cache.clear()
    assert app.jinja_env.get_template("base.html") is not first
