"""Bronze: every cell as it was read, each version kept."""

from student_track.schemas.columns import CELL, RUN_ID, SOURCE_ID, TAB, Column, Table, at, flag, text

RAW_ATTENDANCE = Table(
    "raw_attendance",
    "bronze",
    "one row per version of a cell",
    ("source_id", "tab", "row", "column", "read_at"),
    "01_ingest_attendance_bronze",
    (
        SOURCE_ID,
        TAB,
        Column(
            "row",
            "int",
            "row in the tab, from 1; row 0 holds the content's fingerprint, each tab's id, locale and merged blocks",
        ),
        Column("column", "int", "column in the tab, from 1"),
        CELL,
        text("value_text", "text of the cell as displayed", is_personal=True),
        text("value_kind", "text, number, date, boolean or error; in row 0 fingerprint, tab_id, locale or merges"),
        text("value_typed", "typed value as text: ISO date, plain number, true or false", is_personal=True),
        flag("is_removed", "the cell was emptied or removed in this version"),
        Column("version", "int", "version of the cell, from 1"),
        at("read_at", "when this version was read"),
        RUN_ID,
    ),
    partition="source_id",
)
