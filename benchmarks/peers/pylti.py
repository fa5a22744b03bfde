"""PyLTI1p3's own Flask set-up, as its documentation shows it: launch data in a cache.

`PEER_CONFIG` names the cache: `file` (the example's own) or `redis`; both hold the platform's keys.
"""

import json
import os
from pathlib import Path

from flask import Flask, redirect
from flask_caching import Cache
from pylti1p3.contrib.flask import (
    FlaskCacheDataStorage,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
)
from pylti1p3.tool_config import ToolConfDict

config = json.loads(Path(os.environ["PEER_CONFIG"]).read_text())
app = Flask(__name__)
app.config.from_mapping(
    SECRET_KEY="for this measurement only",
    SESSION_COOKIE_NAME="pylti1p3-flask-app-sessionid",
    CACHE_DEFAULT_TIMEOUT=600,
    **config["cache"],
)
cache = Cache(app)
tool = ToolConfDict(
    {
        config["issuer"]: [
            {
                "default": True,
                "client_id": config["client_id"],
                "auth_login_url": config["auth_url"],
                "auth_token_url": config["auth_url"],
                "key_set_url": config["jwks_url"],
                "key_set": None,
                "deployment_ids": [config["deployment_id"]],
            }
        ]
    }
)


@app.route("/login", methods=["GET", "POST"])
def login():
    """Send the browser to the platform."""
    storage = FlaskCacheDataStorage(cache)
    begun = FlaskOIDCLogin(FlaskRequest(), tool, launch_data_storage=storage)
    return begun.redirect(config["launch_url"])


@app.post("/launch")
def launch():
    """Verify, store, go on."""
    storage = FlaskCacheDataStorage(cache)
    message = FlaskMessageLaunch(FlaskRequest(), tool, launch_data_storage=storage)
    message.set_public_key_caching(storage, cache_lifetime=7200)
    message.get_launch_data()
    return redirect(f"/page?launch={message.get_launch_id()}", 303)
