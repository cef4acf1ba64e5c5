"""Every table of the lake, declared once: columns, comments, grain, key, writer, retention.

``00_setup_infrastructure`` creates and migrates the lake from this list; nothing else states a schema.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its Spark SQL type, what it means, and how it must be treated.

    ``is_volatile`` columns (run ids, clock times) differ between equal runs and are left out when tables are
    compared; ``is_personal`` columns name a student or staff member and are shown only at the edge.
    """

    name: str
    type: str
    comment: str
    is_personal: bool = False
    is_volatile: bool = False


@dataclass(frozen=True)
class Table:
    """One table: the sentence of its grain, its key, the one notebook (or runner) that writes it."""

    name: str
    layer: str
    grain: str
    key: tuple[str, ...]
    writer: str
    columns: tuple[Column, ...]
    partition: str | None = None
    retention: str = "kept until erased"

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def volatile_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_volatile)

    @property
    def personal_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_personal)


def _text(name: str, comment: str, **flags: bool) -> Column:
    return Column(name, "string", comment, **flags)


def _count(name: str, comment: str) -> Column:
    return Column(name, "bigint", comment)


def _flag(name: str, comment: str) -> Column:
    return Column(name, "boolean", comment)


def _share(name: str, comment: str) -> Column:
    return Column(name, "double", f"{comment} (0 to 1)")


def _date(name: str, comment: str) -> Column:
    return Column(name, "date", comment)


def _at(name: str, comment: str) -> Column:
    return Column(name, "timestamp", f"{comment} (UTC)", is_volatile=True)


RUN_ID = _text("run_id", "run that wrote the row", is_volatile=True)
STUDENT_KEY = _text("student_key", "keyed pseudonym of the student")
COHORT_ID = _text("cohort_id", "cohort, as named in the sheet")
SOURCE_ID = _text("source_id", "file or spreadsheet the cell stands in")
TAB = _text("tab", "tab of the source; a CSV file has one, named after the file")
CELL = _text("cell", "address of the cell, such as D7")
SCHOOL_YEAR = Column("school_year", "int", "calendar year in which the school year starts")
AS_OF_DATE = _date("as_of_date", "last session date that counts")
POLICY_VERSION = _text("policy_version", "version of the attendance policy applied")

RAW_ATTENDANCE = Table(
    "raw_attendance",
    "bronze",
    "one row per version of a cell",
    ("source_id", "tab", "row", "column", "read_at"),
    "01_ingest_attendance_bronze",
    (
        SOURCE_ID,
        TAB,
        Column(
            "row",
            "int",
            "row in the tab, from 1; row 0 holds the content's fingerprint, each tab's id, locale and merged blocks",
        ),
        Column("column", "int", "column in the tab, from 1"),
        CELL,
        _text("value_text", "text of the cell as displayed", is_personal=True),
        _text("value_kind", "text, number, date, boolean or error; in row 0 fingerprint, tab_id, locale or merges"),
        _text("value_typed", "typed value as text: ISO date, plain number, true or false", is_personal=True),
        _flag("is_removed", "the cell was emptied or removed in this version"),
        Column("version", "int", "version of the cell, from 1"),
        _at("read_at", "when this version was read"),
        RUN_ID,
    ),
    partition="source_id",
)

SHEET_TABS = Table(
    "sheet_tabs",
    "silver",
    "one row per source and tab, as silver holds it",
    ("source_id", "tab"),
    "02_clean_attendance_silver",
    (
        SOURCE_ID,
        TAB,
        _text("kind", "attendance, roster, calendar, owners, actions, empty, ignored or gone"),
        _text("layout", "long or wide, of an attendance tab"),
        Column("header_row", "int", "row taken for the header"),
        _text("note", "what was recognised, ignored or asked for"),
        _text("fingerprint", "content of the source, policy and contract that silver was built from"),
        _count("count_marks", "marks found in the tab"),
        _count("count_records", "marks that became an attendance record"),
        _count("count_quarantined", "marks in quarantine"),
        _count("count_duplicates", "marks equal to another of the same student and session"),
        _flag("is_held", "too much quarantine: the tab's silver keeps its last good rows"),
        _text("held_reason", "why the tab is held"),
        _text("tab_id", "the tab's own id in a Google spreadsheet (sheetId), which a new title does not change"),
        _text("settled_sessions", "fingerprints of the sessions whose marks all became records, blank-separated"),
    ),
)

