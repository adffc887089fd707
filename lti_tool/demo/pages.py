"""The pages people look at: the course with its two panes, and the gradebook."""

from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.demo.courses import LmsCourse
from lti_tool.demo.gradebook import Score
from lti_tool.demo.launch import (
    COURSE_MENU,
    LANGUAGES,
    NEW_ACTIVITY,
    Pane,
    chosen_course,
    chosen_language,
)
from lti_tool.demo.school import ROLE_NAMES, LmsPerson
from lti_tool.demo.state import current_lms

pages = Blueprint("pages", __name__)

LONGEST_MESSAGE = 300
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
    course_id: str
    activity_id: str
    language: str

    @property
    def frame_url(self) -> str:
        """Where the frame starts."""
        return url_for(
            "launch.open_tool",
            person=self.person.id,
            course=self.course_id,
            activity=self.activity_id,
            pane=self.side,
            language=self.language,
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
        return render_template(
            "demo_lms/returned.html", message=message[:LONGEST_MESSAGE], course=chosen_course()
        )
    course = chosen_course()
    return render_template(
        "demo_lms/start.html",
        message=message[:LONGEST_MESSAGE],
        panes=[_pane(course, side) for side in get_args(Pane)],
        course=course,
        courses=current_lms().courses.all(),
        role_names=ROLE_NAMES,
        course_menu=COURSE_MENU,
        languages=LANGUAGES,
        storage_target=current_lms().storage_target,
    )


@pages.get("/courses/<course_id>")
def course_page(course_id: str) -> AnyResponse:
    """A course's own address, as in Canvas: what a tool learns from a launch and can link to."""
    query = urlencode({**request.args.to_dict(), "course": course_id})
    return redirect(f"{url_for('pages.start')}?{query}", 303)


@pages.get("/add-activity")
def add_activity() -> str:
    """The tool in a frame, as the mentor, to choose what is added (deep linking)."""
    course = chosen_course()
    mentor = next((one for one in course.people if one.role == "mentor"), course.people[0])
    return render_template(
        "demo_lms/add_activity.html",
        course=course,
        mentor=mentor,
        frame_url=url_for(
            "launch.open_tool", person=mentor.id, course=course.id, activity=NEW_ACTIVITY
        ),
    )


@pages.post("/copy")
def copy_course() -> AnyResponse:
    """Copy the course; graded activities get columns of their own."""
    lms = current_lms()
    course = chosen_course()
    copied = lms.courses.copy(course.id)
    for old, new in zip(course.activities, copied.activities, strict=True):
        column = lms.gradebook.line_item_of_activity(old.id)
        if column is not None:
            lms.gradebook.add_for_activity(new.id, column.fields)
    return redirect(url_for("pages.start", course=copied.id), 303)


@pages.get("/gradebook")
def gradebook() -> str:
    """The participants and the scores that the tool sent."""
    lms, course = current_lms(), chosen_course()
    columns = lms.gradebook.line_items()
    rows = [
        (
            person,
            [
                _cell(lms.gradebook.score(column.id, person.id), column.fields.maximum)
                for column in columns
            ],
        )
        for person in course.participants
    ]
    return render_template(
        "demo_lms/gradebook.html",
        course=course,
        columns=columns,
        rows=rows,
        role_names=ROLE_NAMES,
        number=number,
    )


@pages.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


def number(value: float) -> str:
    """Write a number the Dutch way, without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _pane(course: LmsCourse, side: Pane) -> PaneView:
    """Read the choice from the query; what is unknown falls back to the usual one."""
    usual_role = "mentor" if side == "left" else "pupil"
    usual = next((person for person in course.people if person.role == usual_role), None)
    activity_id = request.args.get(f"{side}_activity", "")
    if activity_id != COURSE_MENU and course.activity(activity_id) is None:
        activity_id = course.activities[-1].id if course.activities else COURSE_MENU
    return PaneView(
        side=side,
        title=PANE_TITLES[side],
        course_id=course.id,
        person=course.person(request.args.get(side, "")) or usual or course.people[0],
        activity_id=activity_id,
        language=chosen_language(f"{side}_language"),
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
