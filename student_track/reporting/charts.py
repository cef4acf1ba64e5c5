"""Charts as static SVG, in one visual language; each stands beside a table that says the same."""

import re

import altair as alt
import pandas as pd
from babel.dates import get_day_names, get_month_names

from student_track.reporting.drawing import RENDERER

INK = "#3b6ea5"
BEFORE = "#7f8794"
"""Lines of this year and of the year before: 3 to 1 on light and on dark ground."""
WIDTH, HEIGHT = 1080, 200
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def attendance_by_week(weeks: pd.DataFrame, axis_title: str = "Attendance, %") -> alt.Chart:
    """Return the line of attendance by week; where last year is known, of sessions attended, with last year's dashed.

    Needs the columns ``first_day`` and ``attendance_percent``; ``this_year_percent`` and ``last_year_percent`` too
    where the years are compared.
    """
    has_last_year = "last_year_percent" in weeks and weeks["last_year_percent"].notna().any()
    columns = ["this_year_percent", "last_year_percent"] if has_last_year else ["attendance_percent"]
    data = weeks[["first_day", *columns]].assign(first_day=pd.to_datetime(weeks["first_day"]))
    data[columns] = data[columns].astype(float)
    low = min(90.0, data[columns].min(axis=None) - 1) if data[columns].notna().any(axis=None) else 80.0
    scale = alt.Scale(domain=[float(low), 100])
    lines = [_line(data, column, axis_title, scale, column.startswith("last")) for column in columns]
    return alt.layer(*lines, background="transparent").configure_view(stroke=None)


def _line(data: pd.DataFrame, column: str, axis_title: str, scale: alt.Scale, is_dashed: bool) -> alt.LayerChart:
    base = alt.Chart(data, width=WIDTH, height=HEIGHT).encode(
        x=alt.X("first_day:T", title=None, axis=alt.Axis(format="%-d %b", grid=False, tickCount=8)),
        y=alt.Y(f"{column}:Q", title=axis_title, scale=scale),
    )
    if is_dashed:
        return alt.layer(base.mark_line(color=BEFORE, strokeWidth=2, strokeDash=[5, 4]))
    return base.mark_line(color=INK, strokeWidth=2) + base.mark_point(color=INK, filled=True, size=40)


def tiers_by_cohort(cohorts: pd.DataFrame, looks: dict[str, tuple[str, str]]) -> alt.Chart:
    """Return stacked bars of tiers by cohort; ``looks`` gives name and colour of each tier, worst first."""
    long = cohorts[["cohort", *looks]].melt(id_vars="cohort", var_name="tier", value_name="students")
    long["cohort"] = long["cohort"].map(_drawable)
    long["place"] = long["tier"].map({tier: place for place, tier in enumerate(looks)})
    long["tier"] = long["tier"].map({tier: name for tier, (name, _) in looks.items()})
    colours = alt.Scale(domain=[name for name, _ in looks.values()], range=[colour for _, colour in looks.values()])
    return (
        alt.Chart(long, width=WIDTH, height=alt.Step(20), background="transparent")
        .mark_bar()
        .encode(
            y=alt.Y("cohort:N", title=None),
            x=alt.X("students:Q", title="Students"),
            color=alt.Color("tier:N", scale=colours, title=None),
            order="place:Q",
        )
        .configure_view(stroke=None)
    )


def get_ready_to_draw() -> None:
    """Start what draws charts, which takes a second: beside what comes before the first one."""
    RENDERER.start()


def as_svg(chart: alt.Chart, title: str, language: str = "en") -> str:
    """Return the chart as SVG text with a title for screen readers, months in the language; it loads nothing."""
    drawing = chart.to_dict()
    silent = {"aria": False}  # the renderer's own labels are English; the title says what is to be said
    drawing["config"] |= {**silent, **dict.fromkeys(("mark", "axis", "legend"), silent)}
    svg = RENDERER.svg(drawing, _dates_of(language))
    start = svg.index(">", svg.index("<svg"))
    label = _drawable(title).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'{svg[:start]} role="img" aria-label="{label}"{svg[start:]}'


def _drawable(text: str) -> str:
    """The text without characters XML cannot hold: the renderer ends at one."""
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _dates_of(language: str) -> dict[str, str | list[str]]:
    """Names of months and days as the renderer wants them."""
    months, days = get_month_names, get_day_names
    return {
        "dateTime": "%x %X",
        "date": "%d.%m.%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "months": list(months("wide", "stand-alone", language).values()),
        "shortMonths": list(months("abbreviated", "format", language).values()),
        "days": [days("wide", "stand-alone", language)[number] for number in (6, 0, 1, 2, 3, 4, 5)],
        "shortDays": [days("abbreviated", "format", language)[number] for number in (6, 0, 1, 2, 3, 4, 5)],
    }
