"""A pupil with a conversation behind her, and a mentor of another course ahead of her."""

from dataclasses import dataclass

from lti_tool.models import Role
from tests.support.school import School, Visitor
from tests.support.talk import Talk, hold_talk

SHARED = (
    "Weten of zorg past",
    "De laatste stagedag",
    "Ik blijf rustig",
    "Of ik druk werk wil",
    "Liever in een klein team",
    "Een middag meelopen",
    "Hoe het meelopen was",
)
"""What pupil and mentor both read of the first conversation."""
NOT_SHARED = {
    "pupil draft": "Nog niet verstuurd idee",
    "teacher draft": "Nog niet gedeelde vraag",
    "private note": "Geheim briefje",
    "private lookup": "Gebeld met thuis",
    "reflection": "Ik praatte te veel",
    "remark": "Deze fase kost tijd",
    "workplace's own": "Rooster vrijmaken",
}
"""One text of every other level."""


@dataclass
class NextYear:
    """Noor in next year's course, whose mentor is Piet; `talk` is the new conversation there."""

    first: Talk
    course_id: int
    talk: Talk

    @property
    def piet(self) -> Visitor:
        return self.talk.mentor

    @property
    def noor(self) -> Visitor:
        """In the new course."""
        return self.talk.noor

    def pass_on(self, *conversations: Talk, shown: tuple[Talk, ...] = ()) -> None:
        """Noor saves her choice on the page, for the conversations it showed."""
        page = self.noor.post(
            "/passing-on/",
            {
                "shown": [one.id for one in shown or (self.first,)],
                "pass": [one.id for one in conversations],
            },
        )
        assert page.status_code == 200


def first_year(talk: Talk) -> Talk:
    """Hold the conversation, with something at every level."""
    talk.do("preparation/goal", talk.noor, **{"prep.vb-v01": NOT_SHARED["pupil draft"]})
    talk.do("prepare/", action="add-question", own_question=NOT_SHARED["teacher draft"])
    talk.start()
    talk.do("guide/goals", goal="Weten of zorg past", owner="pupil")
    talk.do("guide/experiences", experience="De laatste stagedag", brought_by="pupil")
    talk.do("guide/kwaliteiten/outcomes", kind="named", outcome="Ik blijf rustig")
    talk.do("guide/motieven/outcomes", kind="doubt", outcome="Of ik druk werk wil")
    talk.do("guide/werk", **{"conclusion.werk": "Liever in een klein team"})
    talk.do("guide/werk", **{"private.werk": NOT_SHARED["private note"]})
    talk.do("guide/voorbereiding", **{"private.lookup": NOT_SHARED["private lookup"]})
    talk.do("guide/werk/remark", **{"remark.werk": NOT_SHARED["remark"]})
    talk.agree()
    talk.agree("workplace", NOT_SHARED["workplace's own"])
    talk.do("closing/", **{"next.topic": "Hoe het meelopen was"})
    talk.do("closing/", action="close", **{"reason-teacher": "Niet nodig"})
    talk.do("guide/reflectie", **{"private.reflectie": NOT_SHARED["reflection"]})
    return talk


def next_year(school: School, first: Talk, title: str = "Mentorklas 4A") -> NextYear:
    """Noor is in a course of Piet's too, with a round there."""
    course_id = school.course(title)
    piet = school.enrol("Piet Post", Role.TEACHER, course_id)
    noor = school.also(first.pupil_id, course_id)
    return NextYear(first, course_id, hold_talk(school, piet, noor, course_id))
