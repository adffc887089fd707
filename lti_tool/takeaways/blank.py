"""The instrument on paper: ten phases to take to a conversation, with room to write."""

from flask_babel import gettext as _

from instrument import Group, Phase
from lti_tool.instrument_now import instrument_now
from lti_tool.takeaways.paper import Paper


def blank_instrument() -> Paper:
    """All of it, with nobody's text in it."""
    content = instrument_now()
    paper = Paper(title=content.title, author=_("Loopbaangesprek"))
    paper.facts = _("Versie %(version)s", version=content.version)
    for one in content.introduction:
        paper.text(one.text)
    to_fill = [one.title for one in content.columns if one.filled_in_by_teacher]
    for phase in content.phases:
        _phase(paper, phase)
        paper.columns(*to_fill)
    return paper


def _phase(paper: Paper, phase: Phase) -> None:
    paper.heading(f"{phase.number}. {phase.title}")
    if phase.career_question:
        paper.quiet(f"{phase.career_question.label}: {phase.career_question.text}")
    if phase.explanation:
        paper.heading(_("Toelichting"), 3)
        paper.bullets(one.text for one in phase.explanation)
    if phase.core_questions:
        paper.heading(_("Oppervlakkig"), 3)
        paper.bullets(one.text for one in phase.core_questions.superficial)
        paper.heading(_("Diepgaand"), 3)
        paper.bullets(one.text for one in phase.core_questions.deeper)
    paper.bullets(one.text for one in phase.instructions)
    for group in phase.groups:
        _group(paper, group)
    if phase.derived_questions:
        paper.heading(_("Afgeleide vragen"), 3)
        paper.bullets(one.text for one in phase.derived_questions)
    if phase.tips:
        paper.heading(_("Tips"), 3)
        paper.bullets(one.text for one in phase.tips)


def _group(paper: Paper, group: Group) -> None:
    paper.heading(group.title, 3)
    if group.condition:
        paper.quiet(group.condition)
    lines = []
    for one in group.questions:
        line = [one.text]
        for sub in one.subquestions:
            probe = " " + _("(doorvragen)") if sub == one.probe_after else ""
            line.append(f"– {sub}{probe}")
        lines.append("\n".join(line))
    paper.bullets(lines)
