"""The limit: a launch in Flask with nothing around it, in the same three requests.

A signed cookie holds the state, the key set is kept, one statement in one commit knows the
person, the course and the nonce, and the page is three words. It is no tool: it checks what the
speed of a launch hangs on and nothing more. Reads `LIMIT_*` from the environment.
"""

import os
import secrets
import threading
from urllib.parse import urlencode

import jwt
import psycopg
import requests
from flask import Flask, Response, redirect, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
TABLES = """
CREATE TABLE used_nonce (nonce text PRIMARY KEY);
CREATE TABLE person (id bigserial PRIMARY KEY, sub text UNIQUE, name text);
CREATE TABLE course (id bigserial PRIMARY KEY, context text UNIQUE, title text);
CREATE TABLE member (person bigint, course bigint, role text, PRIMARY KEY (person, course));
"""
ENROL = """
WITH used AS (INSERT INTO used_nonce VALUES (%(nonce)s)),
p AS (
    INSERT INTO person (sub, name) VALUES (%(sub)s, %(name)s)
    ON CONFLICT (sub) DO UPDATE SET name = excluded.name RETURNING id
),
c AS (
    INSERT INTO course (context, title) VALUES (%(context)s, %(title)s)
    ON CONFLICT (context) DO UPDATE SET title = excluded.title RETURNING id
)
INSERT INTO member SELECT p.id, c.id, %(role)s FROM p, c
ON CONFLICT (person, course) DO UPDATE SET role = excluded.role RETURNING person, course
"""
SHOW = """
SELECT person.name, course.title FROM member
JOIN person ON person.id = member.person JOIN course ON course.id = member.course
WHERE member.person = %s AND member.course = %s
"""
PAGE = """<!doctype html><html lang="nl">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><p>{{ name }}</p></body></html>"""

app = Flask(__name__)
template = app.jinja_env.from_string(PAGE)  # once, as a tool that has it in a file
ISSUER, CLIENT_ID = os.environ["LIMIT_ISSUER"], os.environ["LIMIT_CLIENT_ID"]
DATABASE = os.environ["LIMIT_DATABASE"]
signer = URLSafeTimedSerializer("s" * 40)
kept: dict[str, jwt.PyJWK] = {}
thread = threading.local()
with psycopg.connect(DATABASE) as first:  # once: gunicorn loads this module before it forks
    first.execute(TABLES)


def connection() -> psycopg.Connection:
    """One connection per thread."""
    if not hasattr(thread, "connection"):
        thread.connection = psycopg.connect(DATABASE, autocommit=True)
    opened: psycopg.Connection = thread.connection
    return opened


def key(kid: str) -> jwt.PyJWK:
    """The platform's key, fetched once."""
    if kid not in kept:
        for entry in requests.get(f"{ISSUER}/jwks", timeout=5).json()["keys"]:
            kept[entry["kid"]] = jwt.PyJWK(entry, algorithm="RS256")
    return kept[kid]


@app.route("/login", methods=["GET", "POST"])
def login() -> Response:
    """Go to the platform with a state and a nonce that the browser holds, signed."""
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    query = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": CLIENT_ID,
        "redirect_uri": request.host_url + "launch",
        "login_hint": request.values["login_hint"],
        "lti_message_hint": request.values["lti_message_hint"],
        "state": state,
        "nonce": nonce,
    }
    answer = redirect(f"{ISSUER}/auth?{urlencode(query)}")
    answer.set_cookie("state", signer.dumps([state, nonce]), max_age=600, httponly=True)
    return answer  # type: ignore[return-value]


@app.post("/launch")
def launch() -> Response:
    """Check signature, state and nonce; one statement, one commit; 303."""
    token = request.form["id_token"]
    try:
        state, nonce = signer.loads(request.cookies["state"], max_age=600)
        claims = jwt.decode(
            token,
            key(jwt.get_unverified_header(token)["kid"]).key,
            algorithms=["RS256"],
            audience=CLIENT_ID,
            issuer=ISSUER,
            leeway=60,
        )
    except (BadSignature, LookupError, jwt.PyJWTError):
        return Response("refused", 400)
    if (state, nonce) != (request.form["state"], claims["nonce"]):
        return Response("refused", 400)
    context = claims[CLAIM + "context"]
    facts = {
        "nonce": nonce,
        "sub": claims["sub"],
        "name": claims["name"],
        "context": context["id"],
        "title": context["title"],
        "role": claims[CLAIM + "roles"][0],
    }
    row = connection().execute(ENROL, facts, prepare=True).fetchone()
    answer = redirect("/page", 303)
    answer.set_cookie("session", signer.dumps(row), httponly=True)
    return answer  # type: ignore[return-value]


@app.get("/page")
def page() -> str:
    """Who, in which course."""
    member = signer.loads(request.cookies["session"], max_age=3600)
    row = connection().execute(SHOW, member, prepare=True).fetchone()
    assert row is not None
    return template.render(name=row[0], title=row[1])
