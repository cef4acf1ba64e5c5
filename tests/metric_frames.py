"""The package's own steps on the reference's plain rows: silver frames in, gold rows out, as the notebook does it."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from pyspark.sql import DataFrame, SparkSession

from student_track import attendance, metrics
from student_track.frames import arrow_type, frame_from_rows, kept
from student_track.policy import Policy, load_policy
from student_track.resources import resource
from student_track.schemas import ACTIONS, ATTENDANCE_RECORDS, ENROLMENTS, QUARANTINE, SESSIONS, Table
from tests.plain_school import Action, Enrolment, Record, School, Session, Spoiled
from tests.reference_metrics import Key, Rules, Step

SCHOOL_YEAR = 2026


def policy_with(**changes: object) -> Policy:
    """Return the project's policy with some of its numbers changed."""
    policy = load_policy(resource("params/policy.yml"))
    stated = {name: getattr(policy, name) for name in Policy.model_fields}
    return Policy.model_validate({**stated, "codes": policy.model_dump()["codes"], **changes})


def rules_of(policy: Policy, as_of: date | None = None) -> Rules:
    """Return the policy as the reference's numbers, with the cohorts' own rules in force at the as-of date."""
    return Rules(
        unit=policy.unit,
        blank_mark=policy.blank_mark,
        possible_from=policy.possible_from_known,
        absence_from=policy.absence_from_missed,
        closes_after=policy.enrolment_closes_after_registers,
        limits=(policy.at_risk_from, policy.moderate_chronic_from, policy.severe_chronic_from),
        tier_from=policy.tier_from_possible_units,
        window=policy.withheld_window_units,
        above_unknown=policy.withheld_above_unknown,
        early_units=policy.early_warning_units,
        early_absences=policy.early_warning_absences,
        trend=policy.trend_window_units,
        attention_tiers=policy.attention_tiers,
        attention_streak=policy.attention_streak_units,
        is_limit_worse=policy.tier_limit_belongs_to == "worse",
        weekday_chance=policy.weekday_pattern_up_to_chance,
        ladder=tuple(
            Step(rung.name, rung.due_from_tier, rung.due_from_absences, rung.satisfied_by, rung.within_units)
            for rung in policy.ladder
        ),
        least_group=policy.suppress_groups_below,
        own={cohort: rules_of(own, None) for cohort, own in policy.rules_of_cohorts(as_of).items()} if as_of else {},
    )


def silver_of(spark: SparkSession, school: School, school_year: int = SCHOOL_YEAR) -> metrics.Silver:
    """Return the school's rows as the silver frames of one school year."""
    place = {session.session_id: session for session in school.sessions}
    return metrics.Silver(
        enrolments=_frame(spark, ENROLMENTS, map(_enrolment, school.enrolments)),
        sessions=_frame(spark, SESSIONS, (_session(session, school_year) for session in school.sessions)),
        attendance_records=_frame(
            spark,
            ATTENDANCE_RECORDS,
            (_record(mark, place[mark.session_id], school_year) for mark in school.records if mark.session_id in place),
        ),
        quarantine=_frame(spark, QUARANTINE, (_spoiled(*pair) for pair in enumerate(school.spoiled, start=1))),
        actions=None if school.actions is None else _frame(spark, ACTIONS, map(_action, enumerate(school.actions))),
    )


