-- How much of each weekday has each student missed in the period, in all cohorts together?
SELECT student_key, w.weekday, sum(w.missed_units) AS missed_units, sum(w.count_possible_units) AS count_possible_units
FROM (
  SELECT student_key, explode(units_by_weekday) AS w
  FROM student_metrics
  WHERE as_of_date = :as_of_date AND scope = :tier_scope
) by_weekday
GROUP BY student_key, w.weekday
ORDER BY student_key, w.weekday
