"""What was said in one closed conversation, as the pages that read back show it."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from lti_tool.history import History
from lti_tool.models import Conversation, OutcomeKind


@dataclass(frozen=True)
class Told:
    """One closed conversation of a timeline."""

    conversation: Conversation
    past: History

    def of(self, rows: list[Any]) -> list[Any]:
        """Those of `rows` that belong to this conversation."""
        here = self.conversation.id
        return [one for one in rows if one.conversation_id == here]

    def text(self, key: str) -> str:
        """A shared text of this conversation."""
        return self.past.texts.get((self.conversation.id, key), "")

    def beside_outcomes(self, phase_key: str) -> list[tuple[str, str]]:
        """What a phase records beside outcomes and conclusion: label and text, where there is."""
        labels = {
            "motieven": {
                "motive.situation": _("De situatie"),
                "motive.meaning": _("Wat dit zegt"),
                "motive.next": _("Wat nu"),
            },
            "sturing": {"own-question.text": _("Eigen vraag")},
        }.get(phase_key, {})
        return [(label, self.text(key)) for key, label in labels.items() if self.text(key)]

    def conclusions(self, phase_key: str) -> list[str]:
        """What was named at a career question and concluded about it, in that order."""
        named = [
            one.text
            for one in self.of(self.past.outcomes)
            if one.phase_key == phase_key and one.kind == OutcomeKind.NAMED
        ]
        conclusion = self.text(f"conclusion.{phase_key}")
        return [*named, conclusion] if conclusion else named
