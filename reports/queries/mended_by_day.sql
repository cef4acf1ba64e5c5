-- How many cells of the sheet were mended, day by day?
SELECT to_date(resolved_at) AS mended_date, count(*) AS mended_cells
FROM quarantine
WHERE is_resolved
GROUP BY to_date(resolved_at)
ORDER BY mended_date DESC
