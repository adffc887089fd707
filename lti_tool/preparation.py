"""The pupil's preparation: Terugkijken → Doel → Onderwerp → (extra vragen, vragen van de mentor)
→ Controleren.

One thing per page; everything is a draft until it is sent, and stays editable until the
conversation starts. Nothing has a minimum: "weet ik nog niet" is an answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool import words
from lti_tool.access import Right, requires, visit
from lti_tool.access_log import record
from lti_tool.conversations import conversation_to_change, ensure_preparation
from lti_tool.entries import Texts, read, share
from lti_tool.field_views import FieldView, Form, view, write_form
from lti_tool.fields import field
from lti_tool.form_questions import FormQuestion, all_of, optional, own
from lti_tool.grades import report_sent
from lti_tool.history import History, history
from lti_tool.launch_lookup import FIRST_STEP, FIRST_STEP_WITH_HISTORY
from lti_tool.models import (
    BEFORE_START,
    Act,
    Conversation,
    Party,
    Visibility,
    db,
    now,
    writes,
)
from lti_tool.planning.lists import standing
from lti_tool.records import own_or_course_conversation

preparation = Blueprint(
    "preparation",
    __name__,
    url_prefix="/s/<session_id>/conversations/<int:conversation_id>/preparation",
)

GOAL, TOPIC = "prep.vb-v01", "prep.vb-v02"
SENT = "sent"
"""The page after the last step."""


@dataclass(frozen=True)
class Step:
    """One page of the form; `keys` are the fields on it."""

    slug: str
    title: str
    keys: tuple[str, ...] = ()


@preparation.get("/")
@requires(Right.OWN_PREPARATION)
@writes
def begin(conversation_id: int) -> Response:
    """Go to where this pupil was; the mentor sees that it was opened."""
    conversation = own_or_course_conversation(conversation_id)
    if conversation.state not in BEFORE_START:
        return redirect(url_for("dossier.conversation", conversation_id=conversation.id), 303)
    opened = ensure_preparation(conversation.id, visit().enrolment.id)
    db.session.commit()
    past = history(conversation)
    slugs = [one.slug for one in _steps(conversation, past, read(conversation))]
    if past.elsewhere and not opened.at_step:
        opened.at_step = slugs[0]  # a later launch does not look into other courses
        db.session.commit()
    known = opened.at_step in {*slugs, SENT}
    return redirect(_url(conversation, opened.at_step if known else slugs[0]), 303)


@preparation.get("/<slug>")
@requires(Right.OWN_PREPARATION)
def step(conversation_id: int, slug: str) -> Response:
    """Show one page of the form."""
    conversation = own_or_course_conversation(conversation_id)
    if conversation.state not in BEFORE_START:
        return redirect(url_for("dossier.conversation", conversation_id=conversation.id), 303)
    return _page(conversation, slug, Form(), 200)


@preparation.post("/<slug>")
@requires(Right.OWN_PREPARATION)
def save(conversation_id: int, slug: str) -> Response:
    """Save one page and go on; on the last page, send."""
    conversation = conversation_to_change(conversation_id)
    past, texts = history(conversation), read(conversation)
    steps = _steps(conversation, past, texts)
    here = _find(steps, slug)
    form = write_form(conversation, here.keys, instead=_unknown(here.keys, texts, past))
    if form.errors:
        db.session.commit()
        status = 422 if conversation.state in BEFORE_START else 409
        return _page(conversation, slug, form, status)
    if here is steps[-1]:
        return _send(conversation, steps)
    following = steps[steps.index(here) + 1].slug
    opened = ensure_preparation(conversation.id, visit().enrolment.id)
    if opened.shared_at is None:
        opened.at_step = following
    db.session.commit()
    return redirect(_url(conversation, following), 303)


@preparation.get("/sent")
@requires(Right.OWN_PREPARATION)
def sent(conversation_id: int) -> Response:
    """What was sent, what happens next, and the way back to change it."""
    conversation = own_or_course_conversation(conversation_id)
    if conversation.state not in BEFORE_START:
        return redirect(url_for("dossier.conversation", conversation_id=conversation.id), 303)
    texts = read(conversation)
    steps = _steps(conversation, history(conversation), texts)
    if not _sent(conversation, texts):
        return redirect(_url(conversation, steps[-1].slug), 303)
    rows = _rows(conversation, steps, shared=texts)
    changed = any(
        texts.own(key, Visibility.PUPIL_DRAFT) != texts.shared(key)
        for one in steps
        for key in one.keys
    )
    page = render_template(
        "preparation/sent.html",
        conversation=conversation,
        rows=rows,
        changed=changed,
        words=words,
        standing=standing(conversation),
        check_url=_url(conversation, steps[-1].slug),
    )
    return make_response(page)


def _steps(conversation: Conversation, past: History, texts: Texts) -> list[Step]:
    """The pages of this pupil's form.

    A question the mentor took off it stays for who answered it, or is sending an answer just now.
    """

    def answered(key: str) -> bool:
        return bool(texts.own(key, Visibility.PUPIL_DRAFT) or request.form.get(key))

    added = tuple(one.key for one in optional(conversation.round))
    mentors = tuple(one.key for one in own(conversation.round, answered))
    steps = [Step(FIRST_STEP, _("Doel"), (GOAL,)), Step("topic", _("Onderwerp"), (TOPIC,))]
    if past:
        steps.insert(0, Step(FIRST_STEP_WITH_HISTORY, _("Terugkijken")))
    if added:
        steps.append(Step("more", _("Nog een paar vragen"), added))
    if mentors:
        steps.append(Step("own", _("Vragen van je mentor"), mentors))
    return [*steps, Step("check", _("Controleren en versturen"))]


def _find(steps: list[Step], slug: str) -> Step:
    for one in steps:
        if one.slug == slug:
            return one
    raise NotFound("no_such_step")


def _page(conversation: Conversation, slug: str, form: Form, status: int) -> Response:
    past, texts = history(conversation), read(conversation)
    steps = _steps(conversation, past, texts)
    if slug not in {one.slug for one in steps}:  # the mentor changed the form meanwhile
        return redirect(url_for("preparation.begin", conversation_id=conversation.id), 303)
    here = _find(steps, slug)
    number = steps.index(here)
    common = {
        "conversation": conversation,
        "here": here,
        "steps": [one.title for one in steps],
        "number": number + 1,
        "back_url": _url(conversation, steps[number - 1].slug) if number else None,
        "errors": form.summary,
        "past": past,
        "words": words,
        "standing": standing(conversation),
    }
    if here.slug == "look-back":
        mine = past.open_agreements_of(Party.PUPIL)
        page = render_template("preparation/look_back.html", agreements=mine, **common)
    elif here.slug == "check":
        rows = _rows(conversation, steps, drafts=texts)
        again = _sent(conversation, texts)
        page = render_template("preparation/check.html", rows=rows, again=again, **common)
    else:
        fields = [_field(conversation, key, texts, past, form) for key in here.keys]
        page = render_template("preparation/question.html", fields=fields, **common)
    return make_response(page, status)


def _unknown(keys: Iterable[str], texts: Texts, past: History) -> dict[str, str]:
    """The fields of this post that say "I do not know yet", each with those words.

    By the button: what is empty, or as we filled it in. Without it: what said so and stays empty.
    """
    found = {}
    for key in keys:
        posted, kept = request.form.get(key, "").strip(), texts.own(key, Visibility.PUPIL_DRAFT)
        ours = _filled_in(key, texts, past).strip()
        by_button = request.form.get("action") == "unknown" and posted in {"", ours}
        if by_button or (not posted and kept == _unknown_words()):
            found[key] = _unknown_words()
    return found


def _unknown_words() -> str:
    return _("Dat weet ik nog niet.")


def _filled_in(key: str, texts: Texts, past: History) -> str:
    """What we put into a field that nobody wrote in: the topic they named last time."""
    written = texts.own(key, Visibility.PUPIL_DRAFT)
    return past.last("next.topic") if key == TOPIC and not written else ""


def _field(
    conversation: Conversation, key: str, texts: Texts, past: History, form: Form
) -> FieldView:
    question = _questions(conversation)[key]
    hint = question.help
    if question.withdrawn:
        hint = _("Je mentor haalde deze vraag van het formulier. Wat je schreef, blijft staan.")
    shown = view(conversation, key, texts, label=question.text, hint=hint, form=form)
    if shown.error:
        return shown
    if shown.text == _unknown_words():
        shown.text = ""
        shown.hint = _("Je koos: weet ik nog niet. Schrijf hier als je nu wel iets weet.")
    elif not shown.revision and (ours := _filled_in(key, texts, past)):
        shown.text = ours
        shown.hint = _("Dit schreef je vorige keer op voor dit gesprek. Verander het gerust.")
    return shown


def _send(conversation: Conversation, steps: list[Step]) -> Response:
    if conversation.state not in BEFORE_START:
        return redirect(url_for("dossier.conversation", conversation_id=conversation.id), 303)
    texts = read(conversation)
    for one in steps:
        for key in {GOAL, TOPIC} & set(one.keys):
            if not texts.own(key, Visibility.PUPIL_DRAFT).strip():
                message = _("Vul hier iets in, of kies “Weet ik nog niet”.")
                form = Form(errors={key: message}, typed={key: ""})
                return _page(conversation, one.slug, form, 422)
    drafts = [field(key, visit().role) for one in steps for key in one.keys]
    share(conversation, [one for one in drafts if one])
    sent_at = now()
    opened = ensure_preparation(conversation.id, visit().enrolment.id)
    opened.shared_at, opened.at_step = sent_at, SENT
    report_sent(conversation, sent_at)
    record(conversation.id, Act.SENT)
    db.session.commit()
    return redirect(url_for("preparation.sent", conversation_id=conversation.id), 303)


def _rows(
    conversation: Conversation,
    steps: list[Step],
    *,
    drafts: Texts | None = None,
    shared: Texts | None = None,
) -> list[dict[str, str]]:
    """The answers, with the way to change each."""
    questions = _questions(conversation)
    rows = []
    for one in steps:
        for key in one.keys:
            text = drafts.own(key, Visibility.PUPIL_DRAFT) if drafts else ""
            if shared:
                text = shared.shared(key)
            rows.append(
                {
                    "key": questions[key].text,
                    "value": text,
                    "href": _url(conversation, one.slug),
                }
            )
    return rows


def _questions(conversation: Conversation) -> dict[str, FormQuestion]:
    return {one.key: one for one in all_of(conversation.round)}


def _sent(conversation: Conversation, texts: Texts) -> bool:
    return bool(texts.shared(GOAL, conversation.pupil_id))


def _url(conversation: Conversation, slug: str) -> str:
    return url_for("preparation.step", conversation_id=conversation.id, slug=slug)
