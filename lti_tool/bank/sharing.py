"""Sharing one's own questions with colleagues of the same school, and taking theirs over.

Only the teacher who wrote a question shares it, one by one. A copy is the taker's own: it stays as
it was taken when the other words, withdraws or stops sharing.
"""

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.bank.blueprint import back_to, bank, known_phase
from lti_tool.bank.colleagues import shared_in_school
from lti_tool.forms import Posted
from lti_tool.models import OwnQuestion, Visibility, db
from lti_tool.question_bank import add_own, load_shelf, mine


@bank.post("/<phase_key>/shared/<int:question_id>")
@requires(Right.BANK)
def share(phase_key: str, question_id: int) -> Response:
    """Share a question, or stop sharing it, as the form says."""
    phase = known_phase(phase_key)
    question = mine(question_id)
    if question.phase_key != phase.key or question.withdrawn_at is not None:
        raise NotFound("no_such_question")
    shared = Posted().ticked("shared")
    question.visibility = Visibility.SCHOOL_INSTRUMENT if shared else Visibility.TEACHER_INSTRUMENT
    db.session.commit()
    return back_to(phase, f"share-{question.bank_key}")


@bank.post("/<phase_key>/copies/<int:question_id>")
@requires(Right.BANK)
def copy(phase_key: str, question_id: int) -> Response:
    """Take a colleague's question over as one's own; a second time changes nothing."""
    phase = known_phase(phase_key)
    theirs = db.session.scalars(
        shared_in_school().where(
            OwnQuestion.id == question_id,
            OwnQuestion.phase_key == phase.key,
            OwnQuestion.person_id != visit().person.id,
        )
    ).one_or_none()
    if theirs is None:
        raise NotFound("no_such_question")
    taken = next((one for one in load_shelf(phase).own if one.copied_from_id == theirs.id), None)
    if taken is None:
        taken = add_own(
            phase,
            theirs.group_key,
            theirs.text,
            replaces=theirs.replaces_key,
            copied_from_id=theirs.id,
        )
        db.session.commit()
    return back_to(phase, f"edit-{taken.bank_key}")
