"""The pages people look at: the course with its two panes, and the gradebook."""

from dataclasses import dataclass
from typing import get_args

from flask import Blueprint, Response, render_template, request, url_for

from lti_tool.demo.gradebook import Score
from lti_tool.demo.launch import COURSE_MENU, Pane
from lti_tool.demo.school import LmsPerson, School
from lti_tool.demo.state import current_lms

pages = Blueprint("pages", __name__)

LONGEST_MESSAGE = 300
ROLE_NAMES = {"mentor": "mentor", "pupil": "leerling", "administrator": "beheerder"}
PANE_TITLES = {"left": "Linkerscherm", "right": "Rechterscherm"}
ACTIVITY_PROGRESS = {
    "Initialized": "niet begonnen",
    "Started": "begonnen",
    "InProgress": "bezig",
    "Submitted": "ingeleverd",
    "Completed": "afgerond",
}
FAILED = "Failed"


@dataclass(frozen=True)
class PaneView:
    """One of the two panes, with what is chosen in it."""

    side: Pane
    title: str
    person: LmsPerson
    activity_id: str

    @property
    def frame_url(self) -> str:
        """Where the frame starts."""
        return url_for(
            "launch.open_tool", person=self.person.id, activity=self.activity_id, pane=self.side
        )


@dataclass(frozen=True)
class Cell:
    """One pupil's score as the gradebook shows it; numbers as Dutch text."""

    grade: str | None
    progress: str
    comment: str | None


@pages.get("/")
def start() -> str:
    """The course. Inside a frame of our own it offers the way out instead of frames in frames."""
    # A tool may show LTI messages on return (LTI 1.3 core, 5.3.5.1: launch presentation).
    message = request.args.get("lti_errormsg") or request.args.get("lti_msg") or ""
    if request.headers.get("Sec-Fetch-Dest") == "iframe":
        return render_template("demo_lms/returned.html", message=message[:LONGEST_MESSAGE])
    school = current_lms().school
    return render_template(
        "demo_lms/start.html",
        message=message[:LONGEST_MESSAGE],
        panes=[_pane(school, side) for side in get_args(Pane)],
        role_names=ROLE_NAMES,
        course_menu=COURSE_MENU,
        storage_target=current_lms().storage_target,
    )


@pages.get("/gradebook")
def gradebook() -> str:
    """The participants and the scores that the tool sent."""
    lms = current_lms()
    columns = lms.gradebook.line_items()
    rows = [
        (
            person,
            [
                _cell(lms.gradebook.score(column.id, person.id), column.fields.maximum)
                for column in columns
            ],
        )
        for person in lms.school.participants
    ]
    return render_template(
        "demo_lms/gradebook.html", columns=columns, rows=rows, role_names=ROLE_NAMES, number=number
    )


@pages.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


def number(value: float) -> str:
    """Write a number the Dutch way, without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _pane(school: School, side: Pane) -> PaneView:
    """Read the choice from the query; what is unknown falls back to the usual one."""
    usual_role = "mentor" if side == "left" else "pupil"
    usual = next((person for person in school.people if person.role == usual_role), None)
    activity_id = request.args.get(f"{side}_activity", "")
    if activity_id != COURSE_MENU and school.activity(activity_id) is None:
        activity_id = school.activities[-1].id if school.activities else COURSE_MENU
    return PaneView(
        side=side,
        title=PANE_TITLES[side],
        person=school.person(request.args.get(side, "")) or usual or school.people[0],
        activity_id=activity_id,
    )


def _cell(score: Score | None, maximum: float) -> Cell | None:
    if score is None:
        return None
    grade = score.result(maximum)
    progress = ACTIVITY_PROGRESS[score.activity_progress]
    if score.grading_progress == FAILED:
        progress = "beoordelen is mislukt"
    return Cell(
        grade=None if grade is None else f"{number(grade)} van {number(maximum)}",
        progress=progress,
        comment=score.comment,
    )
