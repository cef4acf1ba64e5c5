-- How does each student stand, since when, and what is ahead: in the whole school, or in each cohort where tiers are by cohort?
SELECT student_key, cohort_id, if(scope = 'school', 'whole school', cohort_id) AS measured_in, status, period_start_date,
       first_expected_date, last_expected_date, tier, tier_since_date, previous_tier, tier_change, previous_week_tier,
       tier_change_in_week, needs_attention, attention_reasons, needs_attention_since_date, has_early_warning,
       count_absences_in_first_units, count_streak_units, is_streak_open, streak_start_date, count_longest_streak_units,
       last_absence_date, last_present_date, missed_units, count_absences, count_possible_units, count_unknown_units,
       count_expected_units, parts_per_unit, attendance_rate, count_expected_sessions, count_known_sessions,
       count_sessions_not_taken, count_sessions_without_mark, coverage_share, count_excused_sessions,
       count_unexcused_sessions, count_tardy_sessions, last_window_rate, previous_window_rate, trend_change,
       next_tier, count_absences_to_next_tier, count_absences_left_in_year, best_reachable_rate, count_planned_units,
       count_projected_units, projected_missed_units, absence_weekday, missing_rungs, missing_rung_due_date
FROM student_metrics
WHERE as_of_date = :as_of_date AND scope = :tier_scope
ORDER BY student_key, cohort_id
