-- Who left a cohort this school year and joined another after it, and how is attendance before and since?
WITH moves AS (
  SELECT l.student_key, l.cohort_id AS left_cohort, l.last_expected_date AS left_on, j.cohort_id AS joined_cohort,
         j.first_expected_date AS joined_on, l.attendance_rate AS rate_before, j.attendance_rate AS rate_since,
         row_number() OVER (PARTITION BY l.student_key, l.cohort_id ORDER BY j.first_expected_date, j.cohort_id) AS place
  FROM student_metrics l JOIN student_metrics j ON j.student_key = l.student_key AND j.as_of_date = l.as_of_date
  WHERE l.as_of_date = :as_of_date AND l.scope = 'cohort' AND j.scope = 'cohort' AND l.status = 'left'
    AND j.first_expected_date > l.last_expected_date
)
SELECT m.student_key, m.left_cohort, m.left_on, m.joined_cohort, m.joined_on,
       round(100 * m.rate_before, 1) AS percent_before, round(100 * m.rate_since, 1) AS percent_since,
       w.tier AS tier_in_the_whole_school
FROM moves m JOIN student_metrics w ON w.student_key = m.student_key
WHERE m.place = 1 AND w.as_of_date = :as_of_date AND w.scope = 'school'
ORDER BY joined_on DESC, student_key, left_cohort
