"""Schools drawn as text: one line of signs per student, one sign per school day.

``.`` present, ``A`` absent, ``E`` excused, ``T`` tardy, ``H`` half, ``t`` a third, ``f`` 499 thousandths missed,
``O`` a mark that does not count in the rate, ``Q`` a mark in quarantine, ``?`` no mark in a taken register,
``N`` register not taken, ``x`` cancelled session, ``-`` no session on that day.
Several periods of one day stand in brackets: ``[.A]``.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from tests.plain_school import Enrolment, Record, School, Session, Spoiled

FIRST_DAY = date(2026, 8, 31)
MISSED = {"A": Fraction(1), "E": Fraction(1), "H": Fraction(1, 2), "t": Fraction(1, 3), "f": Fraction(499, 1000)}
FINE_CODES = {
    "fine": {"marks": ["f"], "state": "partial", "missed": "0.499"},
    "third": {"marks": ["t"], "state": "partial", "missed": "1/3"},
}


def school_days(count: int, start: date = FIRST_DAY) -> list[date]:
    """Return so many days from Monday to Friday."""
    days = (start + timedelta(days=number) for number in range(2 * count + 7))
    return [day for day in days if day.weekday() < 5][:count]


def draw(
    student: str, cohort: str, signs: str, days: Iterable[date], ahead: int = 0, stays: Iterable[Enrolment] = ()
) -> School:
    """Return the school of one student alone in a cohort; the last sign stands on the last of the days.

    Without stays the student is declared from the first sign on. ``ahead`` plans so many school days after the last.
    """
    days = list(days)
    of_days = re.findall(r"\[[^]]+\]|.", signs)
    own_days = days[len(days) - len(of_days) :]
    school = School(list(stays) or [Enrolment(student, cohort, own_days[0])], [], [], [])
    for day, of_day in zip(own_days, of_days, strict=True):
        for place, sign in enumerate(of_day.strip("[]"), start=1):
            if sign != "-":
                _draw_sign(school, student, sign, cohort, day, str(place) if len(of_day) > 1 else "")
    for day in school_days(ahead, days[-1] + timedelta(days=1)):
        planned = Session(f"{cohort}|{day}", cohort, day, is_taken=False, is_in_sheet=False, is_in_calendar=True)
        school.sessions.append(planned)
    return school


def together(*schools: School) -> School:
    """Return several drawn schools as one."""
    return School(*([row for school in schools for row in school[part]] for part in range(4)))


def _draw_sign(school: School, student: str, sign: str, cohort: str, day: date, period: str) -> None:
    session = Session(
        f"{cohort}|{day}|{period}", cohort, day, period, is_taken=sign not in "Nx", is_cancelled=sign == "x"
    )
    school.sessions.append(session)
    if sign == "Q":
        school.spoiled.append(Spoiled(student, session.session_id))
    elif sign not in "?Nx":
        missed = MISSED.get(sign, Fraction(0))
        flags = {"is_excused": sign == "E", "is_tardy": sign == "T", "counts_in_rate": sign != "O"}
        school.records.append(Record(student, session.session_id, missed, **flags))
