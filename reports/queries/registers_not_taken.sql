-- Which registers of the last four weeks were not taken, and who takes them?
SELECT s.cohort_id AS cohort, c.teacher, s.session_date AS date
FROM sessions s JOIN cohorts c ON c.cohort_id = s.cohort_id
WHERE s.school_year BETWEEN :first_school_year AND :school_year AND s.session_date BETWEEN date_sub(:as_of_date, 27) AND :as_of_date
  AND NOT s.is_cancelled AND NOT (s.is_taken OR (:blank_mark <> 'unknown' AND s.is_in_sheet))
ORDER BY date DESC, cohort, s.period
