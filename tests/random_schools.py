"""Random small schools for the property tests: many students at once, for each question to the engine costs time."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.plain_school import Action, Enrolment, Record, School, Session, Spoiled

FIRST_DAY = date(2026, 8, 31)
MISSED = (Fraction(0), Fraction(0), Fraction(0), Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(3, 4))


@dataclass(frozen=True)
class Shape:
    """How large, and how odd, a random school is."""

    count_cohorts: int = 5
    count_days: int = 34
    count_days_ahead: int = 12
    students_per_cohort: int = 9

    @property
    def days(self) -> list[date]:
        """Monday to Friday, from the first day on."""
        days = (FIRST_DAY + timedelta(days=number) for number in range(2 * (self.count_days + self.count_days_ahead)))
        return [day for day in days if day.weekday() < 5][: self.count_days + self.count_days_ahead]

    @property
    def as_of(self) -> date:
        return self.days[self.count_days - 1]


def random_school(seed: int, shape: Shape) -> School:
    """Return a school of the seed: cohorts with own calendars, students with every kind of enrolment and of mark."""
    rng = random.Random(seed)
    cohorts = [f"c{number}" for number in range(shape.count_cohorts)]
    sessions = [session for cohort in cohorts for session in _calendar(rng, cohort, shape)]
    school = School([], sessions, [], [], [])
    for number in range(shape.count_cohorts * shape.students_per_cohort):
        _add_student(rng, school, f"s{number:03}", rng.sample(cohorts, rng.choice((1, 1, 1, 2))), shape)
        _add_actions(rng, school, f"s{number:03}", shape)
    return school


def _add_actions(rng: random.Random, school: School, student: str, shape: Shape) -> None:
    for _ in range(rng.choice((0, 0, 1, 3))):
        school.actions.append(
            Action(student, rng.choice(shape.days), rng.choice(("call", "letter", "meeting", "note")))
        )


def _calendar(rng: random.Random, cohort: str, shape: Shape) -> list[Session]:
    periods = rng.choice((("",), ("",), ("1", "2"), ("1", "2", "3")))
    has_plan, untaken = rng.random() < 0.7, rng.choice((0.0, 0.05, 0.3))
    skipped = rng.choice((0.0, 0.3, 0.6))
    sessions = []
    for day in shape.days:
        is_ahead = day > shape.as_of
        for period in periods if rng.random() >= skipped or day == shape.days[0] else ():
            is_taken = not is_ahead and rng.random() >= untaken
            is_in_sheet = is_taken or rng.random() < 0.5
            sessions.append(
                Session(
                    f"{cohort}|{day}|{period}",
                    cohort,
                    day,
                    period,
                    is_taken=is_taken,
                    is_cancelled=rng.random() < 0.05,
                    is_in_sheet=is_in_sheet,
                    is_in_calendar=has_plan and (rng.random() < 0.9 or not is_in_sheet),
                )
            )
    return sessions


def _add_student(rng: random.Random, school: School, student: str, cohorts: list[str], shape: Shape) -> None:
    for cohort in cohorts:
        stays = _stays(rng, student, cohort, shape)
        school.enrolments.extend(stays)
        first, last = _marked_span(rng, stays, shape)
        missing, spoiling = rng.choice((0.0, 0.05, 0.3)), rng.choice((0.0, 0.0, 0.1))
        absence = rng.choice((0.0, 0.05, 0.2, 0.7))
        for session in school.sessions:
            if session.cohort != cohort or not session.is_taken or not first <= session.day <= last:
                continue
            if rng.random() < missing:
                if rng.random() < 0.5:
                    school.spoiled.append(Spoiled(student, session.session_id))
            elif rng.random() < spoiling:
                school.spoiled.append(Spoiled(student, session.session_id))
            else:
                school.records.append(_mark(rng, student, session, absence))


def _stays(rng: random.Random, student: str, cohort: str, shape: Shape) -> list[Enrolment]:
    """A declared stay, one without an end, two stays, a stay that ends or starts later, one known from marks alone."""
    days, count = shape.days, shape.count_days
    early, late = days[rng.randrange(count // 2)], days[rng.randrange(count // 2, count)]
    kinds = {
        "whole": [Enrolment(student, cohort, days[0])],
        "joined": [Enrolment(student, cohort, late)],
        "left": [Enrolment(student, cohort, early, late)],
        "last day is the as-of date": [Enrolment(student, cohort, early, shape.as_of)],
        "leaves later": [Enrolment(student, cohort, early, days[-1])],
        "joins later": [Enrolment(student, cohort, days[-1])],
        "left before": [Enrolment(student, cohort, date(2026, 1, 5), date(2026, 6, 30))],
        "twice": [
            Enrolment(student, cohort, days[0], early, stint=1),
            Enrolment(student, cohort, late, stint=2),
        ],
        "no end on the roster": [Enrolment(student, cohort, early, is_end_declared=False)],
        "no dates on the roster": [Enrolment(student, cohort, is_end_declared=False)],
        "marks alone": [Enrolment(student, cohort, source="marks", is_end_declared=False)],
    }
    return kinds[rng.choice(list(kinds))]


def _marked_span(rng: random.Random, stays: list[Enrolment], shape: Shape) -> tuple[date, date]:
    """Where marks stand: anywhere, also outside the window."""
    days = shape.days
    span = sorted(rng.sample(days[: shape.count_days], 2)) if rng.random() < 0.4 else [days[0], shape.as_of]
    if rng.random() < 0.1:
        return days[-1], days[-1]  # no mark at all
    return span[0], span[1]


def _mark(rng: random.Random, student: str, session: Session, absence: float) -> Record:
    missed = rng.choice(MISSED[3:]) if rng.random() < absence else Fraction(0)
    return Record(
        student,
        session.session_id,
        missed,
        is_excused=missed > 0 and rng.random() < 0.4,
        is_tardy=missed == 0 and rng.random() < 0.1,
        counts_in_rate=rng.random() >= 0.02,
    )
