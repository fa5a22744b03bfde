"""The statements with which a launch is stored.

Those that are a dictionary have a form for each database, by the name of its dialect.
"""

from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, exists, or_, select

from lti_tool.db import alone, upsert_statement
from lti_tool.hot import Hot
from lti_tool.launch.models import LaunchSession, Learner, ResourceLink
from lti_tool.platforms.models import ACTIVE, Deployment, Platform

_THE_LINK = and_(
    ResourceLink.deployment_id == Deployment.id,
    ResourceLink.link_id == bindparam("link"),
    ResourceLink.item == bindparam("item"),
)
_TAKEN = and_(
    Platform.id == bindparam("platform"),
    Platform.status == ACTIVE,
    Deployment.deployment_id == bindparam("deployment"),
    Deployment.status == ACTIVE,
)
"""That launches are taken from this deployment."""

FIND = (
    select(
        Platform.status,
        Deployment.id,
        Deployment.status,
        Learner.id,
        ResourceLink.id,
        ResourceLink.context_id,
        ResourceLink.line_item,
        ResourceLink.completion_url,
    )
    .select_from(Platform)
    .outerjoin(
        Deployment,
        and_(
            Deployment.platform_id == Platform.id,
            Deployment.deployment_id == bindparam("deployment"),
        ),
    )
    .outerjoin(
        Learner,
        and_(Learner.platform_id == Platform.id, Learner.pseudonym == bindparam("pseudonym")),
    )
    .outerjoin(ResourceLink, _THE_LINK)
    .where(Platform.id == bindparam("platform"))
)
"""All that a launch must know, in one round trip."""

_SAID = (
    "id",
    "token_hash",
    "cookieless",
    "platform_id",
    "designer",
    "locale",
    "return_url",
    "deep_linking",
    "answered",
    "seen_at",
    "expires_at",
)
"""The columns of a session that the launch itself fills in; the others are ids of ours."""


def _said(name: str) -> Any:
    return bindparam(f"new_{name}", type_=LaunchSession.__table__.c[name].type)


_AS_WANTED = [
    column.is_not_distinct_from(bindparam(column.key, type_=column.type))
    for column in (
        ResourceLink.context_id,
        ResourceLink.line_item,
        ResourceLink.completion_url,
    )
]
_KNOWN = (
    select(
        *(_said(name).label(name) for name in _SAID),
        Deployment.id.label("deployment_id"),
        Learner.id.label("learner_id"),
        ResourceLink.id.label("link_id"),
    )
    .select_from(Platform)
    .join(Deployment, Deployment.platform_id == Platform.id)
    .join(Learner, Learner.platform_id == Platform.id)
    .outerjoin(ResourceLink, and_(_THE_LINK, *_AS_WANTED))
    .where(
        _TAKEN,
        Learner.pseudonym == bindparam("pseudonym"),
        or_(bindparam("link", type_=String).is_(None), ResourceLink.id.is_not(None)),
    )
)
"""The session of a launch of which all is known and nothing has changed; else no row."""

OPEN_KNOWN = {
    dialect: Hot(
        alone(
            upsert_statement(
                dialect, LaunchSession, rows=_KNOWN, unique=["id"], returning=[LaunchSession.id]
            )
        )
    )
    for dialect in ("postgresql", "sqlite")
}
OPEN = {
    dialect: upsert_statement(dialect, LaunchSession, unique=["id"], returning=[LaunchSession.id])
    for dialect in ("postgresql", "sqlite")
}
"""Both open a session, unless its id is taken: then the login state was used before."""

_NEW = (
    select(
        bindparam("platform", type_=Integer).label("platform_id"),
        bindparam("pseudonym", type_=String).label("pseudonym"),
        bindparam("sealed_sub", type_=String).label("sealed_sub"),
    )
    .select_from(Platform)
    .join(Deployment, Deployment.platform_id == Platform.id)
    .where(_TAKEN, ~exists().where(LaunchSession.id == _said("id")))
)
MEET_NEW = {
    dialect: Hot(alone(upsert_statement(dialect, Learner, rows=_NEW, returning=[Learner.id])))
    for dialect in ("postgresql", "sqlite")
}
"""Inserts a person who is not known yet, where launches are taken and this one was not before."""

MEET = {
    dialect: upsert_statement(
        dialect,
        Learner,
        unique=["platform_id", "pseudonym"],
        change={"pseudonym": Learner.pseudonym},  # nothing, so that its id is returned
        returning=[Learner.id],
    )
    for dialect in ("postgresql", "sqlite")
}
"""Inserts a person, or finds the one that a launch beside this one inserted."""