def gold_of(silver: metrics.Silver, policy: Policy, as_of: date, from_date: date) -> DataFrame:
    """Return the rows of ``student_metrics`` by the steps of the notebook."""
    stamp = metrics.Stamp(
        as_of_date=as_of,
        school_year=SCHOOL_YEAR,
        from_date=from_date,
        parts_per_unit=policy.parts_per_unit,
        policy_version=policy.version,
    )
    keep = partial(kept, silver.sessions.sparkSession)
    measured = metrics.measure(silver, policy, stamp, as_of, keep)
    of_week = {"tier": "previous_week_tier", "asks_for_attention": "needs_attention_week_before"}
    former = (
        (metrics.day_before(silver, stamp), {"tier": "previous_tier"}),
        (metrics.week_before(silver, stamp), of_week),
    )
    parts = [
        metrics.describe_enrolment(measured.windows, stamp.from_date, as_of),
        metrics.count_sessions(measured.expected),
        metrics.summarise_units(measured.units, policy, as_of),
        *(metrics.former_standings(silver, policy, stamp, day, names, keep) for day, names in former),
        measured.planned,
        attendance.weekday_patterns(measured.units, policy.weekday_pattern_up_to_chance),
        metrics.rungs_missing(measured.units, silver.actions, policy, as_of),
    ]
    return metrics.student_metrics(map(keep, parts), policy, stamp)


def rows_by_key(frame: DataFrame) -> dict[Key, dict[str, object]]:
    """Return gold rows by student, scope and cohort; a key that stands twice fails."""
    rows = frame.toArrow().to_pylist()
    by_key = {(row["student_key"], row["scope"], row["cohort_id"]): row for row in rows}
    assert len(by_key) == len(rows), "a key stands twice"
    return by_key


def measured_rows(
    spark: SparkSession, school: School, as_of: date, policy: Policy | None = None
) -> dict[Key, dict[str, object]]:
    """Return what the package says of a school, by key."""
    from_date = min(session.day for session in school.sessions)
    return rows_by_key(gold_of(silver_of(spark, school), policy or policy_with(), as_of, from_date))


def _frame(spark: SparkSession, table: Table, rows: Iterable[dict[str, object]]) -> DataFrame:
    types = {column.name: arrow_type(column.type) for column in table.columns if not column.is_volatile}
    return frame_from_rows(spark, list(types), [tuple(row.get(name) for name in types) for row in rows], types)


def _enrolment(stay: Enrolment) -> dict[str, object]:
    return {
        "student_key": stay.student,
        "cohort_id": stay.cohort,
        "stint": stay.stint,
        "first_expected_date": stay.first,
        "last_expected_date": stay.last,
        "source": stay.source,
        "is_end_declared": stay.is_end_declared,
    }


def _action(entry: tuple[int, Action]) -> dict[str, object]:
    number, action = entry
    return {
        "action_id": str(number),
        "student_key": action.student,
        "action_date": action.day,
        "kind": action.kind,
    }


def _session(session: Session, school_year: int) -> dict[str, object]:
    return {
        "session_id": session.session_id,
        "cohort_id": session.cohort,
        "session_date": session.day,
        "period": session.period,
        "term": "1",
        "is_taken": session.is_taken,
        "is_cancelled": session.is_cancelled,
        "is_in_sheet": session.is_in_sheet,
        "is_in_calendar": session.is_in_calendar,
        "school_year": school_year,
    }


def _record(mark: Record, session: Session, school_year: int) -> dict[str, object]:
    return {
        "student_key": mark.student,
        "session_id": mark.session_id,
        "cohort_id": session.cohort,
        "session_date": session.day,
        "period": session.period,
        "mark": "m",
        "state": "present" if not mark.missed else "absent" if mark.missed == 1 else "partial",
        "missed_numerator": mark.missed.numerator,
        "missed_denominator": mark.missed.denominator,
        "is_excused": mark.is_excused,
        "is_tardy": mark.is_tardy,
        "counts_in_rate": mark.counts_in_rate,
        "is_inside_enrolment_window": True,
        "source_id": "sheet",
        "tab": "tab",
        "cell": "A1",
        "school_year": school_year,
    }


def _spoiled(number: int, mark: Spoiled) -> dict[str, object]:
    return {
        "source_id": "sheet",
        "tab": "tab",
        "cell": f"A{number}",
        "raw_value": "?",
        "reason": "unknown_mark",
        "what_to_do": "",
        "count_marks": 1,
        "student_key": mark.student,
        "session_id": mark.session_id,
        "is_resolved": False,
    }
