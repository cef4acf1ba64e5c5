-- When did each notebook run last, how long did it take, and how did it end?
WITH ranked AS (
  SELECT *, row_number() OVER (PARTITION BY notebook ORDER BY started_at DESC, run_id) AS place FROM pipeline_runs
)
SELECT notebook, to_date(started_at) AS started_date,
       concat(lpad(hour(started_at), 2, '0'), ':', lpad(minute(started_at), 2, '0')) AS started_time,
       round(duration_seconds, 1) AS seconds, outcome
FROM ranked
WHERE place = 1
ORDER BY notebook
