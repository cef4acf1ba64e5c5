"""Every number of the pages is its named query's, and stands in the metric dictionary."""

from collections import Counter
from functools import cache

import pytest
from babel.dates import format_date
from bs4 import BeautifulSoup

from student_track import session
from student_track.metrics.page_numbers import meaning
from student_track.privacy import student_anchor, student_label
from student_track.queries import ask
from student_track.reporting.facts import rows_of
from student_track.settings import load_settings
from tests.reporting.marked_numbers import (
    DATE,
    NUMBER,
    columns_of,
    numbers,
    query_of,
    should_be_of_its_row,
    shown,
    unmarked_numbers,
    written,
)
from tests.reporting.rendered import rendered

TEXTS = {"cohort", "tab", "cell", "what_to_do", "week", "first_day", "weekday", "level"} | {
    *("notebook", "started_date", "started_time", "policy_version", "code_version", "run_id", "judged_term"),
    *("trained_date", "model_id", "day"),
    *("because", "held_reason", "verdict_reasons", "risk_reasons", "abstained_because"),
}
"""Columns that say which row it is, or are sentences with numbers of their own."""
KINDS = ("school", "operations", "cohort", "fix_it", "student")


@pytest.fixture(scope="module")
def made(sample_run, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDENT_TRACK_LAKE", str(sample_run / "lake" / "school"))
        patch.setenv("STUDENT_TRACK_REPORTS", str(tmp_path_factory.mktemp("reports")))
        config = load_settings("params/sample.yml")
        return rendered(session.spark(config), config, "Oak")


@pytest.fixture(scope="module")
def answers(made):
    """The answer of a named query, asked once."""
    return cache(lambda name: rows_of(ask(made.spark, name, **made.values)))


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
        column, query = element["data-column"], query_of(element)
        assert element.get_text(strip=True) == shown(column, answers(query)[0][column]), column
    for element in soup.select("[data-columns]"):
        row = answers(query_of(element))[0]
        wanted = Counter(f"{row[column]:.0f}" for column in element["data-columns"].split())
        assert wanted <= Counter(NUMBER.findall(DATE.sub("", element.get_text(" ")))), element["data-columns"]
    for element in soup.select("[data-rows]"):
        assert element.get_text(strip=True) == str(len(answers(element["data-rows"])))


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_stands_on_a_page_without_a_mark_that_says_whose_it_is(made, kind):
    terms = {row["judged_term"] for row in made.facts.risk.verdicts} | {made.term.name}
    labels = {student_label(row["student_key"]) for row in made.roster} | {student_label(made.student.student_key)}
    of_policy = f"{float(100 * made.rules.high_share):g} %"
    assert unmarked_numbers(made.pages[kind], [*terms, *labels, of_policy]) == []


def test_a_number_without_a_mark_is_found():
    marked = '<table><thead><tr><th></th><th data-columns="a"></th></tr></thead><tbody><tr><td>{}</td><td>7</td></tr>'
    page = "<html><head></head><body><p>{}</p><p data-rows=x>5</p>" + marked + "</tbody></table></body></html>"
    assert unmarked_numbers(page.format("on 3 Nov 2026", "<bdi>9</bdi>"), []) == []
    assert unmarked_numbers(page.format("12 Mondays", "8"), []) == ["12", "8"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_page_counts_of_itself_is_there(made, kind):
    soup = BeautifulSoup(made.pages[kind], "html.parser")
    for element in soup.select("[data-count]"):
        assert numbers(element, without=[made.term.name]) == [str(len(soup.select(element["data-count"])))]


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_stands_in_the_metric_dictionary(made, kind):
    soup = BeautifulSoup(made.pages[kind], "html.parser")
    named = {
        (query_of(element), column)
        for kind in ("data-column", "data-columns", "data-sum")
        for element in soup.select(f"[{kind}]")
        for column in element[kind].split()
    }
    assert named
    assert [pair for pair in sorted(named) if pair[1] not in TEXTS and meaning(*pair) is None] == []


def test_a_number_that_the_dictionary_does_not_say_is_found():
    assert meaning("cohort_roster", "missed_units")
    assert meaning("cohort_roster", "no_such_metric") is None
    assert meaning("no_such_query", "marks_kept_out") is None


def test_every_number_of_a_cohorts_page_is_that_of_its_row(made, answers):
    soup = BeautifulSoup(made.pages["cohort"], "html.parser")
    rows = {student_anchor(row["student_key"]): row for row in answers("cohort_roster") if row["cohort"] == "Oak"}
    tables = soup.select("table[data-query=cohort_roster]")
    lines = [(table, line) for table in tables for line in table.tbody.find_all("tr")]
    assert {line["id"] for _, line in lines} == rows.keys()
    found = [number for table, line in lines for number in should_be_of_its_row(rows[line["id"]], table, line)]
    assert len(found) > 4 * len(rows)


def test_the_sentences_of_a_cohorts_page_are_the_schools_numbers_of_it(made, answers):
    soup = BeautifulSoup(made.pages["cohort"], "html.parser")
    (row,) = (row for row in answers("by_cohort") if row["cohort"] == "Oak")
    answer = soup.select_one("p[data-query=by_cohort]")
    assert numbers(answer) == list(written(row, answer["data-columns"]))
    withheld = [row for row in made.roster if row["tier"] == "withheld" and row["status"] != "left"]
    said = [number for notice in soup.select("p[data-rows]") for number in numbers(notice)]
    assert said == [str(len(withheld) - sum(row["needs_attention"] for row in withheld))][: bool(withheld)]


def test_every_number_of_the_fix_it_page_is_that_of_its_cells(made, answers):
    soup = BeautifulSoup(made.pages["fix_it"], "html.parser")
    cells = answers("data_to_mend")
    assert numbers(soup.select_one("p[data-rows]")) == [
        str(len(cells)),
        str(sum(row["marks_kept_out"] for row in cells)),
    ]
    kept_out = Counter()
    for line in soup.select("table[data-query=data_to_mend] tbody tr"):
        tab, named, *_, count, _ = (cell.get_text("|", strip=True).split("|") for cell in line.find_all(["th", "td"]))
        own = [row for row in cells if row["tab"] == tab[0] and row["cell"] in named[0].split(", ")]
        marks = sum(row["marks_kept_out"] for row in own)
        assert marks == int(count[0]) if len(named) == 1 else marks < int(count[0])
        kept_out[tab[0]] += int(count[0])
    assert kept_out == Counter(
        {tab: sum(row["marks_kept_out"] for row in cells if row["tab"] == tab) for tab in {row["tab"] for row in cells}}
    )


def test_every_figure_of_a_students_page_is_that_of_its_standing(made, answers):
    soup = BeautifulSoup(made.pages["student"], "html.parser")
    key = made.student.student_key
    standings = [row for row in answers("student_standing") if row["student_key"] == key]
    sections = soup.select("section[data-query=student_standing]")
    for section, row in zip(sections, standings, strict=True):
        for element in section.select("[data-columns]"):
            found = Counter(numbers(element)) - Counter([str(made.trend_units)])
            assert found <= Counter(written(row, element["data-columns"])), element["data-columns"]
    risks = [row for row in answers("student_cohorts") if row["student_key"] == key]
    (said,) = (element for element in soup.select("ul[data-columns=risk_reasons]"))
    assert [reason.get_text() for reason in said.find_all("li")] in [row["risk_reasons"] for row in risks]
    effects = [row for row in answers("effect_of_actions") if row["student_key"] == key]
    (table,) = soup.select("table[data-query=effect_of_actions]")
    lines = table.tbody.find_all("tr")
    assert lines
    for line in lines:
        row = next(row for row in effects if format_date(row["action_date"], "d MMM y", "en") in line.th.get_text())
        assert len(list(should_be_of_its_row(row, table, line))) == 4


def test_the_weekdays_and_the_tiers_of_a_students_page_are_those_of_their_queries(made, answers):
    soup = BeautifulSoup(made.pages["student"], "html.parser")
    for query, line_of in (("student_weekdays", "tr"), ("student_tiers", "tr:has(.chip)")):
        rows = [row for row in answers(query) if row["student_key"] == made.student.student_key]
        (table,) = soup.select(f"table[data-query={query}]")
        lines = table.tbody.select(line_of)
        ordered = rows if query == "student_weekdays" else rows[::-1]  # the latest first
        for row, line in zip(ordered, lines, strict=True):
            assert list(should_be_of_its_row(row, table, line)) == list(
                written(row, "missed_units count_possible_units")
            )
    assert len(rows) > 1


def test_a_cohorts_roster_says_what_its_query_says_of_each_student(made):
    soup = BeautifulSoup(made.pages["cohort"], "html.parser")
    rows = {
        row.th.get_text("|", strip=True).split("|")[1]: row.get_text(" ", strip=True)
        for row in soup.select(".roster tr[id]")
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
