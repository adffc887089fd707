"""How often one launch session may ask for what costs most: a script gone wild, or meant ill.

Counted per session, never per address: a whole school is one address. The numbers are far above
what people do. Each process counts for itself, unless Redis counts for all (`LOB_REDIS_URL`);
when Redis is away, each counts for itself until it is back.
"""

from flask import Flask, g, request
from flask_limiter import Limiter

from lti_tool.background import REDIS_SECONDS
from lti_tool.course_services import course_services
from lti_tool.lti.state import digest
from lti_tool.takeaways import takeaways

POSTS = "300 per minute"
"""Everything that is posted: a page that saves while somebody types posts every few seconds."""
PAPERS = "30 per minute"
"""Papers to take along: a PDF takes a tenth of a second of a processor."""
QUESTIONS = "20 per minute"
"""What asks the platform for its roster, or sends it reports again."""
COSTLY = frozenset({takeaways.name, course_services.name})


def install(app: Flask) -> None:
    """Count. Call it after the gate is there, so that only visits are counted."""
    redis_url = app.config["LOB"].redis_url
    limiter = Limiter(
        _session,
        app=app,
        application_limits=[POSTS],
        storage_uri=redis_url or "memory://",
        storage_options={"socket_connect_timeout": REDIS_SECONDS, "socket_timeout": REDIS_SECONDS}
        if redis_url
        else {},
        in_memory_fallback_enabled=True,
        key_prefix="loopbaangesprek",
    )
    limiter.request_filter(_costs_little)
    app.extensions["lob_rate_limits"] = limiter
    limiter.shared_limit(PAPERS, scope="papers")(takeaways)
    limiter.shared_limit(QUESTIONS, scope="questions")(course_services)


def _session() -> str:
    """What is counted together; the id itself opens the session, so it lies nowhere."""
    return digest(g.get("session_id") or "")


def _costs_little() -> bool:
    """Most of what is visited, and all that is outside a session: not even looked at."""
    costs = request.method == "POST" or request.blueprint in COSTLY
    return not (costs and g.get("session_id"))
