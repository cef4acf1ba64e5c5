"""What may be shared holds no name, no id and no small group: looked for with the sample's full list of students."""

import re

import pytest
from bs4 import BeautifulSoup
from deltalake import DeltaTable

from student_track.policy import load_policy
from student_track.privacy import student_anchor, student_label
from student_track.reporting import INDEX, OPERATIONS
from student_track.resources import resource


def table(sample_run, name):
    return DeltaTable(str(sample_run / "lake" / "school" / "attendance" / name)).to_pyarrow_table().to_pylist()


@pytest.mark.parametrize("file", [INDEX, OPERATIONS])
def test_no_page_without_names_holds_a_name_an_id_or_a_pseudonym(site, sample_run, file):
    page = (site / file).read_text(encoding="utf-8")
    students = table(sample_run, "students")
    assert len(students) > 350
    for student in students:
        key = student["student_key"]
        words = {student["student_id"], student["student_name"], key, student_label(key), student_anchor(key)}
        assert not [word for word in words if word and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page)]


def test_no_cohort_under_the_limit_has_a_number_on_the_school_page(site, sample_run):
    limit = load_policy(resource("params/policy.yml")).suppress_groups_below
    latest = max(row["as_of_date"] for row in table(sample_run, "student_metrics"))
    sizes = {}
    for row in table(sample_run, "student_metrics"):
        if row["scope"] == "cohort" and row["as_of_date"] == latest and row["status"] == "enrolled":
            sizes[row["cohort_id"]] = sizes.get(row["cohort_id"], 0) + 1
    soup = BeautifulSoup((site / INDEX).read_text(encoding="utf-8"), "html.parser")
    shown = {bdi.get_text() for bdi in soup.select("table[data-query*=cohort] tbody th bdi")}
    assert {cohort for cohort, size in sizes.items() if size >= limit} == shown
