"""The dashboard for a Databricks workspace, written from the named queries; ``make docs`` writes it anew.

``python -m student_track.lakeview_dashboard > reports/attendance_dashboard.lvdash.json``; with a policy's file as
argument, its rules are the values the queries are asked with.
"""

import json
import sys
from pathlib import Path
from typing import Any

from student_track import queries
from student_track.lakeview_layout import PAGES, Widget, placed
from student_track.policy import Policy, load_policy
from student_track.resources import resource

MEASURED = "FROM student_metrics WHERE as_of_date <= :as_of_date"
LATEST = {
    "as_of_date": f"(SELECT max(as_of_date) {MEASURED})",
    "school_year": f"(SELECT max(school_year) {MEASURED})",
}
"""What stands for a parameter that follows from the day: the latest with metrics up to the one that is chosen."""
TODAY = "now/d"
"""The dashboard's own word for the day it is looked at."""
DATA_TYPES = {"as_of_date": "DATE", "tier_scope": "STRING", "blank_mark": "STRING", "suppress_below": "DECIMAL"}


def as_json(policy: Policy) -> str:
    """Return the dashboard as the text of a ``.lvdash.json`` file."""
    return json.dumps(dashboard(policy), ensure_ascii=False, indent=1) + "\n"


def dashboard(policy: Policy) -> dict[str, Any]:
    """Return the dashboard: one dataset per query that a widget shows, the pages, and the choice of the day."""
    shown = dict.fromkeys(widget.query for page in PAGES for widget in page.widgets)
    datasets = [_dataset(name, policy) for name in shown]
    pages = [
        {"name": page.name, "displayName": page.title, "pageType": "PAGE_TYPE_CANVAS", "layoutVersion": "GRID_V1"}
        | {"layout": [{"widget": _widget(widget), "position": place} for widget, place in placed(page)]}
        for page in PAGES
    ]
    return {"datasets": datasets, "pages": [*pages, _choice_of_the_day(datasets)]}


def _dataset(name: str, policy: Policy) -> dict[str, Any]:
    query = queries.named_query(name)
    sql = _of_the_latest_day(query.sql, policy)
    return {
        "name": name,
        "displayName": name,
        "queryLines": [f"-- {query.question}\n", *sql.splitlines(keepends=True)],
        "parameters": [_parameter(keyword, policy) for keyword in sorted(set(queries.PARAMETER.findall(sql)))],
    }


def _of_the_latest_day(sql: str, policy: Policy) -> str:
    """The query's SQL, in which day and school years follow from the day that is chosen."""
    first_year = {"first_school_year": LATEST["school_year"] if policy.period == "school_year" else "0"}
    followed = LATEST | first_year
    return queries.PARAMETER.sub(lambda match: followed.get(match[1], match[0]), sql)


def _parameter(keyword: str, policy: Policy) -> dict[str, Any]:
    values = {
        "as_of_date": TODAY,
        "tier_scope": policy.tier_scope,
        "blank_mark": policy.blank_mark,
        "suppress_below": str(policy.suppress_groups_below),
    }
    kind = DATA_TYPES[keyword]
    selection = {"values": {"dataType": kind, "values": [{"value": values[keyword]}]}}
    return {"displayName": keyword, "keyword": keyword, "dataType": kind, "defaultSelection": selection}


def _widget(widget: Widget) -> dict[str, Any]:
    fields = [{"name": name, "expression": f"`{name}`"} for name in widget.columns]
    query = {"datasetName": widget.query, "fields": fields, "disaggregated": True}
    question = queries.named_query(widget.query).question
    frame = {"showTitle": True, "title": widget.title, "showDescription": True, "description": question}
    spec = {"version": widget.version, "widgetType": widget.kind, "encodings": widget.encodings(), "frame": frame}
    return {"name": widget.name, "queries": [{"name": "main_query", "query": query}], "spec": spec}


def _choice_of_the_day(datasets: list[dict[str, Any]]) -> dict[str, Any]:
    """A page of filters with one date: every dataset that depends on the day follows it."""
    keyword = "as_of_date"
    bound = [data["name"] for data in datasets if any(known["keyword"] == keyword for known in data["parameters"])]
    parameters = [{"name": keyword, "keyword": keyword}]
    asked = [
        {"name": f"day_{name}", "query": {"datasetName": name, "parameters": parameters, "disaggregated": False}}
        for name in bound
    ]
    spec = {
        "version": 2,
        "widgetType": "filter-date-picker",
        "encodings": {"fields": [{"parameterName": keyword, "queryName": query["name"]} for query in asked]},
        "selection": {"defaultSelection": {"values": {"dataType": "DATE", "values": [{"value": TODAY}]}}},
        "frame": {"showTitle": True, "title": "As of (the latest day with metrics up to this one)"},
    }
    widget = {"name": "as_of_date", "queries": asked, "spec": spec}
    place = {"x": 0, "y": 0, "width": 4, "height": 2}
    page = {"name": "filters", "displayName": "Day", "pageType": "PAGE_TYPE_GLOBAL_FILTERS"}
    return page | {"layoutVersion": "GRID_V1", "layout": [{"widget": widget, "position": place}]}


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else resource("params/policy.yml")
    print(as_json(load_policy(chosen)), end="")
