-- Whose marks lie outside their enrolment, kept but not counted?
SELECT student_key, cohort_id AS cohort, count(*) AS marks, min(session_date) AS first_date, max(session_date) AS last_date
FROM attendance_records
WHERE school_year BETWEEN :first_school_year AND :school_year AND session_date <= :as_of_date AND NOT is_inside_enrolment_window
GROUP BY student_key, cohort_id
ORDER BY marks DESC, student_key, cohort
