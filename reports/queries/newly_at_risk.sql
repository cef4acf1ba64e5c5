-- Who needs attention since this very day?
SELECT student_key, tier, previous_tier, tier_since_date, attention_reasons AS because, count_absences,
       count_possible_units AS possible_days, round(100 * attendance_rate, 1) AS attendance_percent,
       if(scope = 'school', 'whole school', cohort_id) AS measured_in
FROM student_metrics
WHERE as_of_date = :as_of_date AND scope = :tier_scope AND needs_attention AND needs_attention_since_date = :as_of_date
ORDER BY attendance_rate, student_key, cohort_id
