"""What a platform remembers, one class per thing. All of it lives in memory."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
COMPLETION_SCOPE = "urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90"
SCOPES = (AGS + "lineitem", AGS + "lineitem.readonly", AGS + "result.readonly", AGS + "score")

KEPT_MESSAGES = 2000


@dataclass(frozen=True)
class Person:
    """Someone invented who uses the platform; `sub` is what the tool gets to know."""

    key: str
    given: str
    family: str
    role: str
    sub: str

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


PEOPLE = (
    ("tess", "Tess", "Vermeer", "designer"),
    ("sam", "Sam", "Bakker", "learner"),
    ("noor", "Noor", "Haddad", "learner"),
)


@dataclass
class Client:
    """A tool as this platform has registered it."""

    client_id: str
    deployment_id: str
    name: str
    login_url: str
    launch_url: str
    redirect_uris: list[str]
    jwks_url: str
    scopes: tuple[str, ...] = SCOPES
    custom: dict[str, str] = field(default_factory=dict)
    active: bool = True


@dataclass
class LineItem:
    """A column of the gradebook, as far as the tool may know about it."""

    label: str = ""
    resource_id: str = ""
    tag: str = ""
    maximum: float = 100
    id: int = 0


@dataclass
class Activity:
    """A resource link in a course.

    Attributes:
        course: id of its course; "" for the one that everybody sees.
        history: resource link ids of what it is a copy of, the latest first.
        course_history: ids of the courses of which its course is a copy, the latest first.
    """

    id: int
    resource_link_id: str
    cmid: int
    client_id: str
    title: str
    text: str = ""
    url: str = ""
    custom: dict[str, str] = field(default_factory=dict)
    line_item: LineItem | None = None
    completion: str = "none"
    hidden: bool = False
    allowed_attempts: int | None = None
    new_window: bool = False
    course: str = ""
    history: tuple[str, ...] = ()
    course_history: tuple[str, ...] = ()


@dataclass
class Completion:
    """A tick. `state` is Moodle's: 0 not done, 1 done, 3 failed."""

    state: int
    at: int
    by: str


@dataclass
class GradeRow:
    """A cell of the gradebook. `grade` is only ever set by a teacher, never by the tool."""

    grade: float | None = None
    at: datetime | None = None
    wiped: int = 0


@dataclass
class Submission:
    """What Canvas keeps when something was handed in."""

    attempt: int
    submitted_at: datetime
    workflow_state: str
    kind: str
    url: str = ""

    def needs_grading(self, row: GradeRow | None) -> bool:
        """Whether the teacher's to-do list shows it: no grade, whatever the points are."""
        return self.workflow_state == "pending_review" or row is None or row.grade is None


@dataclass
class Intent:
    """A launch that was started here and is on its way through the tool."""

    kind: str
    person: Person
    client: Client
    hint: str
    login_hint: str
    target_link_uri: str
    started: float
    lang: str = "nl"
    activity: Activity | None = None
    placement: str = ""
    new_window: bool = False
    forge: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    used: bool = False


@dataclass
class DeepLink:
    """A deep linking request that waits for its one response."""

    intent: Intent
    data: str | None
    accept_multiple: bool
    accept_types: tuple[str, ...]
    used: bool = False


@dataclass(frozen=True)
class AccessToken:
    """A bearer token that this platform issued."""

    client_id: str
    scopes: frozenset[str]
    expires: float


@dataclass
class WebService:
    """How an administrator has set up Moodle's web service."""

    enabled: bool = True
    completion_site: bool = True
    completion_course: bool = True
    capabilities: set[str] = field(
        default_factory=lambda: {
            "webservice/rest:use",
            "moodle/course:view",
            "mod/lti:view",
            "moodle/course:overridecompletion",
        }
    )
    functions: set[str] = field(
        default_factory=lambda: {
            "core_completion_override_activity_completion_status",
            "core_course_get_course_module_by_instance",
        }
    )


@dataclass
class Memory:
    """Everything of one platform that a reset forgets."""

    activities: dict[int, Activity] = field(default_factory=dict)
    completions: dict[tuple[int, str], Completion] = field(default_factory=dict)
    grades: dict[tuple[int, str], GradeRow] = field(default_factory=dict)
    submissions: dict[tuple[int, str], Submission] = field(default_factory=dict)
    views: set[tuple[int, str]] = field(default_factory=set)
    score_times: dict[tuple[int, str], datetime] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    deep_links: dict[str, DeepLink] = field(default_factory=dict)
    nonces: set[tuple[str, str]] = field(default_factory=set)
    jtis: set[tuple[str, str]] = field(default_factory=set)
    tokens: dict[str, AccessToken] = field(default_factory=dict)
    registration_tokens: dict[str, float] = field(default_factory=dict)
    messages: deque[Any] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))
    violations: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    web_service: WebService = field(default_factory=WebService)
    completion_service: bool = True
    login_required: bool = False
    concluded: bool = False
