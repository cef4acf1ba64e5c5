-- What became of the messages of the last two weeks, by day, kind and state?
SELECT as_of_date AS day, kind, state, count(*) AS messages, max(count_attempts) AS most_attempts
FROM alert_outbox
WHERE as_of_date BETWEEN date_sub(:as_of_date, 13) AND :as_of_date
GROUP BY as_of_date, kind, state
ORDER BY day DESC, kind, state
