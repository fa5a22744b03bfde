"""What an LMS does around the LTI views: sign in, place a block, open it, look at the records.

Nothing here speaks LTI. Every message is built and every answer is judged by `lti_consumer`.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any

import edx
from django.contrib.auth import login
from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from lti_consumer.api import (
    config_id_for_block,
    get_lti_1p3_content_url,
    get_lti_1p3_launch_info,
)
from lti_consumer.models import LtiAgsScore, LtiConfiguration, LtiDlContentItem
from lti_consumer.utils import get_lti_ags_lineitems_url
from opaque_keys.edx.keys import UsageKey

_SHOWN_IN_STUDIO = ("client_id", "deployment_id", "oidc_callback", "token_url", "keyset_url")

_exchanges: list[dict[str, Any]] = []


class RecordExchanges:
    """Middleware that keeps every request to the LTI views, as the bytes came in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Record method, path, media type and body, with the status that answered them."""
        if not request.path.startswith("/api/"):
            return self._get_response(request)
        body = request.body.decode("utf-8", "replace")
        response = self._get_response(request)
        _exchanges.append(
            {
                "method": request.method,
                "path": request.path,
                "content_type": request.content_type,
                "body": body,
                "status": response.status_code,
            }
        )
        return response


@require_GET
def exchanges(request: HttpRequest) -> HttpResponse:
    """Answer every exchange so far, oldest first."""
    return JsonResponse(_exchanges, safe=False)


@require_GET
def log_in(request: HttpRequest) -> HttpResponse:
    """Sign `user` in with the course role `role` (an Open edX word: student, staff, …).

    Answers the id under which tools know the person.
    """
    user, _ = User.objects.get_or_create(username=request.GET["user"])
    role, _ = Group.objects.get_or_create(name=request.GET["role"])
    user.groups.set([role])
    login(request, user)
    return HttpResponse(edx.external_user_id(user), content_type="text/plain")


@csrf_exempt
@require_POST
def add_block(request: HttpRequest) -> HttpResponse:
    """Place an LTI block with a tool of its own, and answer what Studio shows for the tool.

    The body is JSON: `login_url`, `launch_url` and one of `keyset_url` and `public_key` (PEM);
    optionally `custom`, a list of `key=value` lines as an author types them.
    """
    wanted = json.loads(request.body)
    block_id = uuid.uuid4()
    block = edx.load_block(_location(block_id))
    block.display_name = "Practice"
    block.lti_version = LtiConfiguration.LTI_1P3
    block.config_type = "database"
    block.has_score = True
    block.custom_parameters = wanted.get("custom", [])
    block.save()

    configuration = LtiConfiguration.objects.get(config_id=config_id_for_block(block))
    configuration.lti_1p3_oidc_url = wanted["login_url"]
    configuration.lti_1p3_launch_url = wanted["launch_url"]
    configuration.lti_advantage_deep_linking_enabled = True
    configuration.lti_advantage_deep_linking_launch_url = wanted["launch_url"]
    configuration.save()
    passport = configuration.lti_1p3_passport
    passport.lti_1p3_tool_keyset_url = wanted.get("keyset_url", "")
    passport.lti_1p3_tool_public_key = wanted.get("public_key", "")
    passport.full_clean()
    passport.save()

    # The author of the course reads these off Studio's page; the links of a launch as `author`
    # are not used.
    author, _ = User.objects.get_or_create(username="author")
    author.groups.set([Group.objects.get_or_create(name=edx.COURSE_STAFF)[0]])
    bound = edx.load_block(_location(block_id), author)
    info = get_lti_1p3_launch_info(bound.get_lti_1p3_launch_data())
    shown = {key: info[key] for key in _SHOWN_IN_STUDIO}
    return JsonResponse({"block": str(block_id), "issuer": _issuer(configuration), **shown})


@require_GET
def launch(request: HttpRequest, block_id: uuid.UUID) -> HttpResponse:
    """Open the block: go where the package's student view would point its frame."""
    block = edx.load_block(_location(block_id), request.user)
    return redirect(get_lti_1p3_content_url(block.get_lti_1p3_launch_data()))


@require_GET
def deep_link(request: HttpRequest, block_id: uuid.UUID) -> HttpResponse:
    """Choose content: go where the package's author view links to."""
    block = edx.load_block(_location(block_id), request.user)
    info = get_lti_1p3_launch_info(block.get_lti_1p3_launch_data())
    return redirect(info["deep_linking_launch_url"])


@require_GET
def records(request: HttpRequest, block_id: uuid.UUID) -> HttpResponse:
    """Answer what the platform holds about a block: items, line items, scores, grades."""
    configuration = LtiConfiguration.objects.get(location=_location(block_id))
    items = LtiDlContentItem.objects.filter(lti_configuration=configuration).order_by("pk")
    scores = LtiAgsScore.objects.filter(line_item__lti_configuration=configuration)
    return JsonResponse(
        {
            "content_items": [{"type": i.content_type, **i.attributes} for i in items],
            "line_items": [
                {
                    "url": get_lti_ags_lineitems_url(configuration.pk, line_item.pk),
                    "label": line_item.label,
                    "score_maximum": line_item.score_maximum,
                }
                for line_item in configuration.ltiagslineitem_set.all()
            ],
            "scores": list(
                scores.values(
                    "user_id",
                    "activity_progress",
                    "grading_progress",
                    "score_given",
                    "score_maximum",
                    "comment",
                    "timestamp",
                )
            ),
            "grades": edx.published_grades,
        }
    )


def _location(block_id: uuid.UUID) -> UsageKey:
    return edx.COURSE_KEY.make_usage_key("lti_consumer", block_id.hex)


def _issuer(configuration: LtiConfiguration) -> str:
    return configuration.get_lti_consumer().iss
