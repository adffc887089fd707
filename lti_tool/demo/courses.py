"""The courses of the running LMS: the first one, what is added to it, and copies of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from threading import Lock

from lti_tool.demo.school import Activity, LmsPerson, School


@dataclass(frozen=True)
class LmsCourse:
    """A course as it is now."""

    id: str
    title: str
    activities: tuple[Activity, ...]
    """From old to new; the last one is the current one."""
    people: tuple[LmsPerson, ...]
    """Who takes part, and the administrator, who can open every course."""
    history: tuple[str, ...] = ()
    """Ids of the courses this one was copied from, newest first."""

    def activity(self, activity_id: str) -> Activity | None:
        """Find an activity by its resource link id."""
        return next((item for item in self.activities if item.id == activity_id), None)

    @property
    def participants(self) -> tuple[LmsPerson, ...]:
        """The people who are enrolled."""
        return tuple(person for person in self.people if person.role != "administrator")

    def person(self, person_id: str) -> LmsPerson | None:
        """Find somebody by id."""
        return next((person for person in self.people if person.id == person_id), None)


class Courses:
    """All courses, by id; a copy has the people of its original, so that it can be tried out."""

    def __init__(self, school: School, more: Sequence[LmsCourse] = ()) -> None:
        self._lock = Lock()
        self._numbers = count(101)
        first = LmsCourse(school.course_id, school.course_title, school.activities, school.people)
        self.first_id = first.id
        self._courses = {one.id: one for one in (first, *more)}

    def all(self) -> list[LmsCourse]:
        """The courses, in the order they were made."""
        return list(self._courses.values())

    def find(self, course_id: str) -> LmsCourse | None:
        """One course."""
        return self._courses.get(course_id)

    def participant(self, person_id: str) -> LmsPerson | None:
        """Somebody who is enrolled in any course."""
        found = (one.person(person_id) for one in self.all())
        person = next((one for one in found if one), None)
        return person if person and person.role != "administrator" else None

    def has_activity(self, activity_id: str) -> bool:
        """Whether any course has this activity."""
        return any(course.activity(activity_id) for course in self.all())

    def add_activity(
        self, course_id: str, *, title: str, custom: Mapping[str, str], graded: bool
    ) -> Activity:
        """Put an activity at the end of a course. KeyError when the course is unknown."""
        with self._lock:
            course = self._courses[course_id]
            activity = Activity(self._new_id(), title, graded=graded, custom=dict(custom))
            self._courses[course_id] = replace(course, activities=(*course.activities, activity))
            return activity

    def copy(self, course_id: str) -> LmsCourse:
        """Copy a course as Moodle does: new ids for it and its activities, `custom` as it was."""
        with self._lock:
            course = self._courses[course_id]
            copied = LmsCourse(
                id=self._new_id(),
                title=f"{course.title} (kopie)",
                activities=tuple(replace(item, id=self._new_id()) for item in course.activities),
                people=course.people,
                history=(course.id, *course.history),
            )
            self._courses[copied.id] = copied
            return copied

    def _new_id(self) -> str:
        return str(next(self._numbers))
