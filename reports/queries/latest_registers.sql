-- When was the latest register of each cohort taken, and how many days before the as-of date is that?
SELECT cohort_id AS cohort, max(session_date) AS latest_date, datediff(:as_of_date, max(session_date)) AS days_before
FROM sessions
WHERE school_year BETWEEN :first_school_year AND :school_year AND session_date <= :as_of_date AND is_taken AND NOT is_cancelled
GROUP BY cohort_id
ORDER BY latest_date, cohort
