"""The floor: what a plain Flask tool must do at least. No framework of ours, no safety of ours.

A login redirects to the platform. A launch verifies the token with a key that is held, inserts one
row, commits once, redirects. A reaction reads the session, updates one row, commits, redirects; the
page after it reads two rows and renders a template.
"""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import urlencode

import jwt
from flask import Flask, redirect, render_template, request
from jwt.algorithms import RSAAlgorithm
from psycopg_pool import ConnectionPool

app = Flask(__name__)
config = json.loads(Path(os.environ["PEER_CONFIG"]).read_text())
key = RSAAlgorithm.from_jwk(config["jwk"])
pool = ConnectionPool(config["database"], min_size=8, max_size=8, open=True)
with pool.connection() as setup:
    setup.execute("CREATE TABLE IF NOT EXISTS session (id text PRIMARY KEY, sub text, step int)")


@app.post("/login")
def login():
    """Send the browser to the platform."""
    state, nonce = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    sent = {
        "response_type": "id_token",
        "scope": "openid",
        "client_id": request.form["client_id"],
        "redirect_uri": config["launch_url"],
        "login_hint": request.form["login_hint"],
        "state": state,
        "nonce": nonce,
    }
    answer = redirect(f"{config['auth_url']}?{urlencode(sent)}")
    answer.set_cookie("state", state, httponly=True)
    return answer


@app.post("/launch")
def launch():
    """Verify, store, go on."""
    if request.form["state"] != request.cookies.get("state"):
        return "no", 403
    token = request.form["id_token"]
    claims = jwt.decode(token, key, ["RS256"], audience=config["client_id"])
    session = secrets.token_urlsafe(16)
    with pool.connection() as database:
        database.execute("INSERT INTO session VALUES (%s, %s, 0)", (session, claims["sub"]))
    answer = redirect("/page", 303)
    answer.set_cookie("session", session, httponly=True)
    return answer


@app.post("/react")
def react():
    """Store what was chosen."""
    with pool.connection() as database:
        session = request.cookies["session"]
        database.execute("SELECT sub FROM session WHERE id = %s", (session,)).fetchone()
        database.execute("UPDATE session SET step = step + 1 WHERE id = %s", (session,))
    return redirect("/page", 303)


@app.get("/page")
def page():
    """Show where somebody is."""
    with pool.connection() as database:
        session = request.cookies["session"]
        row = database.execute("SELECT sub, step FROM session WHERE id = %s", (session,)).fetchone()
    return render_template("page.html", sub=row[0], step=row[1], paragraphs=config["paragraphs"])
