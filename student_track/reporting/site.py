"""The site: one page for the school, one per cohort; self-contained, owner-only, replaced file by file."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from markupsafe import Markup, escape

from student_track.errors import CheckFailedError
from student_track.owner_only_files import replace_whole
from student_track.page_names import INDEX, cohort_file
from student_track.reporting.catalogue import translations
from student_track.reporting.charts import as_svg, attendance_by_week
from student_track.reporting.facts import Row, SchoolFacts
from student_track.reporting.frame import Frame
from student_track.reporting.rendering import render
from student_track.reporting.term import Term
from student_track.translatable import N_


def school_page(frame: Frame, facts: SchoolFacts) -> str:
    """Return the HTML of the school's page; no student's name or pseudonym stands in it."""
    say = translations(frame.language).gettext
    weeks = attendance_by_week(facts.weeks, say(N_("Attendance, %")))
    chart = as_svg(weeks, say(N_("Attendance by week, in percent; the table below says the same")), frame.language)
    links = {
        cohort: cohort_file(cohort) for cohort in (*(row["cohort"] for row in facts.cohorts), *facts.hidden_cohorts)
    }
    return render(
        "school.html.j2",
        frame,
        facts=facts,
        weeks=facts.weeks.to_dict("records"),
        links=links,
        chart=Markup(chart),  # noqa: S704  our own drawing; its texts are escaped
        most_missed=max((100 - (row["attendance_percent"] or 100) for row in facts.weekdays), default=0),
    )


def cohort_page(
    frame: Frame,
    cohort: str,
    roster: list[Row],
    dates: dict[str, list[date]],
    held: str | None,
    term: Term | None = None,
) -> str:
    """Return the HTML of a cohort's page, with names, in order of need."""
    current = [row for row in roster if row["status"] != "left"]
    needing = [row for row in current if row["needs_attention"]]
    others = [row for row in current if not row["needs_attention"]]
    return render(
        "cohort.html.j2",
        frame.of_cohort(cohort),
        cohort=cohort,
        needing=needing,
        news=[row for row in needing if frame.week_before and not row["needs_attention_week_before"]],
        gone=[row for row in others if frame.week_before and row["needs_attention_week_before"]],
        others=others,
        left=[row for row in roster if row["status"] == "left"],
        dates=dates,
        held=held,
        term=term,
        index=INDEX,
    )


def cohort_pages(
    frame: Frame,
    rosters: dict[str, list[Row]],
    dates: dict[str, list[date]],
    held: dict[str, str],
    terms: dict[str, Term],
) -> Iterator[tuple[str, str]]:
    """Yield file name and HTML of each cohort's page, one at a time."""
    for cohort, rows in rosters.items():
        yield cohort_file(cohort), cohort_page(frame, cohort, rows, dates, held.get(cohort), terms.get(cohort))


def should_name_nobody(pages: dict[str, str], rosters: dict[str, list[Row]], facts: SchoolFacts) -> None:
    """Raise CheckFailedError where a student's pseudonym, or a name of two words or more, stands in one of the pages.

    A name that is also somebody else's (staff, a tab, a cohort) says nothing about the student.
    """
    texts = {row["student_key"] for rows in rosters.values() for row in rows}
    names = {row["student_name"] for rows in rosters.values() for row in rows if row["student_name"]}
    names -= {value for row in facts.rows() for value in row.values() if isinstance(value, str)}
    texts |= {name for name in names if " " in name}
    for file, page in pages.items():
        found = sum(text in page or escape(text) in page for text in texts)
        if found:
            raise CheckFailedError(f"{file}: {found} students could be told from the page. Nothing was written.")


def write_site(folder: Path, pages: Iterable[tuple[str, str]]) -> list[Path]:
    """Write pages, by file name, each whole or not at all and for its owner alone; remove pages that are no more.

    Pages are taken one at a time, so that a large site is never in memory as a whole.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    written = {}
    for name, text in pages:
        replace_whole(folder / name, text.encode())
        written[name] = folder / name
    for path in folder.glob("*.html"):
        if path.name not in written:
            path.unlink()
    return list(written.values())