STUDENTS = Table(
    "students",
    "silver",
    "one row per student",
    ("student_key",),
    "02_clean_attendance_silver",
    (
        STUDENT_KEY,
        _text("student_id", "id as written in the sheet", is_personal=True),
        _text("student_name", "name as written in the sheet", is_personal=True),
        _flag("is_on_roster", "named on a roster, not only in an attendance tab"),
    ),
)

COHORTS = Table(
    "cohorts",
    "silver",
    "one row per cohort",
    ("cohort_id",),
    "02_clean_attendance_silver",
    (
        COHORT_ID,
        _text("cohort_name", "name for people"),
        _text("owner", "who looks after the cohort's students (e-mail or name)", is_personal=True),
        _text("deputy", "who stands in for the owner", is_personal=True),
        _text("teacher", "who takes the register", is_personal=True),
        _flag("is_held", "the cohort's silver keeps its last good rows"),
        _text("held_reason", "why the cohort is held"),
    ),
)

ENROLMENTS = Table(
    "enrolments",
    "silver",
    "one row per student, cohort and stint",
    ("student_key", "cohort_id", "stint"),
    "02_clean_attendance_silver",
    (
        STUDENT_KEY,
        COHORT_ID,
        Column("stint", "int", "number of the stay in the cohort, from 1"),
        _date("first_expected_date", "declared first day, inclusive; null: from the first mark"),
        _date("last_expected_date", "declared last day, inclusive; null: open or not declared"),
        _text("source", "roster or marks"),
        _flag("is_end_declared", "the roster has a column for the last day, so a blank one means still enrolled"),
    ),
)

SESSIONS = Table(
    "sessions",
    "silver",
    "one row per cohort, date and period",
    ("session_id",),
    "02_clean_attendance_silver",
    (
        _text("session_id", "cohort|date, or cohort|date|period where the sheet has periods"),
        COHORT_ID,
        _date("session_date", "local date of the session"),
        _text("period", "period of the day as written; empty where the sheet has none"),
        _text("term", "term: its name in the calendar, otherwise its number within the school year"),
        _flag("is_taken", "any mark stands in the register"),
        _flag("is_cancelled", "cancelled by the calendar or by the sheet"),
        _flag("is_in_sheet", "the sheet has a row or column for the session"),
        _flag("is_in_calendar", "the calendar plans the session"),
        SCHOOL_YEAR,
    ),
    partition="school_year",
)

ATTENDANCE_RECORDS = Table(
    "attendance_records",
    "silver",
    "one row per student and session that has a usable mark",
    ("student_key", "session_id"),
    "02_clean_attendance_silver",
    (
        STUDENT_KEY,
        _text("session_id", "session of the mark"),
        COHORT_ID,
        _date("session_date", "local date of the session"),
        _text("period", "period of the day; empty where the sheet has none"),
        _text("mark", "mark as written"),
        _text("state", "present, absent or partial (unknown is derived, never recorded)"),
        Column("missed_numerator", "int", "missed fraction of the session: numerator"),
        Column("missed_denominator", "int", "missed fraction of the session: denominator"),
        _flag("is_excused", "the absence is excused"),
        _flag("is_tardy", "came late; counts as present"),
        _flag("counts_in_rate", "false: the session is not expected of this student"),
        _flag("is_inside_enrolment_window", "inside a declared window; where none is declared, true"),
        SOURCE_ID,
        TAB,
        CELL,
        SCHOOL_YEAR,
    ),
    partition="school_year",
)

