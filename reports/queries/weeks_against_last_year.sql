-- How much of the sessions with a mark was attended, week by week, this school year and in the same weeks of the last?
WITH counted AS (
  SELECT date_sub(r.session_date, weekday(r.session_date)) AS monday, count(*) AS marks,
         count(DISTINCT r.student_key) AS students,
         sum(r.missed_numerator * p.parts_per_unit DIV r.missed_denominator) / max(p.parts_per_unit) AS missed
  FROM attendance_records r
  JOIN sessions s ON s.session_id = r.session_id AND s.school_year = r.school_year
  CROSS JOIN (SELECT max(parts_per_unit) AS parts_per_unit FROM cohort_metrics WHERE as_of_date = :as_of_date) p
  WHERE r.school_year IN (:school_year, :school_year - 1) AND r.counts_in_rate AND r.is_inside_enrolment_window
    AND NOT s.is_cancelled
    AND r.session_date <= if(r.school_year = :school_year, :as_of_date, date_sub(:as_of_date, 364))
  GROUP BY date_sub(r.session_date, weekday(r.session_date))
),
attended AS (
  SELECT monday, round(100 * (1 - missed / marks), 1) AS percent FROM counted WHERE students >= :suppress_below
)
SELECT w.period_start_date AS first_day, t.percent AS this_year_percent, l.percent AS last_year_percent
FROM cohort_metrics w
LEFT JOIN attended t ON t.monday = date_sub(w.period_start_date, weekday(w.period_start_date))
LEFT JOIN attended l ON l.monday = date_sub(w.period_start_date, weekday(w.period_start_date) + 364)
WHERE w.as_of_date = :as_of_date AND w.scope = 'school' AND w.period_kind = 'week' AND NOT w.is_suppressed
ORDER BY first_day
