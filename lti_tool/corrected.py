"""What was put right in a conversation after closing, to read beside what stands there now."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lti_tool.instrument_now import instrument_now
from lti_tool.models import Agreement, Correction, Enrolment, Visibility, db

AGREEMENT = "agreement-"


def corrections_of(*conversations: int) -> list[Correction]:
    """Of conversations by id; newest first, with who wrote them."""
    rows = db.session.scalars(
        select(Correction)
        .where(Correction.conversation_id.in_(conversations))
        .options(joinedload(Correction.written_by).joinedload(Enrolment.person))
        .order_by(Correction.id.desc())
    ).all()
    hidden = _agreements_of_a_party(rows)
    return [one for one in rows if one.part not in hidden]


def _agreements_of_a_party(rows: Sequence[Correction]) -> set[str]:
    """Corrections of agreements that were given to a third party since: not for everybody."""
    ids = [int(one.part.removeprefix(AGREEMENT)) for one in rows if one.part.startswith(AGREEMENT)]
    if not ids:
        return set()
    shared = db.session.scalars(
        select(Agreement.id).where(Agreement.id.in_(ids), Agreement.visibility == Visibility.SHARED)
    ).all()
    return {f"{AGREEMENT}{one}" for one in ids if one not in shared}


def label_of(part_key: str) -> str:
    """What a part is called; also of one that is not there any more."""
    kinds = {
        "goal": _("Doel"),
        "experience": _("Ervaring"),
        "outcome": _("Wat naar voren kwam"),
        "agreement": _("Afspraak"),
    }
    return kinds.get(part_key.partition("-")[0]) or entry_labels().get(part_key, "")


def entry_labels() -> dict[str, str]:
    """The entries that can be put right, in the order of the conversation."""
    phases = instrument_now().phases
    labels = {"agreed.remark": _("Opmerking bij de doelen")}
    for phase in phases:
        if phase.career_question:
            labels[f"conclusion.{phase.key}"] = phase.career_question.text
    labels |= {
        "motive.situation": _("De situatie"),
        "motive.meaning": _("Wat dit zegt"),
        "motive.next": _("Wat nu"),
    }
    for phase in phases:
        labels[f"note.{phase.key}"] = _("Aantekening: %(phase)s", phase=phase.title)
    labels |= {
        "own-question.text": _("Eigen vraag"),
        "next.topic": _("Waar het volgende gesprek over gaat"),
        "next.pupil": _("Wat de leerling voorbereidt"),
        "next.teacher": _("Wat de mentor voorbereidt"),
        "next.approach": _("Hoe jullie het aanpakken"),
    }
    return labels
