-- From which level of the ladder does the dropout-risk score speak, and of how many students?
SELECT ladder_level AS level, count(DISTINCT student_key) AS students, count(band) > 0 AS has_scores
FROM dropout_risk
WHERE as_of_date = :as_of_date
GROUP BY ladder_level
ORDER BY level
