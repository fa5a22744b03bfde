"""One platform at work: its people, tools, course and memory.

One `Lms` per profile; every change happens while its `lock` is held.
"""

from __future__ import annotations

import itertools
import secrets
import threading

from lti_tool.sandbox.world.faults import Faults
from lti_tool.sandbox.world.habits import CompletionSetting, Habits
from lti_tool.sandbox.world.keys import SigningKeys
from lti_tool.sandbox.world.records import (
    COMPLETION_SCOPE,
    PEOPLE,
    Activity,
    Client,
    Completion,
    LineItem,
    Memory,
    Person,
)
from lti_tool.sandbox.world.settings import SandboxSettings


class Lms:
    """One platform: an issuer with its own keys, people, course and habits."""

    def __init__(self, settings: SandboxSettings, habits: Habits) -> None:
        self.settings = settings
        self.habits = self._own_habits = habits
        self.lock = threading.RLock()
        self.keys = SigningKeys()
        self.stopping = threading.Event()
        self.faults = Faults()
        self.memory = Memory()
        self._numbers = itertools.count(1)
        self._line_items = itertools.count(1)
        self.people = {
            key: Person(key, given, family, role, habits.subs[key])
            for key, given, family, role in PEOPLE
        }
        self.clients: dict[str, Client] = {}
        self._first_client()

    def _first_client(self) -> None:
        tool = self.settings.tool_url
        client = Client(
            client_id=self.habits.client_id,
            deployment_id=self.habits.deployment_id,
            name="Proeftuin",
            login_url=f"{tool}/lti/login",
            launch_url=f"{tool}/lti/launch",
            redirect_uris=[f"{tool}/lti/launch"],
            jwks_url=f"{tool}/lti/jwks.json",
            custom={"link_history": "$ResourceLink.id.history"},
        )
        self.clients = {client.client_id: client}

    @property
    def name(self) -> str:
        """The profile's name: strict, moodle or canvas."""
        return self.habits.name

    @property
    def issuer(self) -> str:
        """The platform's issuer, also the address below which its endpoints are."""
        return f"{self.settings.base_url}/{self.habits.name}"

    @property
    def client(self) -> Client:
        """The tool that the course uses: the one that was activated last."""
        return [client for client in self.clients.values() if client.active][-1]

    @property
    def ws_token(self) -> str:
        """The token of Moodle's web service: 32 hex characters, the same at every start."""
        return self.settings.derived(f"{self.name} web service token")[:32]

    def url(self, endpoint: str) -> str:
        """The address of a protocol endpoint: a field of `Paths` that needs no value filled in."""
        return self.issuer + str(getattr(self.habits.paths, endpoint))

    def line_items_url(self, client: Client) -> str:
        """The line item container of `client`."""
        return self.url("line_items") + self._query(client)

    def line_item_url(self, item: LineItem, client: Client) -> str:
        """The address of one line item, with the query that this platform's habit adds."""
        return self.url("line_item").replace("{id}", str(item.id)) + self._query(client)

    @property
    def offers_completion(self) -> bool:
        """Whether the platform has the completion service, and it is switched on."""
        return bool(self.habits.paths.completion) and self.memory.completion_service

    def completion_url(self, activity: Activity) -> str:
        """The address of one activity's completion service."""
        return self.url("completion").replace("{activity}", str(activity.id))

    def scopes_of(self, client: Client) -> tuple[str, ...]:
        """What `client` may ask for: what it registered, and what is open to every tool."""
        return client.scopes + ((COMPLETION_SCOPE,) if self.offers_completion else ())

    def _query(self, client: Client) -> str:
        return self.habits.paths.service_query.replace("{deployment}", client.deployment_id)

    def now(self) -> float:
        """Seconds since 1970 by the sandbox's clock."""
        return self.settings.clock()

    def person_by_sub(self, sub: str) -> Person | None:
        """The person whom the tool knows as `sub`."""
        return next((p for p in self.people.values() if p.sub == sub), None)

    @property
    def learners(self) -> list[Person]:
        """The people in the course who learn."""
        return [person for person in self.people.values() if person.role == "learner"]

    def setting(self, activity: Activity) -> CompletionSetting:
        """How `activity` is completed."""
        return self.habits.completion_setting(activity.completion)

    def add_activity(
        self,
        client: Client,
        title: str,
        *,
        text: str = "",
        url: str = "",
        custom: dict[str, str] | None = None,
        line_item: LineItem | None = None,
        completion: str | None = None,
        new_window: bool = False,
    ) -> Activity:
        """Put an activity in the course; ids are never used twice, not even after a reset.

        Raises:
            KeyError: this platform has no completion setting called `completion`.
        """
        with self.lock:
            number = next(self._numbers)
            activity = Activity(
                id=number,
                resource_link_id=self.habits.resource_link_id(number),
                cmid=number + 100,
                client_id=client.client_id,
                title=title,
                text=text,
                url=url,
                custom=dict(custom or {}),
                new_window=new_window,
            )
            if line_item is None and self.habits.always_line_item:
                line_item = LineItem(label=title)
            if line_item is not None:
                activity.line_item = LineItem(
                    label=line_item.label or title,
                    resource_id=line_item.resource_id,
                    tag=line_item.tag,
                    maximum=line_item.maximum,
                    id=next(self._line_items),
                )
            activity.completion = completion or self.habits.default_completion(activity)
            self.habits.completion_setting(activity.completion)
            self.memory.activities[number] = activity
            return activity

    def copy_activity(self, activity: Activity, course: str = "") -> Activity:
        """A duplicate, as a course copy makes it: new resource link id, same url and custom.

        Measured on Moodle 4.5: the line item's resourceId and tag survive too.

        Args:
            activity: what is copied.
            course: id of the new course; "" to copy within the course.
        """
        copy = self.add_activity(
            self.clients[activity.client_id],
            activity.title,
            text=activity.text,
            url=activity.url,
            custom=activity.custom,
            line_item=activity.line_item,
            completion=activity.completion,
            new_window=activity.new_window,
        )
        copy.course, copy.history = activity.course, activity.history
        copy.course_history = activity.course_history
        if course:
            before = activity.course or self.habits.context_id
            copy.course, copy.course_history = course, (before, *activity.course_history)
            copy.history = (activity.resource_link_id, *activity.history)
        return copy

    def activity_of(self, line_item_id: int) -> Activity | None:
        """The activity that this line item belongs to."""
        for activity in self.memory.activities.values():
            if activity.line_item and activity.line_item.id == line_item_id:
                return activity
        return None

    def complete(self, activity: Activity, sub: str, by: str) -> Completion:
        """Tick `activity` for `sub`; an existing tick stays as it is."""
        with self.lock:
            known = self.memory.completions.get((activity.id, sub))
            if known and known.state >= 1:
                return known
            tick = Completion(state=1, at=int(self.now()), by=by)
            self.memory.completions[activity.id, sub] = tick
            return tick

    def viewed(self, activity: Activity, person: Person) -> None:
        """Note that a learner opened the activity's page."""
        if person.role == "learner":
            with self.lock:
                self.memory.views.add((activity.id, person.sub))
                self.settle(activity, person.sub)

    def settle(self, activity: Activity, sub: str) -> None:
        """Tick what its setting completes by itself: by a view, by a grade, or by both."""
        setting, key = self.setting(activity), (activity.id, sub)
        row = self.memory.grades.get(key)
        met = [key in self.memory.views] if setting.on_view else []
        if setting.on_grade:
            met.append(row is not None and row.grade is not None)
        if met and all(met):
            self.complete(activity, sub, "grade" if setting.on_grade else "view")

    def is_done(self, activity: Activity, sub: str) -> bool:
        """Whether the platform shows a tick."""
        tick = self.memory.completions.get((activity.id, sub))
        return bool(tick and tick.state >= 1)

    def reset_completions(self, activity: Activity | None = None) -> int:
        """Forget ticks, as an LMS does on "unlock completion"; returns how many went."""
        with self.lock:
            gone = [
                key for key in self.memory.completions if activity is None or key[0] == activity.id
            ]
            for key in gone:
                del self.memory.completions[key]
            return len(gone)

    def reset(self) -> None:
        """Forget everything but the keys, the people and the tool that was there first."""
        with self.lock:
            self.habits = self._own_habits
            self.memory = Memory()
            self.faults.clear()
            self._first_client()

    def ticket(self) -> str:
        """A fresh one-time value."""
        return secrets.token_urlsafe(18)

    def count(self, what: str) -> None:
        """Count one more of `what`."""
        with self.lock:
            self.memory.counts[what] = self.memory.counts.get(what, 0) + 1
