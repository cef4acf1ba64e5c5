"""Numbers of a page, the marks that say whose they are, and those that have none."""

import re
from calendar import month_abbr
from collections import Counter
from datetime import date

from babel.dates import format_date
from bs4 import BeautifulSoup

MONTHS = "|".join(month_abbr[1:])
DATE = re.compile(rf"\b(?:[A-Z][a-z]+day )?(?:\d{{1,2}} )?(?:{MONTHS})[a-z]*(?: \d{{4}})?\b")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
MARKS = ("data-column", "data-columns", "data-rows", "data-sum", "data-count", "data-age")
"""What says whose a number is: columns of a query, the number of its rows, their sum, a count on the page, the age."""
WITHOUT_A_QUERY = {
    "footer": "the policy's limits",
    "bdi, code": "texts of the sheet, and model ids",
    ".hidden, svg": "said by the table beside it",
    "table.term thead": "dates of the columns",
    "table.marks tbody": "each session and its cell, compared with the records by test_student_page",
}
"""Where numbers stand that are no answer of a query."""
EXAMPLES = ("3+ means at least 3", "⟨U+200B⟩")
"""What signs mean, said by an example."""


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


def query_of(element):
    """The query an element's numbers are of: its own, else that of what it stands in."""
    own = element.get("data-query") or element.get("data-rows")
    return own or element.find_parent(attrs={"data-query": True})["data-query"]


def numbers(element, *, without=()):
    """The numbers of an element, without dates and the texts of the sheet."""
    text = element.get_text(" ").replace("\N{NO-BREAK SPACE}", " ")
    for other in without:
        text = text.replace(other, " ")
    return NUMBER.findall(DATE.sub(" ", text))


def written(row, columns):
    """The values of a row as pages write them."""
    for column in columns.split():
        value = row[column]
        if isinstance(value, (str, list)):
            yield from NUMBER.findall(" ".join([value] if isinstance(value, str) else value))
        elif value is not None:
            value = 100 * value if column.endswith("_rate") else value
            yield f"{value:.1f}" if column.endswith(("_rate", "_percent")) else f"{value:.1f}".removesuffix(".0")


def should_be_of_its_row(row, table, line):
    """Raise where a marked cell of the line holds a number that is none of its columns' in the row."""
    heads = table.thead.find_all("th")
    for head, cell in zip(heads, line.find_all(["th", "td"]), strict=True):
        if columns := head.get("data-columns"):
            found, wanted = numbers(cell), list(written(row, columns))
            assert Counter(found) <= Counter(wanted), (columns, row["student_key"])
            if len(columns.split()) == 2:
                assert found == wanted[: len(found)], columns
            yield from found


def unmarked_numbers(page, texts):
    """The numbers of a page that nothing marks, but for dates, examples and the texts given."""
    soup = BeautifulSoup(page, "html.parser")
    for element in [soup.head, *_marked(soup), *(one for where in WITHOUT_A_QUERY for one in soup.select(where))]:
        element.decompose()
    return numbers(soup, without=[*EXAMPLES, *texts])


def _marked(soup):
    """Elements with a mark, and the cells below a marked head."""
    for head in soup.select("thead th"):
        if any(head.has_attr(mark) for mark in MARKS):
            place = len(head.find_previous_siblings(["th", "td"]))
            yield from (line.find_all(["th", "td"])[place] for line in head.find_parent("table").select("tbody tr"))
    yield from soup.select(", ".join(f":not(th)[{mark}]" for mark in MARKS))
