"""One delivery, as a small state machine: claim (committed), send, settle (committed).

At least once: a claim that is not settled, because its worker died, ends by itself, and the
completion is sent again. That doubles nothing, because every channel repeats the same message
(see `channels`). Any number of workers may run: one completion has one claim, and whoever lost
it settles nothing.
"""

import logging
import random
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from lti_tool.clock import Clock
from lti_tool.completion import backoff, turns
from lti_tool.completion.channels import Channels
from lti_tool.completion.channels.base import Delivery, Link, Outcome
from lti_tool.completion.models import DELIVERED, PARKED, WAITING, Completion
from lti_tool.completion.obstacles import OBSTACLES, Next
from lti_tool.platforms.models import Platform
from lti_tool.vault import BrokenSeal, Vault

CLAIM = timedelta(minutes=3)
"""Longer than a delivery can take: at most four calls, each bounded by the HTTP client."""

LONGEST = {Next.RETRY: 6 * 3600.0, Next.PAUSE: 900.0}
"""The longest wait between tries, in seconds; short for a platform that may be back any time."""

Step = Callable[[str], None]
"""Told before each step which one comes; tests let the process die there."""

Told = Callable[[str, str, timedelta], None]
"""Told of every try: the completion's new state, the obstacle or "", and the completion's age."""

log = logging.getLogger("proeftuin")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A completion that this worker, and no other, may deliver until its claim ends."""

    id: int
    claim: str
    tries: int
    platform: Platform
    link: Link
    sealed_sub: str
    completed_at: datetime
    stamped_at: datetime


class Courier:
    """Delivers completions; what it claimed may be delivered on any thread.

    Args:
        sessions: makes a database session that keeps loaded rows usable after its end.
        channels: the ways out.
        vault: unseals whom a completion is about.
        clock: the time.
        rng: spreads waits; its own when left out.
        step: told of every step.
        told: told of every try.
    """

    def __init__(
        self,
        sessions: Callable[[], Session],
        channels: Channels,
        vault: Vault,
        clock: Clock,
        *,
        rng: random.Random | None = None,
        step: Step = lambda _name: None,
        told: Told = lambda *_: None,
    ) -> None:
        self._sessions = sessions
        self._channels = channels
        self._vault = vault
        self._clock = clock
        self._rng = rng or random.SystemRandom()
        self._step = step
        self._told = told

    def deliver_next(self) -> str | None:
        """Deliver the completion whose turn it is.

        Returns:
            Its new state, or None when nothing is due.
        """
        claimed = self.claim()
        return self.deliver(claimed) if claimed else None

    def claim(self, busy: Collection[int] = ()) -> Claimed | None:
        """Take one due completion for `CLAIM`; its timestamp is stored before it is sent.

        Args:
            busy: ids of platforms that are to have no more couriers just now.
        """
        self._step("claim")
        passed = set(busy)
        while True:
            now = self._clock()
            with self._sessions() as session, session.begin():
                platform = turns.next_platform(session, now, passed)
                if platform is None:
                    return None
                turns.serve(session, platform.id, now)
                row = turns.next_of(session, platform.id, now)
                if row is None:  # other workers hold all of this platform
                    passed.add(platform.id)
                    continue
                token = secrets.token_urlsafe(16)
                # A clock that was ahead must not date a completion later than now.
                completed_at = min(row.completed_at, now)
                taken = session.execute(
                    update(Completion)
                    .where(Completion.id == row.id, Completion.due_at == row.due_at)
                    .values(
                        claim=token,
                        due_at=now + CLAIM,
                        tries=Completion.tries + 1,
                        stamped_at=now,
                        completed_at=completed_at,
                    )
                    .returning(Completion.tries)
                ).first()
                self._step("commit claim")
            if taken is not None:
                return Claimed(
                    id=row.id,
                    claim=token,
                    tries=taken.tries,
                    platform=platform,
                    link=Link(row.link_id, row.line_item, row.completion_url),
                    sealed_sub=row.sealed_sub,
                    completed_at=completed_at,
                    stamped_at=now,
                )

    def deliver(self, claimed: Claimed) -> str:
        """Tell the LMS, and store what became of it; return the completion's new state.

        No transaction is open while the LMS is asked.
        """
        self._step("send")
        outcome = self._send(claimed)
        self._step("settle")
        state = self._settle(claimed, outcome)
        age = self._clock() - claimed.completed_at
        self._told(state, outcome.obstacle or "", age)
        self._step("settled")
        return state

    def _send(self, claimed: Claimed) -> Outcome:
        try:
            delivery = Delivery(
                platform=claimed.platform,
                link=claimed.link,
                sub=self._vault.unseal(claimed.sealed_sub),
                completed_at=claimed.completed_at,
                stamped_at=claimed.stamped_at,
            )
            return self._channels.deliver(delivery)
        except BrokenSeal:
            return Outcome("person-unreadable")
        except Exception:
            # A mistake of ours about one completion must not stop all the others.
            log.exception("delivery failed", extra={"platform": claimed.platform.name})
            return Outcome("internal")

    def _settle(self, claimed: Claimed, outcome: Outcome) -> str:
        """Store what became of it, if the claim is still ours."""
        now = self._clock()
        code = outcome.obstacle
        wait = self._wait(outcome, claimed.tries, now) if code else None
        values: dict[str, object] = {"claim": None, "obstacle": code}
        if code is None:
            state = DELIVERED
            values |= {"due_at": None, "delivered_at": now}
        elif wait is None:
            state = PARKED
            values |= {"due_at": None}
        else:
            state = WAITING
            values |= {"due_at": now + wait}
        with self._sessions() as session, session.begin():
            session.execute(
                update(Completion)
                .where(Completion.id == claimed.id, Completion.claim == claimed.claim)
                .values(state=state, **values)
            )
            if code and OBSTACLES[code].then is Next.PAUSE:
                self._pause(session, claimed.platform, outcome, now)
            self._step("commit settle")
        if code:
            log.warning(
                "not delivered",
                extra={"code": code, "platform": claimed.platform.name, "count": claimed.tries},
            )
        return state

    def _wait(self, outcome: Outcome, tries: int, now: datetime) -> timedelta | None:
        """Return how long this completion waits; None to park it."""
        obstacle = OBSTACLES[outcome.obstacle or ""]
        if obstacle.then is Next.PARK:
            return None
        asked = backoff.retry_after(outcome.retry_after, now)
        if asked is not None:
            return self._a_bit_more_than(asked)
        seconds = backoff.wait(
            tries, base=obstacle.seconds, longest=LONGEST[obstacle.then], rng=self._rng
        )
        return timedelta(seconds=seconds)

    def _pause(self, session: Session, platform: Platform, outcome: Outcome, now: datetime) -> None:
        """Leave a platform alone: as long as it asked, else as long as the problem takes.

        The pause does not grow: it is one request per pause that finds out whether the
        platform is back, and none of the others has to wait for what one of them went through.
        """
        asked = backoff.retry_after(outcome.retry_after, now)
        seconds = OBSTACLES[outcome.obstacle or ""].seconds if asked is None else asked
        until = now + self._a_bit_more_than(seconds)
        session.execute(
            update(Platform)
            .where(
                Platform.id == platform.id,
                or_(Platform.paused_until.is_(None), Platform.paused_until < until),
            )
            .values(paused_until=until)
        )

    def _a_bit_more_than(self, seconds: float) -> timedelta:
        """Spread what a platform asked for, never to less."""
        return timedelta(seconds=seconds * self._rng.uniform(1.0, 1.25) + 1)
