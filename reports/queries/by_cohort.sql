-- How does each cohort stand, in the school year to date, and since when does somebody need attention?
SELECT m.cohort_id AS cohort, c.owner, m.count_satisfactory + m.count_at_risk + m.count_moderate_chronic
           + m.count_severe_chronic + m.count_too_early + m.count_withheld AS students, round(100 * m.attendance_rate, 1) AS attendance_percent,
       round(100 * m.coverage_share, 1) AS coverage_percent, m.count_needs_attention AS needs_attention,
       m.count_new_attention AS new_that_day, m.count_new_attention_in_week AS new_in_week,
       m.count_needs_attention_week_before + m.count_new_attention_in_week - m.count_needs_attention AS no_longer,
       m.longest_attention_since_date AS since,
       m.count_satisfactory AS satisfactory, m.count_at_risk AS at_risk, m.count_moderate_chronic AS moderate_chronic,
       m.count_severe_chronic AS severe_chronic, m.count_too_early AS too_early, m.count_withheld AS withheld
FROM cohort_metrics m JOIN cohorts c ON c.cohort_id = m.cohort_id
WHERE m.as_of_date = :as_of_date AND m.scope = 'cohort' AND m.period_kind = 'year_to_date' AND NOT m.is_suppressed
ORDER BY needs_attention DESC, cohort
