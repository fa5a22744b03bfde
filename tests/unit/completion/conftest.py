"""People, links and completions in the database of a test."""

from dataclasses import dataclass

import pytest
from connecting import connect
from sqlalchemy import select

from lti_tool.completion import outbox
from lti_tool.completion.models import Completion
from lti_tool.db import db
from lti_tool.launch.models import Learner, ResourceLink
from lti_tool.platforms.models import Platform
from lti_tool.services import services


@dataclass
class Place:
    """One learner at one activity of one platform."""

    platform: Platform
    learner: Learner
    link: ResourceLink

    @property
    def ids(self) -> dict[str, int]:
        return {"learner_id": self.learner.id, "link_id": self.link.id}

    @property
    def held(self) -> Completion | None:
        db.session.flush()
        db.session.expire_all()
        return db.session.scalar(select(Completion).filter_by(**self.ids))


class Ground:
    """Makes places, with numbers for names."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self._count = 0

    def platform(self, family: str = "generic", name: str | None = None) -> Platform:
        self._count += 1
        called = f"lms-{self._count}"
        return connect(
            name or called,
            issuer=f"https://{called}.example",
            family=family,
        )

    def place(self, platform: Platform | None = None, *, course: str = "course") -> Place:
        self._count += 1
        platform = platform or self.platform()
        learner = Learner(
            platform_id=platform.id,
            pseudonym=f"p{self._count}",
            sealed_sub=services().vault.seal(str(self._count)),
        )
        link = ResourceLink(
            deployment_id=platform.deployments[0].id,
            link_id=str(self._count),
            context_id=course,
            line_item=f"https://lms.example/lineitems/{self._count}",
        )
        db.session.add_all([learner, link])
        db.session.commit()
        return Place(platform, learner, link)

    def completed(self, platform: Platform | None = None, **where: str) -> Place:
        return self.complete(self.place(platform, **where))

    def complete(self, place: Place) -> Place:
        """Record the completion, and commit it with all that was changed before."""
        outbox.record(db.session(), **place.ids, now=self.clock())
        db.session.commit()
        return place


@pytest.fixture
def ground(app, clock) -> Ground:
    """Inside the application context of `app`."""
    return Ground(clock)