QUARANTINE = Table(
    "quarantine",
    "silver",
    "one row per cell that could not be understood",
    ("source_id", "tab", "cell"),
    "02_clean_attendance_silver",
    (
        SOURCE_ID,
        TAB,
        CELL,
        _text("raw_value", "text of the cell as displayed", is_personal=True),
        _text("reason", "unknown_mark, unknown_student, bad_date, conflicting_marks, error_value, doubtful_id ..."),
        _text("what_to_do", "what the sheet's owner can do"),
        _count("count_marks", "marks that this cell keeps out of the records"),
        COHORT_ID,
        _text("student_key", "student of the mark, where known"),
        _text("session_id", "session of the mark, where known"),
        _flag("is_resolved", "the cell was mended since"),
        _at("first_seen_at", "when the cell was first found"),
        _at("resolved_at", "when the cell was first found mended"),
    ),
)

ACTIONS = Table(
    "actions",
    "silver",
    "one row per call, letter, meeting or acknowledgement",
    ("action_id",),
    "02_clean_attendance_silver",
    (
        _text("action_id", "source, tab and row of the entry"),
        STUDENT_KEY,
        _date("action_date", "local date of the action"),
        _text("kind", "call, letter, meeting, acknowledgement ..."),
        _text("by", "who acted", is_personal=True),
        _text("note", "free text; never sent and never a feature", is_personal=True),
    ),
)

STUDENT_METRICS = Table(
    "student_metrics",
    "gold",
    "one row per student, scope (school or cohort) and as-of date",
    ("student_key", "scope", "cohort_id", "as_of_date"),
    "03_keymetrics_gold",
    (
        STUDENT_KEY,
        _text("scope", "school (all own cohorts) or cohort"),
        _text("cohort_id", "cohort of the scope; empty for the school"),
        AS_OF_DATE,
        SCHOOL_YEAR,
        _date("period_start_date", "first date that counts: start of the school year, or of the first window"),
        _text("status", "enrolled, left or not_started, at the as-of date"),
        _date("first_expected_date", "first day of the earliest enrolment window in the period"),
        _date("last_expected_date", "last day of the latest window; null while enrolled"),
        _count("count_expected_sessions", "expected sessions up to the as-of date"),
        _count("count_known_sessions", "expected sessions with a usable mark"),
        _count("count_sessions_not_taken", "expected sessions whose register was not taken"),
        _count("count_sessions_without_mark", "expected sessions taken, without a usable mark of the student"),
        _share("coverage_share", "known of expected sessions"),
        _count("count_expected_units", "expected units: days by default"),
        _count("count_possible_units", "units of which at least half the sessions are known"),
        _count("count_unknown_units", "expected units that are not possible"),
        _count("missed_parts", "missed units in parts of a unit, exact"),
        _count("parts_per_unit", "parts of one unit: missed units = missed_parts / parts_per_unit"),
        Column("missed_units", "double", "missed units with fractions, for display"),
        _share("attendance_rate", "1 - missed / possible, for display"),
        _count("count_absences", "possible units of which at least half is missed"),
        _count("count_excused_sessions", "sessions missed in whole or part with an excuse"),
        _count("count_unexcused_sessions", "sessions missed in whole or part without an excuse"),
        _count("count_tardy_sessions", "sessions with a tardy"),
        _text("tier", "satisfactory, at_risk, moderate_chronic, severe_chronic, too_early or withheld"),
        _date("tier_since_date", "date of the unit since which the tier has stood without a break"),
        _text("previous_tier", "tier recomputed for the school day before"),
        _text("tier_change", "worse, better, same, first (a tier for the first time) or none (no tier on one side)"),
        _text("previous_week_tier", "tier recomputed for the latest school day a week or more before"),
        _text("tier_change_in_week", "as tier_change, against previous_week_tier"),
        _flag("needs_attention_week_before", "tier, early warning or streak asked for it, recomputed for that day"),
        _flag("has_early_warning", "early-warning rule of the first expected units"),
        _flag("needs_attention", "enrolled, and tier, early warning or streak ask for a person to look"),
        _text("attention_reasons", "which of tier, early_warning, streak; comma-separated, empty for none"),
        _date("needs_attention_since_date", "date of the unit since which that holds without a break"),
        _count("count_streak_units", "current streak of absences"),
        _flag("is_streak_open", "an unknown unit lies since the last unit that was not an absence: at least so many"),
        _date("streak_start_date", "first absence of the current streak"),
        _count("count_longest_streak_units", "longest streak of the period"),
        _date("last_absence_date", "latest unit that counts as an absence"),
        _date("last_present_date", "latest possible unit that is not an absence"),
        _share(
            "last_window_rate",
            "rate of the last possible units, as many as the policy says; null before there are twice as many",
        ),
        _share("previous_window_rate", "rate of as many possible units before those"),
        Column("trend_change", "double", "last_window_rate - previous_window_rate"),
        _count("count_absences_to_next_tier", "absences until the next tier if they came now"),
        _text("next_tier", "the next worse tier"),
        _count("count_planned_units", "planned units to the end of the school year; null where the plan is not known"),
        _count("count_absences_left_in_year", "absences still possible without reaching the next tier"),
        _share("best_reachable_rate", "rate at the end of the year if nothing more is missed"),
        _count("count_projected_units", "possible units so far and planned ones; null without a plan or a tier"),
        Column("projected_missed_units", "double", "of them missed, if the share missed so far goes on; for display"),
        _share("position_in_cohort_share", "share of the cohort's other enrolled students with a lower rate"),
        _count("count_absences_in_first_units", "absences in the first expected units, those of the early warning"),
        Column("absence_weekday", "int", "weekday missed more often than chance explains, 1 (Monday) to 7; else null"),
        _text(
            "missing_rungs", "rungs of the ladder due and not taken, comma-separated; null where no actions are kept"
        ),
        _date("missing_rung_due_date", "since when the earliest of them has been due"),
        Column(
            "tier_history",
            "array<struct<unit_number:bigint,since_date:date,tier:string,missed_units:double,count_possible_units:bigint>>",
            "each tier that began to stand, oldest first, with missed and possible units after its first unit",
        ),
        Column(
            "units_by_weekday",
            "array<struct<weekday:int,missed_units:double,count_possible_units:bigint>>",
            "missed and possible units of each weekday, 1 (Monday) to 7; null before there is a possible one",
        ),
        POLICY_VERSION,
    ),
    partition="as_of_date",
)

