-- On which weekdays is the school away, in the school year to date?
SELECT CAST(period_value AS INT) AS weekday, round(100 * attendance_rate, 1) AS attendance_percent,
       count_absences AS absences, count_possible_units AS possible_days
FROM cohort_metrics
WHERE as_of_date = :as_of_date AND scope = 'school' AND period_kind = 'weekday' AND NOT is_suppressed
ORDER BY weekday
