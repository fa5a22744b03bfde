"""The little of edx-platform that `lti_consumer` asks for, kept honest and small.

The package reaches the LMS through `lti_consumer.plugin.compat` and through the services of an
XBlock runtime. Here are one course, a runtime that builds the package's own `LtiConsumerXBlock`,
and a gradebook. What a launch says about person, course and link is made by that block, not here.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from crum import get_current_user
from django.contrib.auth.models import AbstractBaseUser, User
from lti_consumer.exceptions import LtiError
from lti_consumer.lti_xblock import LtiConsumerXBlock
from lti_consumer.plugin import compat
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.core import XBlockMixin
from xblock.fields import DateTime, ScopeIds, Timedelta
from xblock.reference.user_service import XBlockUser
from xblock.runtime import DictKeyValueStore, KvsFieldData, MemoryIdManager, Runtime

COURSE_KEY = CourseKey.from_string("course-v1:Interop+Startklaar+2026")
COURSE_STAFF = "staff"

_FIELD_DATA = KvsFieldData(DictKeyValueStore())
_IDS = MemoryIdManager()

published_grades: list[dict[str, Any]] = []
"""The gradebook: every grade that a block published, as `{"user_id", "value", "max_value"}`."""


@dataclass(frozen=True)
class Course:
    """The course in which every block stands."""

    id: CourseKey = COURSE_KEY
    display_name_with_default: str = "Startklaar 2026"
    display_org_with_default: str = "Interop"
    lti_passports: list[str] = field(default_factory=list)


class InheritedFields(XBlockMixin):
    """Dates that edx-platform mixes into every block."""

    start = DateTime(default=None)
    due = DateTime(default=None)
    graceperiod = Timedelta(default=None)


def role_of(user: AbstractBaseUser) -> str:
    """Return the course role of a person: the name of their one group."""
    return user.groups.get().name


def external_user_id(user: AbstractBaseUser) -> str:
    """Return the opaque id that tools see, a UUID as edx-platform's `external_user_ids` makes."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"interop:{user.pk}"))


class UserService:
    """The runtime service through which a block learns who is there."""

    def __init__(self, user: AbstractBaseUser) -> None:
        self._user = user

    def get_current_user(self) -> XBlockUser:
        """Return the person that the block is bound to."""
        person = XBlockUser(
            is_current_user=True,
            emails=[self._user.email],
            full_name=self._user.get_full_name(),
        )
        person.opt_attrs.update(
            {
                "edx-platform.is_authenticated": True,
                "edx-platform.user_id": self._user.pk,
                "edx-platform.username": self._user.username,
                "edx-platform.user_role": role_of(self._user),
                "edx-platform.user_is_staff": False,
            }
        )
        return person

    def get_external_user_id(self, type_name: str) -> str:
        """Return the id that tools see; `type_name` is "lti" for this block."""
        return external_user_id(self._user)


class RebindUserService:
    """edx-platform swaps the person of a block that was loaded without one before grading."""

    def rebind_noauth_module_to_user(self, block: LtiConsumerXBlock, user: User) -> None:
        """Bind `block` to `user`."""
        block.scope_ids = block.scope_ids._replace(user_id=user.pk)


class CourseRuntime(Runtime):
    """Builds blocks over one in-memory store and takes the grades that they publish."""

    def publish(self, block: LtiConsumerXBlock, event_type: str, event_data: dict) -> None:
        """Write a published grade into the gradebook."""
        if event_type == "grade":
            published_grades.append(dict(event_data))

    def handler_url(self, block, handler_name, suffix="", query="", thirdparty=False):
        """Refuse: LTI 1.3 uses no block handlers."""
        raise NotImplementedError(handler_name)

    def resource_url(self, resource):
        """Refuse: no block is rendered here."""
        raise NotImplementedError(resource)

    def local_resource_url(self, block, uri):
        """Refuse: no block is rendered here."""
        raise NotImplementedError(uri)


def load_block(location: UsageKey, user: AbstractBaseUser | None = None) -> LtiConsumerXBlock:
    """Return the package's own block at `location`, bound to `user` when one is given."""
    services: dict[str, Any] = {"field-data": _FIELD_DATA, "rebind_user": RebindUserService()}
    if user is not None:
        services["user"] = UserService(user)
    runtime = CourseRuntime(_IDS, _IDS, services=services, mixins=(InheritedFields,))
    scope = ScopeIds(user and user.pk, "lti_consumer", location, location)
    return runtime.construct_xblock_from_class(LtiConsumerXBlock, scope)


def load_block_as_user(location: UsageKey) -> LtiConsumerXBlock:
    """Return the block bound to the person of the current request, if there is one."""
    user = get_current_user()
    return load_block(location, user if user and user.is_authenticated else None)


def get_course_by_id(course_key: CourseKey) -> Course:
    """Return the course."""
    return Course(course_key)


def get_user_from_external_user_id(external_id: str) -> User:
    """Return whose external id this is.

    Raises:
        LtiError: for nobody's id, as the real lookup does.
    """
    for user in User.objects.all():
        if external_user_id(user) == external_id:
            return user
    raise LtiError("Invalid User")


def user_course_access(course, user, action, **checks) -> bool:
    """Tell whether somebody may read the course: whoever has a role in it."""
    return user.is_authenticated and user.groups.exists()


def user_has_access(user, action, block, course_key) -> bool:
    """Tell whether somebody may open the block: whoever may read the course."""
    return user_course_access(None, user, action)


def user_has_studio_write_access(user, course_key) -> bool:
    """Tell whether somebody may change the course: its staff."""
    return user.is_authenticated and user.groups.filter(name=COURSE_STAFF).exists()


def install() -> None:
    """Put the functions above where the package looks for edx-platform's."""
    compat.load_enough_xblock = load_block
    compat.load_block_as_user = load_block_as_user
    compat.get_course_by_id = get_course_by_id
    compat.get_user_from_external_user_id = get_user_from_external_user_id
    compat.user_course_access = user_course_access
    compat.user_has_access = user_has_access
    compat.user_has_studio_write_access = user_has_studio_write_access
