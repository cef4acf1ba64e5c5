"""Every number of the pages is its named query's, and stands in the metric dictionary."""

import re
from collections import Counter
from datetime import date

import pytest
from babel.dates import format_date
from bs4 import BeautifulSoup

from student_track import session
from student_track.metrics.page_numbers import meaning
from student_track.queries import ask
from student_track.reporting.facts import rows_of
from tests.reporting.rendered import rendered

DATE = re.compile(r"\b(?:[A-Z][a-z]+day )?\d{1,2} [A-Z][a-z]+ \d{4}\b")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
TEXTS = {"cohort", "tab", "cell", "what_to_do", "week", "first_day", "weekday", "level"} | {
    *("notebook", "started_date", "started_time", "policy_version", "code_version", "run_id", "judged_term"),
    *("trained_date", "model_id", "day"),
}
"""Columns that say which row it is."""


@pytest.fixture
def made(sample_lake, config):
    return rendered(session.spark(config), config, "Oak")


@pytest.fixture
def answers(made, config):
    """The answer of a named query, asked once."""
    found = {}

    def answer(name):
        if name not in found:
            found[name] = rows_of(ask(session.spark(config), name, **made.values))
        return found[name]

    return answer


def shown(column, value):
    """A value as a page writes it."""
    if value is None:
        return "–"
    if column == "weekday":
        return ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[value - 1]
    if isinstance(value, date):
        return format_date(value, "EEEE d MMMM y" if column == "date" else "d MMM y", "en")
    if column.endswith("_percent"):
        return f"{value:.1f}\N{NO-BREAK SPACE}%"
    return f"{value:,.1f}" if isinstance(value, float) else str(value)


def columns_of(table):
    """The columns a table says it shows: query, column and the text of each row."""
    heads = table.thead.find_all("th")
    cells = [row.find_all(["th", "td"]) for row in table.tbody.find_all("tr")]
    for place, head in enumerate(heads):
        if column := head.get("data-column"):
            yield (
                head.get("data-query", table["data-query"]),
                column,
                [row[place].get_text(" ", strip=True) for row in cells],
            )


@pytest.mark.parametrize("kind", ["school", "operations"])
def test_every_column_of_a_table_is_that_of_its_query(made, answers, kind):
    count = 0
    for table in BeautifulSoup(made.pages[kind], "html.parser").select("table[data-query]"):
        for query, column, found in columns_of(table):
            rows = answers(query)
            rows = sorted(rows, key=lambda row: row["cohort"]) if table.get("data-sorted") else rows
            texts = [shown(column, row[column]) for row in rows][:50]
            first_lines = [text.split()[0] for text in found] if column == "model_id" else found
            assert first_lines == texts, (query, column)
            count += len(found)
    assert count > 50


def test_every_number_in_a_figure_or_a_sentence_is_its_querys(made, answers):
    soup = BeautifulSoup(made.pages["school"], "html.parser")
    for element in soup.select(":not(thead *)[data-column]"):
        column, query = element["data-column"], element.find_parent(attrs={"data-query": True})["data-query"]
        assert element.get_text(strip=True) == shown(column, answers(query)[0][column]), column
    for element in soup.select("[data-columns]"):
        query = element.get("data-query") or element.find_parent(attrs={"data-query": True})["data-query"]
        row = answers(query)[0]
        wanted = Counter(f"{row[column]:.0f}" for column in element["data-columns"].split())
        assert wanted <= Counter(NUMBER.findall(DATE.sub("", element.get_text(" ")))), element["data-columns"]
    for element in soup.select("[data-rows]"):
        assert element.get_text(strip=True) == str(len(answers(element["data-rows"])))


@pytest.mark.parametrize("kind", ["school", "operations"])
def test_no_number_stands_on_a_page_without_a_query(made, kind):
    main = BeautifulSoup(made.pages[kind], "html.parser").main
    for element in main.select("[data-query], [data-rows], [data-age], svg, details ul"):
        element.decompose()
    text = DATE.sub("", main.get_text(" "))
    terms = {row["judged_term"] for row in made.facts.risk.verdicts}
    for term in terms:
        text = text.replace(term, "")
    assert NUMBER.findall(text) == []


def test_every_number_stands_in_the_metric_dictionary(made):
    for kind in ("school", "operations"):
        soup = BeautifulSoup(made.pages[kind], "html.parser")
        named = {
            (query, column) for table in soup.select("table[data-query]") for query, column, _ in columns_of(table)
        }
        for element in soup.select("[data-columns]"):
            query = element.get("data-query") or element.find_parent(attrs={"data-query": True})["data-query"]
            named |= {(query, column) for column in element["data-columns"].split()}
        assert [pair for pair in sorted(named) if pair[1] not in TEXTS and meaning(*pair) is None] == []


def test_a_cohorts_roster_says_what_its_query_says_of_each_student(made):
    soup = BeautifulSoup(made.pages["cohort"], "html.parser")
    rows = {
        row.th.get_text("|", strip=True).split("|")[1]: row.get_text(" ", strip=True) for row in soup.select("tr[id]")
    }
    enrolled = [row for row in made.roster if row["status"] != "left"]
    assert rows.keys() == {row["student_id"] for row in enrolled}
    for row in enrolled:
        text = rows[row["student_id"]].replace("\N{NO-BREAK SPACE}", " ")
        assert f"{row['missed_units']:.1f}".removesuffix(".0") + f" of {row['count_possible_units']}" in text
        assert f"{100 * row['attendance_rate']:.1f} % there" in text
        assert f"{row['count_excused_sessions']} excused, {row['count_unexcused_sessions']} not" in text
        if row["next_tier"]:
            assert f"{row['count_absences_to_next_tier']} more: " in text


def test_the_heat_map_shows_the_absences_that_the_metrics_count(made):
    """The sample's term is its school year to date, a day is one session, and what is missed in part is a half."""
    students = {row["student_key"]: row for row in made.roster if row["status"] != "left"}
    assert len(students) > 20
    for key, row in students.items():
        states = Counter(made.term.states_of(key))
        assert states["absent"] + states["partial"] / 2 == row["cohort_missed_units"], row["student_id"]
