"""What staff of the sample school did about students who are often away."""

from datetime import date
from random import Random
from typing import NamedTuple

from student_track.sample.names import STAFF
from student_track.sample.school import Pupil, School

KINDS = (
    ("call", "No answer, will try again"),
    ("call", "Spoke to a parent"),
    ("letter", "First letter"),
    ("meeting", ""),
)


class LoggedAction(NamedTuple):
    """One line of the Actions tab."""

    number: str
    day: date
    kind: str
    person: str
    note: str


def logged_actions(people: list[Pupil], school: School) -> list[LoggedAction]:
    """Return the actions of the last weeks, in the order of the students."""
    random = Random(f"{school.seed}-actions")  # noqa: S311 - a sample, not a secret
    often_away = [pupil for pupil in people if pupil.absence > 0.1 or pupil.declines_from]
    days = school.days_of(school.groups[0])[-25:]
    log = []
    for index, pupil in enumerate(often_away[:14]):
        kind, note = KINDS[index % len(KINDS)]
        person = f"{STAFF[index % len(STAFF)]}@example.org"
        log.append(LoggedAction(pupil.number, random.choice(days), kind, person, note))
    return log
