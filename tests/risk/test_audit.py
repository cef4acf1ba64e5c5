"""The audit: a planted bias is found, evenly treated groups raise no alarm, small groups are not judged."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from student_track.errors import InputError
from student_track.frames import frame_from_rows
from student_track.risk.audit import LEAST_ROWS_WITH_EVENT, Audit, audit, read_groups

GROUPS = {f"s{number:04}": ("plan" if number % 4 == 0 else "none") for number in range(2000)}


def audited(seed: int, missed_more: float = 0.0, named_more: float = 0.0, count: int = 2000) -> Audit:
    """Rows of which some have the event; chosen by chance, the group ``plan`` less or more often as planted."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {"student_key": [f"s{n:04}" for n in range(count)] * 2, "has_event": rng.random(2 * count) < 0.15}
    )
    has_plan = (rows["student_key"].map(GROUPS) == "plan").to_numpy()
    event = rows["has_event"].to_numpy()
    chance = np.where(event, 0.5 - missed_more * has_plan, 0.05 + named_more * has_plan)
    return audit(
        rows, GROUPS, (rng.random(len(rows)) < chance).astype(float), (rng.random(len(rows)) < 0.5).astype(float)
    )


def test_a_group_that_is_missed_more_is_found() -> None:
    found = audited(0, missed_more=0.35)
    assert any(alarm.startswith("plan is missed +0.3") for alarm in found.alarms), found.said
    assert found.figures["plan", "false_negative_rate_gap"].low > 0.2
    assert found.figures["plan", "false_negative_rate"].value > found.figures["none", "false_negative_rate"].value


def test_a_group_that_is_named_without_need_is_found() -> None:
    found = audited(0, named_more=0.15)
    assert any(alarm.startswith("plan is named without need +0.1") for alarm in found.alarms), found.said


@pytest.mark.parametrize("seed", range(3))
def test_groups_alike_raise_no_alarm(seed) -> None:
    assert audited(seed).alarms == ()


def test_groups_with_few_events_are_not_judged() -> None:
    found = audited(0, missed_more=0.45, count=400)
    assert (found.alarms, found.figures) == ((), {})
    assert f"no two groups with {LEAST_ROWS_WITH_EVENT} rows" in found.said


def test_groups_are_read_by_the_id_of_the_sheet(spark, tmp_path) -> None:
    students = frame_from_rows(spark, ("student_id", "student_key"), [("007", "k7"), ("008", "k8")], {"x": pa.string()})
    file = tmp_path / "groups.csv"
    file.write_text("student_id,group\n007,plan\n008,\n999,plan\n")
    assert read_groups(file, students) == {"k7": "plan"}
    file.write_text("student_id,group\n7,plan\n")
    with pytest.raises(InputError, match="none of its 1 students is in this school"):
        read_groups(file, students)
    file.write_text("id,plan\n007,plan\n")
    with pytest.raises(InputError, match="the columns student_id and group are needed"):
        read_groups(file, students)
