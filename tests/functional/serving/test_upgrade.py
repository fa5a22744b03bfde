"""The tables are brought up to date while people launch, and nobody waits for it."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from connecting import connect
from flask_migrate import downgrade
from served import Served, until
from tinylms import LTI, Lms

from lti_tool import create_app
from lti_tool.config import settings_from_env
from lti_tool.db import db

PATIENCE_SECONDS = 4.0
WAITS = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'launch_session'::regclass
"""


@pytest.fixture
def lms(rsa_keys: list[Any], local_server: Any) -> Lms:
    lms = Lms(rsa_keys[0], f"{local_server.url}/jwks")
    local_server.replies["/jwks"] = (200, {"Content-Type": "application/json"}, lms.jwks())
    return lms


def launch(served: Served, lms: Lms) -> float:
    """Launch; the seconds of the slower of its two answers."""
    browser = requests.Session()
    target = f"{served.url}/lti/launch"
    params = lms.login_params(target_link_uri=target)
    said: dict[str, Any] = {"allow_redirects": False, "timeout": PATIENCE_SECONDS}
    login = browser.post(f"{served.url}/lti/login", params, **said)
    query = login.headers["Location"].partition("?")[2]
    asked = dict(pair.split("=", 1) for pair in query.split("&"))
    token = lms.sign(lms.claims(asked["nonce"], time.time(), **{LTI + "target_link_uri": target}))
    answer = browser.post(target, {"id_token": token, "state": asked["state"]}, **said)
    assert answer.status_code == 303, answer.text
    return max(login.elapsed.total_seconds(), answer.elapsed.total_seconds())


def test_an_upgrade_keeps_nobody_waiting(tmp_path: Path, postgres_url: str, lms: Lms) -> None:
    words = ("--workers", "1", "--no-worker")
    served = Served(tmp_path, *words, PROEFTUIN_DATABASE_URL=postgres_url)
    app = create_app(replace(settings_from_env(served.environment), keys_dir=tmp_path / "keys"))
    with app.app_context():
        connect(
            "school",
            lms.issuer,
            client_id=lms.client_id,
            jwks_url=lms.jwks_url,
            deployment_ids=(lms.deployment_id,),
        )
        db.session.remove()
        db.engine.dispose()
    where = postgres_url.replace("+psycopg", "")
    upgrade = None
    try:
        launch(served, lms)
        with app.app_context():
            downgrade(revision="0010")
            db.session.remove()
            db.engine.dispose()
        with psycopg.connect(where) as other, psycopg.connect(where, autocommit=True) as watch:
            other.execute("LOCK TABLE launch_session IN ROW EXCLUSIVE MODE")  # a write that lasts
            upgrade = subprocess.Popen(
                [sys.executable, "-m", "lti_tool", "db", "upgrade"],
                cwd=tmp_path,
                env=served.environment,
                stdout=subprocess.DEVNULL,
            )
            until(lambda: watch.execute(WAITS).fetchone()[0])
            seconds = [launch(served, lms) for _ in range(5)]
            assert upgrade.poll() is None
            other.commit()
        assert upgrade.wait(timeout=30) == 0
        assert max(seconds) < PATIENCE_SECONDS
        assert served.ready() == 200
        with psycopg.connect(where) as watch:
            assert watch.execute("SELECT 'ix_launch_session_learner_id'::regclass").fetchone()
    finally:
        if upgrade is not None:
            upgrade.kill()
            upgrade.wait()
        served.stop()
