"""The site: one page for the school, one per cohort; self-contained, owner-only, replaced file by file."""

import tempfile
from datetime import date
from pathlib import Path

from markupsafe import Markup, escape

from student_track.errors import CheckFailedError
from student_track.page_names import INDEX, cohort_file
from student_track.reporting.charts import as_svg, attendance_by_week
from student_track.reporting.facts import Row, SchoolFacts
from student_track.reporting.frame import Frame
from student_track.reporting.rendering import render


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
