-- How did attendance go week by week, in the school year to date?
SELECT period_value AS week, period_start_date AS first_day, round(100 * attendance_rate, 1) AS attendance_percent,
       round(100 * coverage_share, 1) AS coverage_percent
FROM cohort_metrics
WHERE as_of_date = :as_of_date AND scope = 'school' AND period_kind = 'week' AND NOT is_suppressed
ORDER BY first_day
