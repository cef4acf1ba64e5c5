"""The site: one page for the school, one per cohort; self-contained, owner-only, replaced file by file."""

import math
import tempfile
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from student_track.errors import CheckFailedError
from student_track.page_names import INDEX, cohort_file
from student_track.privacy import student_anchor, student_label
from student_track.reporting.charts import as_svg, attendance_by_week
from student_track.reporting.facts import Day, Row, SchoolFacts
from student_track.reporting.words import CHANGES, REASONS, TIER_LOOKS, WEEKDAYS
from student_track.resources import resource

OLD_AFTER_DAYS = 4


@dataclass(frozen=True)
class Rules:
    """The policy's rules that every page states; ``tier_limits`` are shares missed, by tier, best tier first."""

    unit: Literal["day", "session"]
    tier_limits: dict[str, Fraction]
    tier_from_possible_units: int
    high_share: Fraction
    """Share of a class that the band high names."""


@dataclass(frozen=True)
class Frame:
    """What stands on every page: the school, the day, how old the data is, by which rules."""

    school_name: str
    day: Day
    from_date: date
    today: date
    rules: Rules

    @property
    def age_days(self) -> int:
        return (self.today - self.day.as_of_date).days

    @property
    def is_old(self) -> bool:
        """Older than a long weekend."""
        return self.age_days >= OLD_AFTER_DAYS


def school_page(frame: Frame, facts: SchoolFacts) -> str:
    """Return the HTML of the school's page; no student's name or pseudonym stands in it."""
    chart = as_svg(attendance_by_week(facts.weeks), "Attendance by week, in percent; the table below says the same")
    links = {
        cohort: cohort_file(cohort) for cohort in (*(row["cohort"] for row in facts.cohorts), *facts.hidden_cohorts)
    }
    weeks = facts.weeks.to_dict("records")
    return render("school.html.j2", frame, facts=facts, weeks=weeks, links=links, chart=Markup(chart))  # noqa: S704


def cohort_page(frame: Frame, cohort: str, roster: list[Row], dates: dict[str, list[date]], held: str | None) -> str:
    """Return the HTML of a cohort's page, with names, in order of need."""
    current = [row for row in roster if row["status"] != "left"]
    return render(
        "cohort.html.j2",
        frame,
        cohort=cohort,
        needing=[row for row in current if row["needs_attention"]],
        others=[row for row in current if not row["needs_attention"]],
        left=[row for row in roster if row["status"] == "left"],
        dates=dates,
        held=held,
        index=INDEX,
    )


def should_name_nobody(page: str, rosters: dict[str, list[Row]], facts: SchoolFacts) -> None:
    """Raise CheckFailedError where a student's pseudonym, or a name of two words or more, stands in the page.

    A name that is also somebody else's (staff, a tab, a cohort) says nothing about the student.
    """
    texts = {row["student_key"] for rows in rosters.values() for row in rows}
    names = {row["student_name"] for rows in rosters.values() for row in rows if row["student_name"]}
    names -= {value for row in facts.rows() for value in row.values() if isinstance(value, str)}
    found = [text for text in texts | {name for name in names if " " in name} if text in page or escape(text) in page]
    if found:
        raise CheckFailedError(f"{INDEX}: {len(found)} students could be told from the page. Nothing was written.")


def write_site(folder: Path, pages: dict[str, str]) -> list[Path]:
    """Write the pages, each whole or not at all and readable by its owner alone; remove pages that are no more."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    for name, text in pages.items():
        _write_page(folder, name, text)
    for path in folder.glob("*.html"):
        if path.name not in pages:
            path.unlink()
    return [folder / name for name in pages]


def _write_page(folder: Path, name: str, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, suffix=".part", delete=False) as file:
        part = Path(file.name)
        try:
            file.write(text)
            file.flush()
            part.replace(folder / name)
        except BaseException:
            part.unlink(missing_ok=True)  # half a page holds names too
            raise


def render(template: str, frame: Frame, **values: Any) -> str:
    """Return a page of a template of ``reports/templates``; every value is escaped where it is shown."""
    environment = Environment(
        loader=FileSystemLoader(resource("reports/templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": _day,
        "short": _short_day,
        "day_month": _day_month,
        "percent": _percent,
        "number": _number,
        "points": _points,
        "limit": _limit,
        "label": student_label,
        "anchor": student_anchor,
    }
    words = {"tiers": TIER_LOOKS, "changes": CHANGES, "weekdays": WEEKDAYS, "reasons": REASONS}
    return environment.get_template(template).render(frame=frame, **words, **values)


def _day(value: date) -> str:
    return f"{value:%A} {value.day} {value:%B %Y}"


def _short_day(value: date | None) -> str:
    return f"{value.day} {value:%b %Y}" if value else "–"


def _day_month(value: date) -> str:
    return f"{value.day} {value:%b}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _points(percent: float | None) -> str:
    """A percentage a query has rounded already; pandas says NaN where a week has no known session."""
    return "–" if percent is None or math.isnan(percent) else f"{percent} %"


def _limit(share: Fraction) -> str:
    return f"{float(100 * share):g} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")
