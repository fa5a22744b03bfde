"""A worker that is killed at any step loses no completion and shows none twice."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lti_tool.completion.models import DELIVERED, Completion
from lti_tool.db import db
from lti_tool.sandbox.world.faults import Fault

KILLS = 200
PROFILES = ("strict", "moodle", "canvas")
STEPS = {
    "claim",
    "commit claim",
    "send",
    "before a request",
    "after its answer",
    "settle",
    "commit settle",
    "settled",
}


class Mortal:
    """The worker program; one process per life."""

    def __init__(self, settings, clock) -> None:
        self._clock = clock
        given = {
            "base_url": settings.base_url,
            "database_url": settings.database_url,
            "secret_key": settings.secret_key,
            "keys_dir": str(settings.keys_dir),
            "allow_private_platforms": True,
        }
        program = Path(__file__).with_name("mortal.py")
        self._process = subprocess.Popen(
            [sys.executable, str(program), json.dumps(given)],
            # A machine's own list of whom to trust is long, and each life would read it again.
            env={name: value for name, value in os.environ.items() if name != "REQUESTS_CA_BUNDLE"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def live(self, die_at: int = 0) -> str:
        """Deliver, and die at a step; returns its name, or "" when life was too short for it."""
        order = {"now": self._clock().isoformat(), "die_at": die_at}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the worker ended by itself"
        told = json.loads(line)
        assert told["killed"] == bool(told["at"])
        return told["at"]

    def stop(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


@pytest.fixture
def worlds_on(make_world, turning, request):
    """Make a world of every profile on a database, and a worker for them."""
    workers = []

    def make(database: str):
        url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
        world_of = make_world(url)
        worlds = [world_of(profile) for profile in PROFILES]
        workers.append(Mortal(worlds[0].tool.settings, turning))
        return worlds, workers[0]

    yield make
    for worker in workers:
        worker.stop()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_hundred_deaths_lose_nothing_and_double_nothing(worlds_on, database, turning):
    rng = random.Random(20261121)
    worlds, mortal = worlds_on(database)
    told: list[tuple[object, object, str]] = []
    deaths: Counter[str] = Counter()
    activities = {}
    while deaths.total() < KILLS:
        world = worlds[len(told) % len(worlds)]
        who = ("sam", "noor")[len(told) // len(worlds) % 2]
        if who == "sam":
            wishes = {"allowed_attempts": 1} if world.lms.name == "canvas" else {}
            activities[world.lms.name] = world.activity(**wishes)
        activity = activities[world.lms.name]
        world.complete(activity, who)
        told.append((world, activity, who))
        if rng.random() < 0.3:
            kind = rng.choice(["500", "429", "timeout", "lost_reply"])
            target = rng.choice(["services", "services", "token"])
            world.lms.faults.add(Fault(target, kind, count=rng.randint(1, 2), seconds=0.01))
        at = mortal.live(rng.randint(1, 16))
        if at:
            deaths[at] += 1
        turning.turn(seconds=rng.choice([1, 40, 200, 4000]))
    assert set(deaths) == STEPS, "every step was a last one"

    for world in worlds:
        world.lms.faults.clear()
    for _ in range(40):
        mortal.live()
        turning.turn(hours=7)

    db.session.expire_all()
    states = dict(
        db.session.execute(select(Completion.state, func.count()).group_by(Completion.state)).all()
    )
    assert states == {DELIVERED: len(told)}
    for world, activity, who in told:
        assert world.lms.is_done(activity, world.sub(who))
        if world.lms.name == "canvas":
            assert world.lms.memory.submissions[activity.id, world.sub(who)].attempt == 1
    assert sum(len(world.lms.memory.completions) for world in worlds) == len(told)
    assert all(world.lms.memory.grades == {} for world in worlds)
