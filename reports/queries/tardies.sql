-- Who comes late, how often, and how much of the sessions with a mark is that?
SELECT student_key, count_tardy_sessions AS tardies, count_known_sessions AS sessions_with_a_mark,
       round(100 * count_tardy_sessions / count_known_sessions, 1) AS tardy_percent, tier,
       if(scope = 'school', 'whole school', cohort_id) AS measured_in
FROM student_metrics
WHERE as_of_date = :as_of_date AND scope = :tier_scope AND status = 'enrolled' AND count_tardy_sessions > 0
ORDER BY tardies DESC, sessions_with_a_mark, student_key, cohort_id
