-- Which tabs and cohorts are held, keep their last good data, and why?
SELECT 'tab' AS what, tab AS name, held_reason AS because FROM sheet_tabs WHERE is_held
UNION ALL
SELECT 'cohort' AS what, cohort_id AS name, held_reason AS because FROM cohorts WHERE is_held
ORDER BY what, name
