"""Charts as static SVG, in one visual language; each stands beside a table that says the same."""

import re

import altair as alt
import pandas as pd
import vl_convert

INK = "#3b6ea5"
WIDTH, HEIGHT = 1080, 200
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def attendance_by_week(weeks: pd.DataFrame) -> alt.Chart:
    """Return the line of attendance by week. Needs the columns ``first_day`` and ``attendance_percent``."""
    data = weeks.assign(
        first_day=pd.to_datetime(weeks["first_day"]), attendance_percent=weeks["attendance_percent"].astype(float)
    )
    low = float(min(90.0, data["attendance_percent"].min() - 1)) if len(data) else 80.0
    base = alt.Chart(data, width=WIDTH, height=HEIGHT).encode(
        x=alt.X("first_day:T", title=None, axis=alt.Axis(format="%-d %b", grid=False, tickCount=8)),
        y=alt.Y("attendance_percent:Q", title="Attendance, %", scale=alt.Scale(domain=[low, 100])),
    )
    line = base.mark_line(color=INK, strokeWidth=2) + base.mark_point(color=INK, filled=True, size=40)
    return line.properties(background="transparent").configure_view(stroke=None)


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


def as_svg(chart: alt.Chart, title: str) -> str:
    """Return the chart as SVG text with a title for screen readers; it loads nothing."""
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    start = svg.index(">", svg.index("<svg"))
    label = _drawable(title).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'{svg[:start]} role="img" aria-label="{label}"{svg[start:]}'


def _drawable(text: str) -> str:
    """The text without characters XML cannot hold: the renderer ends the whole process at one."""
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
