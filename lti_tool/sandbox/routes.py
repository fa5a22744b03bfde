"""The addresses that the tool calls, or sends a browser to, on each platform."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from flask import Flask, Response, make_response, render_template, request

from lti_tool.sandbox.protocol import deeplink, oidc, registration, tokens
from lti_tool.sandbox.protocol.toolkeys import ToolKeys
from lti_tool.sandbox.services import ags, completion, moodle_ws
from lti_tool.sandbox.services.exchange import Exchange, Handler, tool_facing
from lti_tool.sandbox.services.inspector import record
from lti_tool.sandbox.world.habits import Reply
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.store import Lms

Refused = Callable[[Refusal], Reply | Response]


def register(app: Flask, platforms: list[Lms]) -> None:
    """Add every platform's protocol endpoints to `app`."""
    for lms in platforms:
        _register_one(app, lms)


def _register_one(app: Flask, lms: Lms) -> None:
    paths, keys = lms.habits.paths, ToolKeys(lms)

    def add(
        path: str,
        name: str,
        handler: Handler,
        refused: Refused,
        *,
        kind: str = "",
        target: str = "",
    ) -> None:
        """One address; GET, POST, PUT and DELETE all arrive, the handler decides."""
        rule = f"/{lms.name}{path.partition('?')[0]}".replace("{id}", "<int:line_item_id>")
        rule = rule.replace("{activity}", "<int:activity_id>")
        app.add_url_rule(
            rule,
            f"{lms.name}.{name}",
            tool_facing(lms, kind or name, partial(handler, lms), refused, target=target),
            methods=["GET", "POST", "PUT", "DELETE"],
        )

    def service_refused(refusal: Refusal) -> Reply:
        status = lms.habits.score_statuses.get(refusal.code, 400)
        return lms.habits.service_refusal(status, refusal)

    def service(path: str, name: str, handler: Handler, kind: str) -> None:
        add(path, name, handler, service_refused, kind=kind, target="services")

    def issue(_lms: Lms, exchange: Exchange) -> Reply:
        return tokens.issue(lms, keys, exchange)

    def deep_link_return(_lms: Lms, exchange: Exchange) -> Response:
        return _deep_link_return(lms, keys, exchange)

    token_refused = lms.habits.token_refusal
    page_refused = partial(_page_refused, lms, lms.habits.deep_linking_status)
    registration_refused = partial(registration.refused, lms)
    add(paths.auth, "auth", _auth, partial(_auth_refused, lms))
    add(paths.jwks, "jwks", _jwks, token_refused, target="jwks")
    add(paths.token, "token", issue, token_refused, target="token")
    add(paths.deep_link_return, "deep_link", deep_link_return, page_refused)
    add(paths.configuration, "configuration", registration.configuration, registration_refused)
    add(paths.registration, "registration", registration.register, registration_refused)
    service(paths.line_item + "/scores", "scores", ags.post_score, "score")
    service(paths.line_items, "line_items", ags.list_line_items, "line_items")
    service(paths.line_item, "line_item", ags.show_line_item, "line_items")
    service(paths.line_item + "/results", "results", ags.refuse_results, "line_items")
    if paths.completion:
        add(paths.completion, "completion", completion.serve, completion.refused, target="services")
    if lms.habits.family == "moodle":
        add(
            moodle_ws.PATH,
            "web_service",
            moodle_ws.serve,
            moodle_ws.refused,
            target="services",
        )


def _jwks(lms: Lms, _exchange: Exchange) -> Reply:
    headers = (("Cache-Control", "public, max-age=3600"),)
    return Reply(200, json.dumps(lms.keys.jwks()), headers=headers)


def _parameters() -> dict[str, list[str]]:
    values = request.args.to_dict(flat=False)
    for name, sent in request.form.to_dict(flat=False).items():
        values[name] = values.get(name, []) + sent
    return values


def _auth(lms: Lms, exchange: Exchange) -> Response:
    """The browser comes back from the tool: send it on with a signed message."""
    form, claims = oidc.authorize(lms, _parameters())
    exchange.answer = {"form_post": form.action}
    exchange.afterwards = partial(
        record, lms, "id_token", to="tool", method="POST", url=form.action, sent=claims
    )
    return autopost(form.action, form.fields)


def _auth_refused(lms: Lms, refusal: Refusal) -> Response:
    form = oidc.error_form(lms, oidc.first_values(_parameters()), refusal)
    if form is not None:
        return autopost(form.action, form.fields)
    answer = lms.habits.auth_answers.get(refusal.code)
    return _page_refused(lms, answer.status if answer else 400, refusal)


def _page_refused(lms: Lms, status: int, refusal: Refusal) -> Response:
    return make_response(
        render_template("refused.html", lms=lms, refusal=refusal, status=status), status
    )


def autopost(action: str, fields: dict[str, str]) -> Response:
    """A page whose only form posts itself; without JavaScript it has a button."""
    return make_response(render_template("autopost.html", action=action, fields=fields))


def _deep_link_return(lms: Lms, keys: ToolKeys, exchange: Exchange) -> Response:
    """The tool's choice comes back through the browser."""
    ticket = request.args.get(lms.habits.paths.ticket_field, "")
    received = deeplink.receive(lms, keys, exchange, ticket, request.form.get("JWT"))
    exchange.answer = {
        "created": [activity.title for activity in received.created],
        "left_out": [f"{title}: {why.text('en')}" for title, why in received.left_out],
    }
    intent = received.deep_link.intent
    page = render_template("added.html", lms=lms, received=received, person=intent.person)
    return make_response(page)
