-- In which cohorts is or was each student, who looks after them there, and what does the dropout risk say there?
SELECT m.student_key, m.cohort_id AS cohort, c.owner, c.deputy, c.is_held, c.held_reason, m.status, m.first_expected_date,
       m.last_expected_date, m.tier, m.missed_units, m.count_possible_units, m.attendance_rate,
       m.position_in_cohort_share, r.ladder_level, r.band, r.probability, r.rank_in_cohort, r.reasons AS risk_reasons,
       r.abstained_because, r.disagreement
FROM student_metrics m
LEFT JOIN cohorts c ON c.cohort_id = m.cohort_id
LEFT JOIN dropout_risk r ON r.student_key = m.student_key AND r.cohort_id = m.cohort_id AND r.as_of_date = m.as_of_date
WHERE m.as_of_date = :as_of_date AND m.scope = 'cohort'
ORDER BY m.student_key, m.status = 'left', m.count_expected_sessions DESC, cohort
