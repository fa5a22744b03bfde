"""Several workers beside each other on one PostgreSQL, as the operator runs them."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from lti_tool.clock import system_clock
from lti_tool.completion.models import DELIVERED, WAITING, Completion
from lti_tool.completion.worker import PER_PLATFORM
from lti_tool.db import db
from lti_tool.launch.models import ResourceLink
from lti_tool.sandbox.world.faults import Throttle
from lti_tool.sandbox.world.records import LineItem

WORKERS = 2


@pytest.fixture
def busy_course(make_world, postgres_url):
    """Make a strict LMS with many activities that two learners have completed."""
    world = make_world(postgres_url)("strict")
    world.lms.settings = replace(world.lms.settings, clock=time.time)

    def fill(activities: int):
        platform = world.platform
        made = [
            world.lms.add_activity(world.lms.client, "Oefening", line_item=LineItem())
            for _ in range(activities)
        ]
        links = [
            ResourceLink(
                deployment_id=platform.deployments[0].id,
                link_id=activity.resource_link_id,
                line_item=world.lms.line_item_url(activity.line_item, world.lms.client),
            )
            for activity in made
        ]
        db.session.add_all(links)
        db.session.flush()
        now = system_clock()
        db.session.add_all(
            Completion(
                learner_id=world.learner(who).id,
                link_id=link.id,
                platform_id=platform.id,
                completed_at=now,
                state=WAITING,
                due_at=now,
            )
            for who in ("sam", "noor")
            for link in links
        )
        db.session.commit()
        return world

    return fill


@pytest.fixture
def start():
    """Start `proeftuin outbox send`; whatever still runs at the end is killed."""
    running = []

    def begin(world, *words: str) -> subprocess.Popen:
        settings = world.tool.settings
        process = subprocess.Popen(
            [sys.executable, "-m", "lti_tool", "outbox", "send", *words],
            env={
                **os.environ,
                "PROEFTUIN_ENV": "development",
                "PROEFTUIN_BASE_URL": settings.base_url,
                "PROEFTUIN_DATABASE_URL": settings.database_url,
                "PROEFTUIN_SECRET_KEY": settings.secret_key,
                "PROEFTUIN_KEYS_DIR": str(settings.keys_dir),
                "PROEFTUIN_ALLOW_PRIVATE_PLATFORMS": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def delivered() -> int:
    db.session.rollback()
    return db.session.scalar(
        select(func.count()).where(Completion.state == DELIVERED, Completion.claim.is_(None))
    )


def test_two_thousand_completions_are_each_sent_once(busy_course, start):
    world = busy_course(1000)
    workers = [start(world) for _ in range(WORKERS)]
    shares = []
    for process in workers:
        said, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        assert "to be tried again: 0, parked: 0" in said
        shares.append(int(said.split()[1].rstrip(",")))
    assert delivered() == 2000
    assert sum(shares) == 2000
    assert min(shares) > 200, "both did their part"
    counts = world.lms.memory.counts
    assert counts["score:accepted"] == 2000
    assert len(world.lms.memory.score_times) == 2000, "one message per person and activity"
    assert not counts.get("score:refused")


def test_workers_together_keep_to_what_a_throttling_lms_allows(busy_course, start):
    world = busy_course(30)
    world.lms.faults.set_throttle(Throttle(10, 0.5))
    workers = [start(world, "--watch") for _ in range(WORKERS)]
    until = time.monotonic() + 120
    while delivered() < 60 and time.monotonic() < until:
        time.sleep(0.1)
    for process in workers:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 0, "told to stop, it ends what it was doing and stops"
    assert delivered() == 60
    # Each courier can run into the limit once before all know; then they leave the LMS alone.
    assert 0 < world.lms.memory.counts["throttled"] <= WORKERS * PER_PLATFORM * (60 // 10)
    assert world.lms.memory.counts["score:accepted"] == 60
