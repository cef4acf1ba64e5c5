-- Whose tier is worse than on the school day before?
SELECT student_key, previous_tier, tier, round(100 * attendance_rate, 1) AS attendance_percent,
       if(scope = 'school', 'whole school', cohort_id) AS measured_in
FROM student_metrics
WHERE as_of_date = :as_of_date AND scope = :tier_scope AND status = 'enrolled' AND tier_change = 'worse'
ORDER BY attendance_rate, student_key, cohort_id
