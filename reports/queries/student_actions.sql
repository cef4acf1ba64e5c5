-- What was done about each student in the period, when, and by whom?
SELECT a.student_key, a.action_date, a.kind, a.`by` AS taken_by
FROM actions a
CROSS JOIN (
  SELECT min(period_start_date) AS from_date FROM cohort_metrics
  WHERE as_of_date = :as_of_date AND scope = 'school' AND period_kind = 'year_to_date'
) p
WHERE a.action_date BETWEEN p.from_date AND :as_of_date
ORDER BY a.student_key, a.action_date DESC, a.kind, a.action_id
