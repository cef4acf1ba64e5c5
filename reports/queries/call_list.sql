-- Who needs attention today, each student once, in order of need: the current streak first, then the rate?
WITH ranked AS (
  SELECT *, row_number() OVER (PARTITION BY student_key ORDER BY count_streak_units DESC, attendance_rate, cohort_id) AS place
  FROM student_metrics
  WHERE as_of_date = :as_of_date AND scope = :tier_scope AND needs_attention
)
SELECT student_key, tier, attention_reasons AS because, needs_attention_since_date AS since,
       concat(count_streak_units, if(is_streak_open, '+', '')) AS streak, last_absence_date,
       count_excused_sessions AS excused, count_unexcused_sessions AS unexcused,
       round(100 * attendance_rate, 1) AS attendance_percent, count_absences_to_next_tier AS absences_to_next_tier,
       if(scope = 'school', 'whole school', cohort_id) AS measured_in
FROM ranked
WHERE place = 1
ORDER BY count_streak_units DESC, attendance_rate, student_key
