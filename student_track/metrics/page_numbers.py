"""What the numbers of the pages are: each column of a named query that a page shows, for the metric dictionary.

Most are a metric of the tables above under a shorter name.
"""

from student_track.metrics.definitions import OF_STUDENTS

SHARED = {
    "students": "enrolled students: the six count_… of tiers together",
    "needs_attention": "`count_needs_attention`",
    "new_that_day": "`count_new_attention`",
    "week_before": "`count_needs_attention_week_before`",
    "new_in_week": "`count_new_attention_in_week`",
    "no_longer": "week_before + new_in_week − needs_attention: who did a week before and does not now",
    "since": "`longest_attention_since_date`",
    "attendance_percent": "`attendance_rate`, in percent",
    "coverage_percent": "`coverage_share`, in percent",
    "satisfactory": "`count_satisfactory`",
    "at_risk": "`count_at_risk`",
    "moderate_chronic": "`count_moderate_chronic`",
    "severe_chronic": "`count_severe_chronic`",
    "too_early": "`count_too_early`",
    "withheld": "`count_withheld`",
    "excused": "`count_excused_sessions`",
    "unexcused": "`count_unexcused_sessions`",
    "tardies": "`count_tardy_sessions`",
    "absences": "`count_absences`",
    "possible_days": "`count_possible_units`",
}
"""Columns that say the same in every query that has them."""

OF_QUERIES = {
    "weeks_against_last_year": {
        "this_year_percent": "sessions attended ÷ sessions with a mark, of the week, in percent",
        "last_year_percent": "the same of the week 52 weeks before, in percent",
    },
    "registers_not_taken": {"date": "day of the register; the page's count is the number of rows"},
    "coverage_by_cohort": {
        "expected_sessions": "`count_expected_sessions`",
        "register_not_taken": "`count_sessions_not_taken`",
        "without_usable_mark": "`count_sessions_without_mark`",
    },
    "latest_registers": {
        "latest_date": "date of the latest register taken, up to the as-of date",
        "days_before": "days from that register to the as-of date",
    },
    "data_to_mend": {
        "marks_kept_out": "marks that the cell keeps in quarantine; the page's count is the number of rows"
    },
    "mended_by_day": {"mended_cells": "cells of the quarantine that a run of the day found mended"},
    "gate_figures": {
        "ranks_model_percent": "AUC of the model on the term it was judged on, in percent",
        "ranks_tier_percent": "AUC of the tier alone, in percent",
        "found_model_percent": "recall at capacity of the model, in percent",
        "found_tier_percent": "recall at capacity of the tier alone, in percent",
        "right_model_percent": "precision at capacity of the model, in percent",
        "judgements": "students at landmarks that the figures rest on",
    },
    "risk_levels": {
        "level": "level of the ladder the score speaks from (0: no score)",
        "students": "students of the as-of date at that level",
    },
    "runs_lately": {
        "notebooks": "notebooks of the run that are recorded",
        "seconds": "their durations together, in seconds",
    },
    "notebooks_lately": {"seconds": "duration of the notebook's latest run, in seconds"},
    "deliveries_by_state": {
        "messages": "messages of the day, kind and state",
        "most_attempts": "most attempts at sending one of them",
    },
    "cohort_roster": {
        "cohort_missed_units": "`missed_units` in the cohort alone",
        "cohort_possible_units": "`count_possible_units` in the cohort alone",
    },
    "effect_of_actions": {
        "marks_before": "sessions with a mark in the four weeks before the action",
        "marks_after": "sessions with a mark in the four weeks after it",
        "missed_before_percent": "missed fractions ÷ marks_before, in percent",
        "missed_after_percent": "missed fractions ÷ marks_after, in percent",
    },
    "coverage_by_tab": {
        "marks_in": "marks read from the tab",
        "records": "of them, attendance records",
        "quarantined": "of them, in quarantine",
        "duplicates": "of them, said twice alike",
    },
}
"""Columns of one query alone; they go before the shared ones."""


def meaning(query: str, column: str) -> str | None:
    """Return what a number of a page is; None where the dictionary does not say it.

    A column that has a metric's own name is that metric, whichever query shows it.
    """
    own = OF_QUERIES.get(query, {}).get(column) or SHARED.get(column)
    return own or (OF_STUDENTS[column].formula if column in OF_STUDENTS else None)


def rows_of_pages() -> list[tuple[str, str, str]]:
    """Return number, query and meaning, the shared ones first."""
    shared = [(f"`{column}`", "every query that has it", words) for column, words in SHARED.items()]
    own = [
        (f"`{column}`", f"`{query}`", words)
        for query, columns in OF_QUERIES.items()
        for column, words in columns.items()
    ]
    return shared + own
