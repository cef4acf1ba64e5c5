-- Who reaches the next tier with one more absence?
SELECT student_key, tier, next_tier, round(100 * attendance_rate, 1) AS attendance_percent,
       if(scope = 'school', 'whole school', cohort_id) AS measured_in
FROM student_metrics
WHERE as_of_date = :as_of_date AND scope = :tier_scope AND status = 'enrolled' AND count_absences_to_next_tier = 1
ORDER BY attendance_rate, student_key, cohort_id
