-- What became of the marks of each tab: records + quarantined + duplicates = marks in?
SELECT tab, count_marks AS marks_in, count_records AS records, count_quarantined AS quarantined,
       count_duplicates AS duplicates, is_held
FROM sheet_tabs
WHERE kind = 'attendance'
ORDER BY tab
