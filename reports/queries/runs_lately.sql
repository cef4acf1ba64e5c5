-- Which runs were there lately, when did they begin, how long did they take, by which versions, and how did they end?
SELECT run_id, to_date(min(started_at)) AS started_date,
       concat(lpad(hour(min(started_at)), 2, '0'), ':', lpad(minute(min(started_at)), 2, '0')) AS started_time,
       count(*) AS notebooks, round(sum(duration_seconds), 1) AS seconds,
       coalesce(max(if(outcome NOT IN ('done', 'skipped'), outcome, NULL)), 'done') AS outcome,
       max(policy_version) AS policy_version, max(code_version) AS code_version
FROM pipeline_runs
GROUP BY run_id
ORDER BY min(started_at) DESC, run_id
LIMIT 10
