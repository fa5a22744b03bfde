"""The tool registers itself at a strict LMS, and an activity opens right after: no ids typed over.

Against the sandbox's three platforms, through the operator's own commands.
"""

import json

import pytest
import requests
from driver import Driver
from stack import Stack

from lti_tool.platforms.lti import COMPLETION_SCOPE, SCORE_SCOPE
from lti_tool.sandbox.protocol.registration import new_token


@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])
def test_an_invited_platform_connects_itself(stack: Stack, profile: str) -> None:
    name = f"self-made {profile}"
    lms = stack.sandbox.platforms[profile]
    address = stack.run("platforms", "invite", "--name", name).strip()
    assert address.startswith(f"{stack.tool_url}/lti/register?")
    query = {"openid_configuration": lms.url("configuration"), "registration_token": new_token(lms)}

    page = requests.get(address, params=query, timeout=30)

    assert page.status_code == 200, page.text
    assert 'data-page="registered"' in page.text
    (row,) = [
        row for row in json.loads(stack.run("platforms", "list", "--json")) if row["name"] == name
    ]
    assert row["status"] == "active"
    assert row["client_id"] in lms.clients
    assert row["family"] == lms.habits.family
    again = requests.get(address, params=query, timeout=30)
    assert again.headers["X-Proeftuin-Error"] == "invitation-invalid"

    client = lms.clients[row["client_id"]]
    # Nothing that could read a gradebook or a list of members.
    assert set(client.scopes) == {SCORE_SCOPE} | (
        {COMPLETION_SCOPE} if lms.habits.family == "moodle" else set()
    )
    driver = Driver(stack.sandbox.base_url, profile)
    driver.api("PATCH", "clients", {"client_id": row["client_id"], "active": True})
    try:
        activity = driver.add_activity("Kijken", item="bij-elkaar-kijken")
        opened = driver.launch(activity["id"], "sam")
        if row["deployments"] == 0:  # the LMS named no deployment: its first launch waits
            assert opened.headers["X-Proeftuin-Error"] == "deployment-unknown"
            stack.run("platforms", "approve", name)
            opened = driver.launch(activity["id"], "sam")
        assert opened.status_code == 200, opened.text
        assert 'data-page="scene"' in opened.text
    finally:
        driver.api("PATCH", "clients", {"client_id": row["client_id"], "active": False})
