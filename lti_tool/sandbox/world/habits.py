"""What may differ between learning platforms: the columns of the table in `profiles`.

Nothing in the flow asks which profile it serves; it asks a `Habits` row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lti_tool.sandbox.services.score import Score
    from lti_tool.sandbox.world.reasons import Refusal
    from lti_tool.sandbox.world.records import Activity, Intent, LineItem
    from lti_tool.sandbox.world.store import Lms


class Text(NamedTuple):
    """One sentence for people, in both languages of the sandbox."""

    nl: str
    en: str

    def in_(self, lang: str) -> str:
        """The text in `lang` ("nl" or "en")."""
        return self.en if lang == "en" else self.nl


class Reply(NamedTuple):
    """An HTTP answer to a service call, before Flask sees it."""

    status: int
    body: str
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


class AuthAnswer(NamedTuple):
    """How a refused authentication request is answered.

    `error` is set when the platform posts the error back to the redirect URI
    (OpenID Connect Core §3.1.2.6); otherwise the platform shows a page with `status`.
    """

    status: int = 200
    error: str = ""


@dataclass(frozen=True)
class Paths:
    """Where a platform's endpoints are, below its issuer.

    `{id}` stands for a line item, `{activity}` for an activity, `{deployment}` for the deployment
    id, `{ticket}` for the one-time value that makes a deep linking return address unique.
    """

    auth: str
    token: str
    jwks: str
    line_items: str
    line_item: str
    deep_link_return: str
    configuration: str
    registration: str
    service_query: str = ""
    completion: str = ""
    ticket_field: str = "ticket"


@dataclass(frozen=True)
class Placement:
    """A place in the LMS from which a designer can add activities.

    Without a `label` there is no button for it on the course's page.
    """

    name: str
    label: Text | None = None
    accept_multiple: bool = True
    accept_types: tuple[str, ...] = ("ltiResourceLink",)
    auto_create: bool = False


@dataclass(frozen=True)
class CompletionSetting:
    """A way in which this LMS can decide that an activity is done.

    `tracking` is Moodle's number for it (0 none, 1 manual, 2 automatic).
    """

    key: str
    label: Text
    tracking: int = 2
    on_view: bool = False
    on_grade: bool = False


@dataclass(frozen=True)
class Habits:
    """One row: everything that one family of platforms does in its own way."""

    name: str
    family: str
    product: str
    title: Text
    blurb: Text
    paths: Paths
    client_id: str
    deployment_id: str
    context_id: str
    subs: Mapping[str, str]
    roles: Mapping[str, tuple[str, ...]]

    # launch
    login_method: str
    login_fields: Callable[[Lms, Intent], dict[str, str]]
    login_hint: Callable[[str], str]
    message_hint: Callable[[Lms, Intent], str]
    launch_claims: Callable[[Lms, Intent], dict[str, Any]]
    id_token_seconds: int
    auth_answers: Mapping[str, AuthAnswer]
    state_required: bool
    storage_target: str
    resource_link_id: Callable[[int], str]
    variables: tuple[str, ...]

    # service tokens
    token_refusal: Callable[[Refusal], Reply]
    token_content_type: str
    issued_at_ahead: int
    issued_at_age: int | None
    jti_once: bool
    jwks_cached: bool
    unknown_scopes_dropped: bool

    # deep linking
    placements: tuple[Placement, ...]
    deep_linking_settings: Mapping[str, Any]
    deep_linking_status: int
    bad_item_refuses_all: bool
    check_line_item: Callable[[Mapping[str, Any], bool], LineItem]
    always_line_item: bool
    completion_settings: tuple[CompletionSetting, ...]
    default_completion: Callable[[Activity], str]

    # scores
    score_statuses: Mapping[str, int]
    service_refusal: Callable[[int, Refusal], Reply]
    timestamp_pattern: str
    timestamp_ahead: float | None
    timestamp_passes: Callable[[datetime, datetime], bool]
    progress_checked: bool
    on_score: Callable[[Lms, Activity, str, Score], Reply]

    # the page around the tool
    answers_messages: bool
    privacy: str = "anonymous"
    storage_answers: str = "right"
    throttle_status: int = 429
    extra: Mapping[str, Any] = field(default_factory=dict)

    def completion_setting(self, key: str) -> CompletionSetting:
        """The setting called `key`; raises `KeyError` when this LMS has none of that name."""
        for setting in self.completion_settings:
            if setting.key == key:
                return setting
        raise KeyError(key)
