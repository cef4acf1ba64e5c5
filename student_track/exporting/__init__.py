"""Lists of the pages as files for a spreadsheet program, and an empty workbook to keep attendance in."""
