-- What was missed in the four weeks before and after each action? (Actions follow bad weeks, and many get better after them by themselves: no proof that one helped.)
WITH days AS (
  SELECT a.action_id, r.session_date > a.action_date AS is_after,
         r.missed_numerator * p.parts_per_unit DIV r.missed_denominator AS missed_parts, p.parts_per_unit
  FROM actions a
  JOIN attendance_records r ON r.student_key = a.student_key AND r.session_date <> a.action_date
    AND r.session_date BETWEEN date_sub(a.action_date, 28) AND date_add(a.action_date, 28)
  JOIN sessions s ON s.session_id = r.session_id
  CROSS JOIN (SELECT max(parts_per_unit) AS parts_per_unit FROM cohort_metrics WHERE as_of_date = :as_of_date) p
  WHERE r.session_date <= :as_of_date AND r.counts_in_rate AND r.is_inside_enrolment_window AND NOT s.is_cancelled
),
counted AS (
  SELECT action_id, count_if(NOT is_after) AS marks_before, count_if(is_after) AS marks_after,
         sum(if(is_after, 0L, missed_parts)) / max(parts_per_unit) AS missed_before,
         sum(if(is_after, missed_parts, 0L)) / max(parts_per_unit) AS missed_after
  FROM days
  GROUP BY action_id
)
SELECT a.student_key, a.action_date, a.kind, coalesce(c.marks_before, 0) AS marks_before,
       round(100 * c.missed_before / nullif(c.marks_before, 0), 1) AS missed_before_percent, coalesce(c.marks_after, 0) AS marks_after,
       round(100 * c.missed_after / nullif(c.marks_after, 0), 1) AS missed_after_percent
FROM actions a LEFT JOIN counted c ON c.action_id = a.action_id
WHERE a.action_date <= :as_of_date
ORDER BY a.action_date DESC, a.student_key, a.kind, a.action_id
