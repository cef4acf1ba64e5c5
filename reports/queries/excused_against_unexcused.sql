-- How much of what is missed is excused, and how often do students come late, by cohort in the school year to date?
SELECT cohort_id AS cohort, count_excused_sessions AS excused, count_unexcused_sessions AS unexcused,
       round(100 * count_excused_sessions / nullif(count_excused_sessions + count_unexcused_sessions, 0)) AS excused_percent,
       count_tardy_sessions AS tardies
FROM cohort_metrics
WHERE as_of_date = :as_of_date AND scope = 'cohort' AND period_kind = 'year_to_date' AND NOT is_suppressed
ORDER BY cohort