COHORT_METRICS = Table(
    "cohort_metrics",
    "gold",
    "one row per cohort (or the school), period and as-of date",
    ("scope", "cohort_id", "period_kind", "period_value", "as_of_date"),
    "03_keymetrics_gold",
    (
        _text("scope", "school or cohort"),
        _text("cohort_id", "cohort; empty for the school"),
        _text("period_kind", "year_to_date, month, week or weekday"),
        _text("period_value", "2026, 2026-09, 2026-W38, or 1 (Monday) to 7"),
        AS_OF_DATE,
        SCHOOL_YEAR,
        _date("period_start_date", "first date of the period that counts"),
        _date("period_end_date", "last date of the period that counts"),
        _count("count_students", "students with an expected session in the period"),
        _count("count_sessions", "sessions of the period, not cancelled"),
        _count("count_sessions_taken", "sessions whose register was taken"),
        _count("count_expected_sessions", "student sessions expected"),
        _count("count_known_sessions", "student sessions with a usable mark"),
        _share("coverage_share", "known of expected student sessions"),
        _count("count_possible_units", "possible student units"),
        _count("missed_parts", "missed student units in parts of a unit, exact"),
        _count("parts_per_unit", "parts of one unit"),
        _share("attendance_rate", "1 - missed / possible, for display"),
        _count("count_absences", "student units that count as absences"),
        _count("count_excused_sessions", "student sessions missed with an excuse"),
        _count("count_unexcused_sessions", "student sessions missed without an excuse"),
        _count("count_tardy_sessions", "student sessions with a tardy"),
        _count("count_satisfactory", "enrolled students in the tier (year_to_date only)"),
        _count("count_at_risk", "enrolled students in the tier (year_to_date only)"),
        _count("count_moderate_chronic", "enrolled students in the tier (year_to_date only)"),
        _count("count_severe_chronic", "enrolled students in the tier (year_to_date only)"),
        _count("count_too_early", "enrolled students without a tier yet (year_to_date only)"),
        _count("count_withheld", "enrolled students whose tier is withheld (year_to_date only)"),
        _count("count_needs_attention", "enrolled students who need attention (year_to_date only)"),
        _count("count_new_attention", "of them those since the as-of date itself (year_to_date only)"),
        _count("count_needs_attention_week_before", "enrolled students who did a week before (year_to_date only)"),
        _count("count_new_attention_in_week", "those who need it now and did not then (year_to_date only)"),
        _date("longest_attention_since_date", "since when the longest of them has (year_to_date only)"),
        _flag(
            "is_suppressed",
            "fewer students than the policy's limit, or such a group could be worked out from it: not without names",
        ),
        POLICY_VERSION,
    ),
    partition="as_of_date",
)

