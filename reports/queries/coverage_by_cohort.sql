-- How much of what was expected is known in each cohort, and why is the rest not?
SELECT m.cohort_id AS cohort, round(100 * c.coverage_share, 1) AS coverage_percent,
       sum(m.count_expected_sessions) AS expected_sessions, sum(m.count_sessions_not_taken) AS register_not_taken,
       sum(m.count_sessions_without_mark) AS without_usable_mark
FROM student_metrics m JOIN cohort_metrics c ON c.cohort_id = m.cohort_id AND c.as_of_date = m.as_of_date
WHERE m.as_of_date = :as_of_date AND m.scope = 'cohort'
  AND c.scope = 'cohort' AND c.period_kind = 'year_to_date' AND NOT c.is_suppressed
GROUP BY m.cohort_id, c.coverage_share
ORDER BY coverage_percent, cohort
