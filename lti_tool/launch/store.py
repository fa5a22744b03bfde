"""What a launch leaves behind: person, link, and the session it opens.

A launch of a known person on a known link is one statement, a transaction of its own; of a new
person on a known link three. Where there is more to write, or something to refuse, the rest is
found out first and written in one transaction.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from lti_tool.clock import full_hour
from lti_tool.db import upsert
from lti_tool.errors import ToolError
from lti_tool.hot import Hot
from lti_tool.launch.claims import Launch
from lti_tool.launch.models import LaunchSession, Learner, ResourceLink
from lti_tool.launch.statements import FIND, MEET, MEET_NEW, OPEN, OPEN_KNOWN
from lti_tool.platforms.models import ACTIVE, BLOCKED, PENDING, Deployment
from lti_tool.vault import Vault, fingerprint

IDLE = timedelta(hours=3)
"""Since the full hour in which a session was last seen: two to three hours in all."""

ABSOLUTE = timedelta(hours=8)
"""Since the full hour in which a session began."""

MAX_PENDING = 50
"""Unknown deployments that are remembered per platform, for `platforms approve`."""


class LaunchStore:
    """Stores launches.

    Args:
        session: gives the database session to use.
        engine: gives the engine, where one statement is all there is to do.
        vault: pseudonyms and seals.
    """

    def __init__(
        self, session: Callable[[], Session], engine: Callable[[], Engine], vault: Vault
    ) -> None:
        self._session = session
        self._engine = engine
        self._vault = vault

    def open(
        self,
        launch: Launch,
        platform_id: int,
        session_id: str,
        now: datetime,
        *,
        cookieless: bool,
    ) -> str:
        """Open the session of a launch. Commits.

        Args:
            launch: the verified launch.
            platform_id: where it came from.
            session_id: follows from the login state, so that each state opens one session.
            now: the time of the request.
            cookieless: whether the pages must carry the token.

        Returns:
            The session's token, for the browser alone.

        Raises:
            ToolError: `state-used` for a replay; `platform-blocked`, `deployment-blocked` or
                `deployment-unknown` (which remembers the deployment for approval).
        """
        pseudonym = self._vault.pseudonym(launch.issuer, launch.sub)
        item = launch.item or ""
        values = {
            "id": session_id,
            "token_hash": fingerprint(token := secrets.token_urlsafe(32)),
            "cookieless": cookieless,
            "platform_id": platform_id,
            "designer": launch.rights.designer,
            "locale": launch.locale,
            "return_url": launch.return_url,
            "deep_linking": launch.deep_linking and json.dumps(asdict(launch.deep_linking)),
            "answered": False,
            "seen_at": full_hour(now),
            "expires_at": full_hour(now) + ABSOLUTE,
        }
        wanted = {
            "context_id": launch.context_id,
            "line_item": launch.line_item if launch.can_score else None,
            "completion_url": launch.completion_url,
        }
        known = {
            "platform": platform_id,
            "deployment": launch.deployment_id,
            "pseudonym": pseudonym,
            "link": launch.link_id,
            "item": item,
        }
        with self._engine().connect() as connection:
            said = {f"new_{name}": value for name, value in values.items()} | known | wanted
            if _wrote(connection, OPEN_KNOWN, said) or (
                self._met(connection, launch, said) and _wrote(connection, OPEN_KNOWN, said)
            ):
                connection.commit()
                return token
            found = connection.execute(FIND, known).one_or_none()
        if found is None or found[0] != ACTIVE:
            raise ToolError("platform-blocked")
        _, deployment, status, learner, link, *kept = found
        session = self._session()
        if deployment is None:
            self._note_deployment(session, platform_id, launch.deployment_id, now)
        if status != ACTIVE:
            raise ToolError("deployment-blocked" if status == BLOCKED else "deployment-unknown")
        learner = learner or self._upsert_learner(session, platform_id, pseudonym, launch)
        if launch.link_id is not None and (link is None or kept != list(wanted.values())):
            link = self._upsert_link(session, deployment, launch, item, wanted)
        ids = {"deployment_id": deployment, "learner_id": learner, "link_id": link}
        connection = session.connection()
        opened = connection.execute(OPEN[connection.dialect.name], values | ids)
        if opened.first() is None:
            session.rollback()
            raise ToolError("state-used")
        session.commit()
        return token

    def _met(self, connection: Connection, launch: Launch, said: dict[str, Any]) -> bool:
        """Insert a person whom nobody here knows. Commits.

        Returns:
            False where there is nobody to insert, or more to be found out first.
        """
        if self._vault.old_pseudonym(launch.issuer, launch.sub) is not None:
            return False  # who is known by the key that is being replaced is looked for
        if not _wrote(connection, MEET_NEW, said | {"sealed_sub": self._vault.seal(launch.sub)}):
            return False
        connection.commit()
        return True

    def sweep(self, now: datetime) -> None:
        """Delete sessions that have ended. Commits."""
        session = self._session()
        session.execute(
            delete(LaunchSession).where(
                (LaunchSession.expires_at < now) | (LaunchSession.seen_at < now - IDLE)
            )
        )
        session.commit()

    def answer_once(self, session_id: str) -> bool:
        """Note that a deep linking request was answered, by one atomic statement.

        Args:
            session_id: of the session that the request opened. The caller commits.

        Returns:
            False when it was answered before.
        """
        done = self._session().execute(
            update(LaunchSession)
            .where(LaunchSession.id == session_id, LaunchSession.answered.is_(False))
            .values(answered=True)
            .returning(LaunchSession.id)
        )
        return done.first() is not None

    def _note_deployment(
        self, session: Session, platform_id: int, deployment_id: str, now: datetime
    ) -> None:
        """Remember a deployment that waits for approval, unless too many wait already."""
        waiting = session.scalar(
            select(func.count())
            .select_from(Deployment)
            .where(Deployment.platform_id == platform_id, Deployment.status == PENDING)
        )
        if (waiting or 0) >= MAX_PENDING:
            return
        values = {"platform_id": platform_id, "deployment_id": deployment_id}
        upsert(session, Deployment, values | {"status": PENDING, "created_at": now})
        session.commit()

    def _upsert_learner(
        self, session: Session, platform_id: int, pseudonym: str, launch: Launch
    ) -> int:
        """Insert the learner, or find the one that a launch beside this one inserted.

        Who is known by the pseudonym of a secret key that is being replaced keeps everything,
        and is known by the new one from now on.
        """
        sealed_sub = self._vault.seal(launch.sub)
        old = self._vault.old_pseudonym(launch.issuer, launch.sub)
        if old is not None:
            twin = aliased(Learner)
            session.execute(
                update(Learner)
                .where(
                    Learner.platform_id == platform_id,
                    Learner.pseudonym == old,
                    ~exists().where(twin.platform_id == platform_id, twin.pseudonym == pseudonym),
                )
                .values(pseudonym=pseudonym, sealed_sub=sealed_sub)
                .execution_options(synchronize_session=False)
            )
        connection = session.connection()
        found: int = connection.execute(
            MEET[connection.dialect.name],
            {"platform_id": platform_id, "pseudonym": pseudonym, "sealed_sub": sealed_sub},
        ).scalar_one()
        return found

    def _upsert_link(
        self,
        session: Session,
        deployment: int,
        launch: Launch,
        item: str,
        values: dict[str, str | None],
    ) -> int:
        """Insert the link, or bring it up to date; a copy opens what its original opens."""
        first = dict(values, copied_from=launch.copied_from)
        if launch.copied_from is not None:
            chosen = session.execute(
                select(ResourceLink.opens, ResourceLink.opens_version).where(
                    ResourceLink.deployment_id == deployment,
                    ResourceLink.link_id == launch.copied_from,
                    ResourceLink.item == item,
                )
            ).one_or_none()
            first |= chosen._asdict() if chosen else {}
        key = {"deployment_id": deployment, "link_id": launch.link_id, "item": item}
        found: int = upsert(
            session,
            ResourceLink,
            key | first,
            unique=list(key),
            change=values,
            returning=[ResourceLink.id],
        ).scalar_one()
        return found


def touch(session: Session, session_id: str, now: datetime) -> None:
    """Note that a session is in use. The caller commits."""
    session.execute(
        update(LaunchSession).where(LaunchSession.id == session_id).values(seen_at=full_hour(now))
    )


def _wrote(connection: Connection, statements: Mapping[str, Hot], given: dict[str, Any]) -> bool:
    """Execute a dialect's statement; tell whether it wrote a row."""
    return bool(statements[connection.dialect.name].rows(connection, given))
