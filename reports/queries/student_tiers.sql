-- Which tiers has each student had in the period, since when, and how much was missed of what was possible by then?
SELECT student_key, cohort_id, t.since_date, t.tier, t.missed_units, t.count_possible_units
FROM (
  SELECT student_key, cohort_id, explode(tier_history) AS t
  FROM student_metrics
  WHERE as_of_date = :as_of_date AND scope = :tier_scope
) began
ORDER BY student_key, cohort_id, t.unit_number
