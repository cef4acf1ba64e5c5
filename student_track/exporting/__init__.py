"""Lists of the pages as files for a spreadsheet program."""

from student_track.exporting.lists import Request, export, request_of

__all__ = ["Request", "export", "request_of"]
