"""Students exactly at a limit and just beside it: table, query, export, page, message and dictionary say one thing."""

import csv
import io
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from deltalake import DeltaTable

from student_track.metrics.dictionary import as_markdown
from student_track.policy import load_policy
from student_track.privacy import student_label
from student_track.resources import resource
from student_track.tier_names import TIER_NAMES
from tests.lakes import student_track

DAYS = [date(2026, 9, 7) + timedelta(days=number) for number in range(56) if number % 7 < 5]
CASES = {
    "exactly20": ("AP" * 8 + "P" * 24, "severe_chronic"),
    "below20": ("AP" * 7 + "H" + "P" * 25, "moderate_chronic"),
    "exactly10": ("AP" * 4 + "P" * 32, "moderate_chronic"),
    "below10": ("AP" * 3 + "H" + "P" * 33, "at_risk"),
    "exactly5": ("AP" * 2 + "P" * 36, "at_risk"),
    "below5": ("APH" + "P" * 37, "satisfactory"),
    "ten": ("A" + "P" * 9, "moderate_chronic"),
    "nine": ("APAPAPAPA", "too_early"),
    "unknown3": ("P" * 37 + "???", "withheld"),
    "unknown2": ("P" * 38 + "??", "satisfactory"),
}
"""Marks up to the last day, and the tier by the policy as it is; who has fewer marks joined later."""
ASKING = {"exactly20", "below20", "exactly10", "ten", "nine"}
"""Who needs attention: by tier, or by the early warning of the first units."""
OTHERS = [f"other{number:02}" for number in range(12)]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the lake and the pages of the school are, after one run."""
    folder = tmp_path_factory.mktemp("boundaries")
    with (folder / "register.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["Student id", "Date", "Class", "Mark"])
        marks = {name: marks for name, (marks, _) in CASES.items()} | dict.fromkeys(OTHERS, "P" * 40)
        for student, own in marks.items():
            out.writerows([student, day, "7A", mark] for day, mark in zip(DAYS[-len(own) :], own, strict=True))
    (folder / "owners.yml").write_text("cohorts:\n  7A: {owner: tutor@example.org}\n", encoding="utf-8")
    (folder / "school.yml").write_text(
        f"school_name: Hill\nsheet: '{folder / 'register.csv'}'\ntoday: '{DAYS[-1]}'\n"
        f"alert_owners: '{folder / 'owners.yml'}'\n",
        encoding="utf-8",
    )
    places = {"STUDENT_TRACK_LAKE": str(folder / "lake"), "STUDENT_TRACK_REPORTS": str(folder / "reports")}
    done = student_track("run", "--settings", str(folder / "school.yml"), **places)
    assert done.returncode == 0, done.stderr
    return {**places, "settings": str(folder / "school.yml")}


@pytest.fixture(scope="module")
def ask(places: dict[str, str]):
    """Return a function that runs a command of the school and gives what it printed."""

    def ask(*arguments: str) -> str:
        own = {name: place for name, place in places.items() if name.isupper()}
        done = student_track(*arguments, "--settings", places["settings"], **own)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ask


@pytest.fixture(scope="module")
def labels(places: dict[str, str]) -> dict[str, str]:
    """The label of each student, by id."""
    table = table_of(places, "students").to_pyarrow_table()
    return {row["student_id"]: student_label(row["student_key"]) for row in table.to_pylist()}


def table_of(places: dict[str, str], name: str) -> DeltaTable:
    return DeltaTable(str(Path(places["STUDENT_TRACK_LAKE"], "attendance", name)))


def tiers_of(rows: list[dict[str, str]], labels: dict[str, str], student: str, tier: str) -> dict[str, str]:
    """Tier by student of the cases; students are named by id or by label."""
    ids = {label: student_id for student_id, label in labels.items()}
    named = {ids.get(row[student], row[student]): row[tier] for row in rows}
    return {name: named[name] for name in CASES}


EXPECTED = {name: tier for name, (_, tier) in CASES.items()}


def test_the_table(places, labels) -> None:
    table = table_of(places, "student_metrics")
    rows = table.to_pyarrow_table(columns=["student_key", "scope", "tier", "needs_attention"]).to_pylist()
    for scope in ("school", "cohort"):
        own = [row | {"label": student_label(row["student_key"])} for row in rows if row["scope"] == scope]
        assert tiers_of(own, labels, "label", "tier") == EXPECTED
        asking = {row["label"] for row in own if row["needs_attention"]}
        assert asking == {labels[name] for name in ASKING}


def test_the_queries(ask, labels) -> None:
    roster = list(csv.DictReader(io.StringIO(ask("ask", "cohort_roster", "--format", "csv"))))
    assert tiers_of(roster, labels, "student_id", "tier") == EXPECTED
    calls = list(csv.DictReader(io.StringIO(ask("ask", "call_list", "--format", "csv"))))
    assert {student_label(row["student_key"]): row["tier"] for row in calls} == {
        labels[name]: EXPECTED[name] for name in ASKING
    }


def test_the_export(ask, labels, tmp_path: Path) -> None:
    ask("export", "cohort", "--cohort", "7A", "--out", str(tmp_path / "7A.csv"))
    with (tmp_path / "7A.csv").open(encoding="utf-8-sig", newline="") as file:
        assert tiers_of(list(csv.DictReader(file)), labels, "student_id", "tier") == EXPECTED


def test_the_pages(places, labels) -> None:
    site = Path(places["STUDENT_TRACK_REPORTS"], "site")
    pages = [BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in site.rglob("*.html")]
    shown = {label: words_beside(pages, label) for label in labels.values()}
    for name, tier in EXPECTED.items():
        said = [known for known, words in TIER_NAMES.items() if words.casefold() in shown[labels[name]]]
        assert said == [tier], name
    counts = Counter(EXPECTED.values()) + Counter(satisfactory=len(OTHERS))
    (index,) = site.rglob("index.html")
    text = " ".join(BeautifulSoup(index.read_text(encoding="utf-8"), "html.parser").stripped_strings)
    assert f"{len(ASKING)} of {counts.total()} enrolled students need attention" in text.replace("\xa0", " ")


def words_beside(pages: list[BeautifulSoup], label: str) -> str:
    """The text of the table rows in which a student has a tier's badge, in small letters."""
    rows = [row for page in pages for row in page.find_all("tr") if label in row.get_text() and row.select(".chip")]
    return " ".join(badge.get_text(" ", strip=True).casefold() for row in rows for badge in row.select(".chip"))


def test_the_message(ask, labels) -> None:
    said = ask("alerts", "preview")
    paragraphs = re.split(r"(?=Student [0-9A-F]{4}-[0-9A-F]{4})", said)
    told = {paragraph.split(",")[0]: paragraph for paragraph in paragraphs[1:]}
    assert set(told) == {labels[name] for name in (*ASKING, "below10")}  # that one is an absence from the next tier
    for name in (*ASKING, "below10"):
        assert TIER_NAMES[EXPECTED[name]] in told[labels[name]]
        others = [words for tier, words in TIER_NAMES.items() if tier != EXPECTED[name]]
        assert not [words for words in others if f"\n{words}." in told[labels[name]]]


def test_the_dictionary() -> None:
    said = as_markdown(load_policy(resource("params/policy.yml")))
    assert "`at_risk` | ≥ 5 % and < 10 % |" in said
    assert "`moderate_chronic` | ≥ 10 % and < 20 % |" in said
    assert "`severe_chronic` | ≥ 20 % |" in said
