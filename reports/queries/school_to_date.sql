-- How does the whole school stand, in the school year to date?
SELECT count_satisfactory + count_at_risk + count_moderate_chronic + count_severe_chronic + count_too_early + count_withheld
           AS students,
       count_needs_attention AS needs_attention, count_new_attention AS new_that_day,
       longest_attention_since_date AS since, round(100 * attendance_rate, 1) AS attendance_percent,
       round(100 * coverage_share, 1) AS coverage_percent, period_start_date AS from_date,
       count_excused_sessions AS excused, count_unexcused_sessions AS unexcused, count_tardy_sessions AS tardies,
       count_satisfactory AS satisfactory, count_at_risk AS at_risk, count_moderate_chronic AS moderate_chronic,
       count_severe_chronic AS severe_chronic, count_too_early AS too_early, count_withheld AS withheld, is_suppressed
FROM cohort_metrics
WHERE as_of_date = :as_of_date AND scope = 'school' AND period_kind = 'year_to_date'
