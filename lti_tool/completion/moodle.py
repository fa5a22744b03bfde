"""A Moodle site's own web service, as far as we use it: two functions, POST only.

By POST, because the token would otherwise stand in an address, and so in somebody's log.
"""

import re
from dataclasses import dataclass
from typing import Any

from lti_tool.platforms.http import Answer, HttpClient

BY_INSTANCE = "core_course_get_course_module_by_instance"
OVERRIDE = "core_completion_override_activity_completion_status"
FUNCTIONS = (OVERRIDE, BY_INSTANCE)
"""What the external service in Moodle must contain."""

COMPLETE = 1


class MoodleAnswered(Exception):
    """Moodle's web service refused; it does so with HTTP status 200.

    Attributes:
        errorcode: Moodle's word for the reason: letters, digits and underscores only.
    """

    def __init__(self, errorcode: str) -> None:
        super().__init__(f"Moodle answered {errorcode}")
        self.errorcode = errorcode


class NotMoodle(Exception):
    """An answer that Moodle's web service does not give: a page, an error of the server.

    Attributes:
        answer: what came.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"HTTP status {answer.status} without an answer of the web service")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class CourseModule:
    """An activity in a course.

    Attributes:
        id: Moodle's course module id.
        tracking: how it is completed: 0 not at all, 1 by hand, 2 automatically.
    """

    id: int
    tracking: int


@dataclass(frozen=True, slots=True)
class Tick:
    """Moodle's answer to an override.

    Attributes:
        state: 0 incomplete, 1 complete, 2 passed, 3 failed.
        tracking: as in `CourseModule`; 0 means that nothing was written.
    """

    state: int
    tracking: int


class MoodleService:
    """Calls the web service of one site.

    Args:
        http: the outbound client.
        url: address of `webservice/rest/server.php`.
        token: the web service token, never logged.
    """

    def __init__(self, http: HttpClient, url: str, token: str) -> None:
        self._http = http
        self._url = url
        self._token = token

    def course_module(self, instance: str) -> CourseModule:
        """Return the course module of an LTI activity.

        Args:
            instance: the activity's id in Moodle, which launches call `resource_link.id`.

        Raises:
            MoodleAnswered, NotMoodle, Unreachable: see `call`.
        """
        answer = self.call(BY_INSTANCE, module="lti", instance=instance)
        module = answer.get("cm")
        module = module if isinstance(module, dict) else {}
        if not isinstance(module.get("id"), int):
            raise MoodleAnswered("no_course_module")
        return CourseModule(module["id"], _number(module, "completion"))

    def override_completion(self, module_id: int, user_id: str, state: int = COMPLETE) -> Tick:
        """Set one person's completion of an activity.

        Args:
            module_id: the course module.
            user_id: Moodle's id of the person, which launches call `sub`.
            state: `COMPLETE`; anything but 0 and 1 changes nothing and is answered with
                `err_system` once all rights are there, which is how they can be tried out.

        Raises:
            MoodleAnswered, NotMoodle, Unreachable: see `call`.
        """
        answer = self.call(OVERRIDE, userid=user_id, cmid=str(module_id), newstate=str(state))
        return Tick(_number(answer, "state"), _number(answer, "tracking"))

    def call(self, function: str, **values: str) -> dict[str, Any]:
        """Call a function and return its answer.

        Raises:
            MoodleAnswered: Moodle said no.
            NotMoodle: something else answered.
            Unreachable: nothing did.
        """
        answer = self._http.post(
            self._url,
            data={
                "wstoken": self._token,
                "wsfunction": function,
                "moodlewsrestformat": "json",
                **values,
            },
        )
        try:
            body = answer.json() if answer.ok else None
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise NotMoodle(answer)
        if "exception" in body or "errorcode" in body:
            raise MoodleAnswered(_word(body.get("errorcode")))
        return body


def _number(values: dict[str, Any], name: str) -> int:
    value = values.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _word(value: object) -> str:
    """Return Moodle's code as one short word, whatever was sent."""
    return re.sub(r"\W", "", str(value), flags=re.ASCII)[:40] or "unknown"