DROPOUT_RISK = Table(
    "dropout_risk",
    "gold",
    "one row per student, cohort and as-of date",
    ("student_key", "cohort_id", "as_of_date"),
    "06_score_dropout_risk_gold",
    (
        STUDENT_KEY,
        COHORT_ID,
        AS_OF_DATE,
        Column("ladder_level", "int", "0 rule only, 1 published prior, 2 own model, 3 own trees proven over terms"),
        Column("score", "double", "model score; null where the model abstains"),
        _share("probability", "calibrated probability; null below level 2"),
        Column("rank_in_cohort", "int", "place of the score within the cohort, 1 the highest; ties share one"),
        _text("band", "low, middle or high, by capacity within the cohort"),
        _text("abstained_because", "why there is no score"),
        Column("reasons", "array<string>", "at most three, in plain words, with the student's own numbers"),
        _text("tier", "the cohort's threshold label, beside the score"),
        _text(
            "disagreement", "score_only (band high, tier no cause for attention) or label_only (the reverse); else null"
        ),
        _text("model_id", "model that scored"),
        POLICY_VERSION,
    ),
    partition="as_of_date",
)

RISK_MODELS = Table(
    "risk_models",
    "gold",
    "one row per model",
    ("model_id",),
    "05_train_dropout_risk",
    (
        _text("model_id", "content hash of the model"),
        _text("kind", "estimator"),
        _text("model_json", "the model itself, or what its trees came from"),
        _text("trees", "trees as a file of skops, in base64; null: the model has none", is_volatile=True),
        _text("trees_sha256", "hash of that text; it is not loaded unless both fit", is_volatile=True),
        _text("label_definition", "what it foretells; a model scores only under the same words"),
        _date("trained_to_date", "last session date seen in training"),
        _text("judged_term", "finished term it was judged on, later than those of the training"),
        _date("judged_to_date", "last session date of that term; no earlier as-of date is scored with the model"),
        _flag(
            "is_promoted", "the latest model that passed, trees before the logistic one of a term: the one that scores"
        ),
        _flag("is_calibrated", "its probabilities may be said"),
        _text("verdict", "passed or refused"),
        Column("verdict_reasons", "array<string>", "why"),
        POLICY_VERSION,
        _at("trained_at", "when it was trained"),
    ),
)

RISK_MODEL_METRICS = Table(
    "risk_model_metrics",
    "gold",
    "one row per model, test and subgroup",
    ("model_id", "test", "subgroup", "metric"),
    "05_train_dropout_risk",
    (
        _text("model_id", "model"),
        _text(
            "test",
            "term judged on, its curves (reliability, gain), features trained on, or scores with their outcome",
        ),
        _text("subgroup", "group of the audit, part of the curve, or feature; empty for all"),
        _text("metric", "name of the figure"),
        Column("value", "double", "the figure"),
        Column("lower", "double", "lower end of its interval"),
        Column("upper", "double", "upper end of its interval"),
        _count("count_rows", "rows it was measured on"),
    ),
)

