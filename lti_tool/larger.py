"""From a small frame in the LMS to a tab of one's own, on the same page.

The frame's cookie does not come along to a tab, so it goes the way of a browser that keeps no
cookies in frames: a code that works once, and the question whether this is the right person. The
script in the frame asks for the code and opens the tab (`assets/js/frame.js`).
"""

from flask import Blueprint, Response, jsonify, request, url_for

from lti_tool.access import Right, requires, visit
from lti_tool.lti.state import digest, new_secret
from lti_tool.models import db
from lti_tool.own_pages import rest_of
from lti_tool.sessions import Opened, begin_pending

larger = Blueprint("larger", __name__, url_prefix="/s/<session_id>")


@larger.post("/larger")
@requires(Right.START)
def open_larger() -> Response:
    """Give the address a tab may open once, within a minute."""
    session = visit().session
    opened = Opened(
        registration_id=session.registration_id,
        enrolment_id=session.enrolment_id,
        round_id=session.round_id,
        facts=session.facts,
        errand=session.errand,
        language=session.language,
        return_url=session.return_url,
        created_at=session.created_at,
    )
    code = begin_pending(opened, proof_hash=digest(new_secret()))  # no storage holds that secret
    db.session.commit()
    page = rest_of(request.form.get("page", ""))
    return jsonify(address=url_for("browser.new_tab", code=code, page=page or None))
