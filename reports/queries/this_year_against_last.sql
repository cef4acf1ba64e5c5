-- How much was missed of the sessions with a mark, to date and by month, this school year and up to the same day of the last?
WITH counted AS (
  SELECT r.school_year, r.student_key, r.missed_numerator * p.parts_per_unit DIV r.missed_denominator AS missed_parts,
         p.parts_per_unit, explode(array('to date', date_format(r.session_date, 'MM'))) AS month,
         if(r.school_year = :school_year, r.session_date, add_months(r.session_date, 12)) AS session_date
  FROM attendance_records r
  JOIN sessions s ON s.session_id = r.session_id AND s.school_year = r.school_year
  CROSS JOIN (SELECT max(parts_per_unit) AS parts_per_unit FROM cohort_metrics WHERE as_of_date = :as_of_date) p
  WHERE r.school_year IN (:school_year, :school_year - 1) AND r.counts_in_rate AND r.is_inside_enrolment_window
    AND NOT s.is_cancelled AND r.session_date <= :as_of_date
    AND (r.school_year = :school_year OR r.session_date <= add_months(:as_of_date, -12))
),
of_year AS (
  SELECT month, school_year, min(session_date) AS first_date, count(*) AS marks, count(DISTINCT student_key) AS students,
         round(100 * sum(missed_parts) / (max(parts_per_unit) * count(*)), 1) AS missed_percent
  FROM counted
  GROUP BY month, school_year
),
shown AS (  -- a small month is left out, and with it the sum that it could be subtracted from
  SELECT of_month.* FROM (SELECT *, min(students) OVER (PARTITION BY school_year) AS fewest FROM of_year) of_month
  WHERE students >= :suppress_below AND (month <> 'to date' OR fewest >= :suppress_below)
)
SELECT coalesce(t.month, l.month) AS month, t.missed_percent AS this_year_percent, l.missed_percent AS last_year_percent,
       t.marks AS marks_this_year, l.marks AS marks_last_year
FROM (SELECT * FROM shown WHERE school_year = :school_year) t
FULL OUTER JOIN (SELECT * FROM shown WHERE school_year = :school_year - 1) l ON l.month = t.month
ORDER BY coalesce(t.month, l.month) <> 'to date', coalesce(t.first_date, l.first_date)
