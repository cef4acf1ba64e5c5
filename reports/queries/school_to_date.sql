-- How does the whole school stand, in the school year to date? Of too small a school, only that it is.
WITH school AS (
  SELECT * FROM cohort_metrics
  WHERE as_of_date = :as_of_date AND scope = 'school' AND period_kind = 'year_to_date'
)
SELECT v.count_satisfactory + v.count_at_risk + v.count_moderate_chronic + v.count_severe_chronic + v.count_too_early
           + v.count_withheld AS students,
       v.count_needs_attention AS needs_attention, v.count_new_attention AS new_that_day,
       v.count_needs_attention_week_before AS week_before, v.count_new_attention_in_week AS new_in_week,
       v.count_needs_attention_week_before + v.count_new_attention_in_week - v.count_needs_attention AS no_longer,
       v.longest_attention_since_date AS since, round(100 * v.attendance_rate, 1) AS attendance_percent,
       round(100 * v.coverage_share, 1) AS coverage_percent, w.period_start_date AS from_date,
       v.count_excused_sessions AS excused, v.count_unexcused_sessions AS unexcused, v.count_tardy_sessions AS tardies,
       v.count_satisfactory AS satisfactory, v.count_at_risk AS at_risk, v.count_moderate_chronic AS moderate_chronic,
       v.count_severe_chronic AS severe_chronic, v.count_too_early AS too_early, v.count_withheld AS withheld, w.is_suppressed
FROM school w LEFT JOIN (SELECT * FROM school WHERE NOT is_suppressed) v ON v.as_of_date = w.as_of_date
