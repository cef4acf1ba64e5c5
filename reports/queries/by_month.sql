-- How did attendance go month by month, in the school year to date?
SELECT period_value AS month, round(100 * attendance_rate, 1) AS attendance_percent,
       round(100 * coverage_share, 1) AS coverage_percent, count_absences AS absences, count_possible_units AS possible_days
FROM cohort_metrics
WHERE as_of_date = :as_of_date AND scope = 'school' AND period_kind = 'month' AND NOT is_suppressed
ORDER BY month