ALERT_EPISODES = Table(
    "alert_episodes",
    "gold",
    "one row per student, rule and episode",
    ("student_key", "rule", "episode"),
    "07_send_alerts",
    (
        STUDENT_KEY,
        _text("rule", "rule of alerts/rules.yml"),
        Column("episode", "int", "number of the episode, from 1"),
        _text("state", "new, notified, acknowledged, snoozed, escalated or resolved"),
        _date("opened_date", "as-of date at which it opened"),
        _date("state_since_date", "as-of date of the last transition"),
        _date("notified_date", "as-of date of the message that asks for an answer; null: nobody was told yet"),
        _date("last_told_date", "as-of date of the latest message of it to its owner"),
        Column("told_level", "int", "how bad it was then, by what makes the rule worse; null where there is nothing"),
        _text("escalated_to", "deputy or lead, who heard that nobody has answered; null: neither"),
        _date("recovery_told_date", "as-of date of the message that told of the recovery; null: not told"),
        _date("snoozed_until_date", "no message before this date"),
        _text("owner", "who is told", is_personal=True),
        _text("cause", "why the last transition happened"),
        _text("decided_by", "versions of policy and rules that last decided on it"),
        _text("transitions", "every transition, one a line: as-of date|state|cause|run", is_volatile=True),
        RUN_ID,
    ),
)

ALERT_OUTBOX = Table(
    "alert_outbox",
    "gold",
    "one row per delivery",
    ("delivery_id",),
    "07_send_alerts",
    (
        _text("delivery_id", "opaque id, also in the message's metadata"),
        AS_OF_DATE,
        _text("kind", "digest, summary, resolve, escalation, update, registers, mend, operator or heartbeat"),
        _text("owner", "who is told", is_personal=True),
        _text("channel", "Slack's id of the channel it went to; null until it is known"),
        _text("target_ts", "Slack's own id of the message it answers in a thread, or is written into; null: neither"),
        _text("payload", "the message as JSON: text and blocks", is_personal=True),
        _text(
            "episodes",
            "what it tells of, one a line: student_key|rule|number with ~level, + (over) or ^role; or kind|hash",
        ),
        _text("state", "held, pending, claimed, sent, unknown or failed"),
        _text("error", "why it failed or is unknown"),
        Column("count_attempts", "int", "attempts so far"),
        _text("slack_ts", "Slack's own id of the message sent", is_volatile=True),
        _at("first_attempt_at", "when it was first claimed for sending"),
        _at("changed_at", "when the state last changed"),
        RUN_ID,
    ),
    retention="payload emptied when it is sent, otherwise on the next school day",
)

PIPELINE_RUNS = Table(
    "pipeline_runs",
    "gold",
    "one row per run and notebook",
    ("run_id", "notebook"),
    "the runner",
    (
        RUN_ID,
        _text("notebook", "stem of the notebook"),
        AS_OF_DATE,
        _text("outcome", "done, held, failed or skipped"),
        _text("settings", "resolved settings as JSON, without secrets"),
        _text("versions", "table versions after the notebook, as JSON"),
        _text("counts", "what the notebook reported, as JSON"),
        POLICY_VERSION,
        _text("model_id", "promoted model"),
        _text("code_version", "version of this package"),
        _at("started_at", "start of the notebook"),
        Column("duration_seconds", "double", "wall time of the notebook", is_volatile=True),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        RAW_ATTENDANCE,
        SHEET_TABS,
        STUDENTS,
        COHORTS,
        ENROLMENTS,
        SESSIONS,
        ATTENDANCE_RECORDS,
        QUARANTINE,
        ACTIONS,
        STUDENT_METRICS,
        COHORT_METRICS,
        DROPOUT_RISK,
        RISK_MODELS,
        RISK_MODEL_METRICS,
        ALERT_EPISODES,
        ALERT_OUTBOX,
        PIPELINE_RUNS,
    )
}
