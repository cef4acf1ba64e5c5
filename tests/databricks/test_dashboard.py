"""The dashboard for a workspace: written from the named queries, its SQL runs, and it names nobody."""

import json
from pathlib import Path

import pytest
import yaml

from student_track import queries
from student_track.lakeview_dashboard import TODAY, as_json, dashboard
from student_track.policy import load_policy
from student_track.privacy import student_label

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "reports" / "attendance_dashboard.lvdash.json"
POLICY = load_policy(ROOT / "params" / "policy.yml")
WRITTEN = json.loads(FILE.read_text(encoding="utf-8"))
WIDGETS = [placed["widget"] for page in WRITTEN["pages"] for placed in page["layout"]]
FILTERS = [widget for widget in WIDGETS if widget["spec"]["widgetType"].startswith("filter-")]
SHOWN = [widget for widget in WIDGETS if widget not in FILTERS]


def test_the_file_is_what_make_docs_writes():
    assert FILE.read_text(encoding="utf-8") == as_json(POLICY)


def default_of(parameter, today):
    (chosen,) = parameter["defaultSelection"]["values"]["values"]
    if parameter["dataType"] == "DATE":
        assert chosen["value"] == TODAY
        return today
    return int(chosen["value"]) if parameter["dataType"] == "DECIMAL" else chosen["value"]


@pytest.fixture
def answer(sample_lake, lake, config):
    """Returns a dataset's answer with its default values, the sample school's day being today."""

    def ask(dataset, today=config.today):
        args = {known["keyword"]: default_of(known, today) for known in dataset["parameters"]}
        return queries.exact_values(lake.sql("".join(dataset["queryLines"]), args=args))

    return ask


def test_every_dataset_answers_as_its_named_query(answer, lake, config):
    values = queries.values_of(POLICY, *queries.measured_day(lake, None))
    for dataset in WRITTEN["datasets"]:
        expected = queries.exact_values(queries.ask(lake, dataset["name"], **values))
        found = answer(dataset)
        assert list(found.columns) == list(expected.columns), dataset["name"]
        assert found.to_dict("records") == expected.to_dict("records"), dataset["name"]
        if dataset["name"] != "held_back":  # nothing of the sample school is held
            assert len(found) > 0, dataset["name"]


def test_before_the_first_day_with_metrics_nothing_is_shown(answer, config):
    first = WRITTEN["datasets"][0]
    assert answer(first, config.today.replace(year=2000)).empty


def test_every_widget_shows_columns_of_its_dataset(answer):
    datasets = {dataset["name"]: dataset for dataset in WRITTEN["datasets"]}
    columns = {name: set(answer(dataset).columns) for name, dataset in datasets.items()}
    for widget in SHOWN:
        ((asked),) = widget["queries"]
        fields = {field["name"] for field in asked["query"]["fields"]}
        assert fields <= columns[asked["query"]["datasetName"]], widget["name"]
        told = json.dumps(widget["spec"]["encodings"])
        assert all(f'"fieldName": "{name}"' in told for name in fields), widget["name"]


def test_no_answer_names_a_student(answer, lake):
    people = lake.table("students").select("student_key", "student_id", "student_name").collect()
    secret = {value for row in people for value in (*row, student_label(row.student_key)) if value}
    for dataset in WRITTEN["datasets"]:
        shown = {str(value) for row in answer(dataset).itertuples(index=False) for value in row}
        assert not shown & secret, dataset["name"]


def test_widgets_have_names_of_their_own_and_do_not_overlap():
    names = [widget["name"] for widget in WIDGETS]
    assert len(set(names)) == len(names)
    for page in WRITTEN["pages"]:
        cells = [
            (x, y)
            for place in (placed["position"] for placed in page["layout"])
            for x in range(place["x"], place["x"] + place["width"])
            for y in range(place["y"], place["y"] + place["height"])
        ]
        assert len(set(cells)) == len(cells), page["name"]
        assert max(x for x, _ in cells) < 12


def test_the_day_is_chosen_for_every_dataset_that_depends_on_it():
    (day,) = FILTERS
    bound = {query["query"]["datasetName"] for query in day["queries"]}
    assert bound == {
        dataset["name"]
        for dataset in WRITTEN["datasets"]
        if any(known["keyword"] == "as_of_date" for known in dataset["parameters"])
    }
    assert {field["queryName"] for field in day["spec"]["encodings"]["fields"]} == {q["name"] for q in day["queries"]}


def test_a_policy_of_a_whole_life_counts_every_year():
    course = dashboard(load_policy(ROOT / "params" / "policy_course.yml"))
    (latest,) = [data for data in course["datasets"] if data["name"] == "latest_registers"]
    assert "BETWEEN 0 AND" in "".join(latest["queryLines"])


def test_the_bundle_deploys_the_file_with_the_viewers_own_rights():
    resources = yaml.safe_load((ROOT / "params" / "job_settings.yml").read_text(encoding="utf-8"))["resources"]
    board = resources["dashboards"]["attendance_dashboard"]
    assert (ROOT / "params" / board["file_path"]).resolve() == FILE
    assert board["embed_credentials"] is False
    assert board["dataset_schema"] == "${resources.schemas.attendance.name}"
