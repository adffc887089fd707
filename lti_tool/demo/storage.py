"""The platform's storage for tools whose cookies do not come back, as Canvas offers it.

1EdTech LTI client-side postMessages and platform storage: a frame beside the tool's answers
`lti.put_data` and `lti.get_data`, for the tool's origin only.
"""

from flask import Blueprint, render_template

from lti_tool.demo.state import current_lms

storage = Blueprint("storage", __name__)

TARGET = "post_message_forwarding"
"""The frame's name, sent to the tool as lti_storage_target."""


@storage.get("/storage")
def frame() -> str:
    """The frame that keeps the values while the course page is open."""
    return render_template("demo_lms/storage.html", tool_origin=current_lms().tool.tool_origin)
