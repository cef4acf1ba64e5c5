-- Who is in each cohort, in order of need, and who did what? With names: for the pages of the cohorts' own staff only.
WITH latest_actions AS (
  SELECT student_key, max(action_date) AS last_action_date, max_by(kind, struct(action_date, action_id)) AS last_action
  FROM actions WHERE action_date <= :as_of_date GROUP BY student_key
)
SELECT own.cohort_id AS cohort, n.student_id, n.student_name, own.student_key, own.status,
       m.tier, m.previous_tier, m.tier_change, m.tier_since_date, m.needs_attention, m.attention_reasons,
       m.needs_attention_since_date, m.needs_attention_week_before, m.count_streak_units, m.is_streak_open, m.last_absence_date,
       m.count_absences, m.count_possible_units, m.missed_units, m.attendance_rate, m.coverage_share,
       m.count_excused_sessions, m.count_unexcused_sessions, m.count_tardy_sessions, m.trend_change,
       m.next_tier, m.count_absences_to_next_tier, m.count_absences_left_in_year, own.last_expected_date,
       m.missing_rungs, m.missing_rung_due_date, a.last_action, a.last_action_date,
       r.band, r.reasons AS risk_reasons, r.abstained_because, r.ladder_level,
       own.tier AS cohort_tier, own.missed_units AS cohort_missed_units, own.count_possible_units AS cohort_possible_units
FROM student_metrics own
JOIN student_metrics m ON m.student_key = own.student_key AND m.as_of_date = own.as_of_date
    AND m.scope = :tier_scope AND (m.scope = 'school' OR m.cohort_id = own.cohort_id)
JOIN students n ON n.student_key = own.student_key
LEFT JOIN dropout_risk r ON r.student_key = own.student_key AND r.cohort_id = own.cohort_id
    AND r.as_of_date = own.as_of_date
LEFT JOIN latest_actions a ON a.student_key = own.student_key
WHERE own.as_of_date = :as_of_date AND own.scope = 'cohort'
ORDER BY cohort, own.status = 'left', m.needs_attention DESC, if(m.needs_attention, m.count_streak_units, 0L) DESC,
         m.attendance_rate NULLS LAST, own.student_key
