-- Which cells of the sheet could not be understood, and what can be done about each?
SELECT tab, cell, reason, what_to_do, count_marks AS marks_kept_out
FROM quarantine
WHERE NOT is_resolved
ORDER BY marks_kept_out DESC, tab, cell
