"""The few sentences at the end of a run that a head teacher understands."""

from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from student_track.settings import Settings
from student_track.tab_titles import changes_of_run, titles_seen


def held_cohorts(spark: SparkSession) -> tuple[str, ...]:
    """Return the cohorts whose silver keeps its last good rows, in order."""
    held = spark.table("cohorts").where("is_held").select("cohort_id").orderBy("cohort_id")
    return tuple(row.cohort_id for row in held.collect())


def latest_as_of_date(spark: SparkSession) -> date | None:
    """Return the latest as-of date there are metrics for."""
    return spark.table("student_metrics").agg(F.max("as_of_date").alias("latest")).first().latest


def summary(spark: SparkSession, config: Settings, as_of_date: date, held: tuple[str, ...]) -> str:
    """Return what the run found: students, risk, messages, cells to mend, what is held, the page to open."""
    lines = [
        f"{config.school_name}, as of {_day(as_of_date)}",
        f"  {_students(spark, as_of_date)}",
        *(f"  {line}" for line in (_risk(spark, as_of_date), _messages(spark, as_of_date)) if line),
        f"  {_cells_to_mend(spark)}",
    ]
    if held:
        lines.append(f"  Held, showing the last good data: {', '.join(held)}. Mend the cells listed, and run again.")
    lines += [f"  {said}" for said in (_tabs_of_other_titles(spark, config) if config.google_keys else ())]
    page = config.site_folder / "index.html"
    return "\n".join([*lines, f"  Open the page: {_link(page)}"])


def _students(spark: SparkSession, as_of_date: date) -> str:
    rows = spark.table("student_metrics").where((F.col("as_of_date") == as_of_date) & (F.col("scope") == "school"))
    enrolled = rows.where("status = 'enrolled'")
    since_now = F.col("needs_attention_since_date") == F.col("as_of_date")
    counts = enrolled.agg(
        F.count("*").alias("enrolled"),
        F.count_if("needs_attention").alias("attention"),
        F.count_if(F.col("needs_attention") & since_now).alias("new"),
    ).first()
    return f"{counts.enrolled} students enrolled; {counts.attention} need attention, {counts.new} of them new that day."


def _risk(spark: SparkSession, as_of_date: date) -> str:
    """Who scored, by the ladder's level; empty where the date was not scored."""
    rows = spark.table("dropout_risk").where(F.col("as_of_date") == as_of_date)
    counts = {row.ladder_level: row["count"] for row in rows.groupBy("ladder_level").count().collect()}
    if not counts:
        return ""
    level = max(counts)
    if level == 0:
        return "Dropout risk: too early for any score."
    by = "an order by published weights, for no model has proved itself here yet" if level == 1 else "the proven model"
    return f"Dropout risk: {counts[level]} scored by {by}."


def _messages(spark: SparkSession, as_of_date: date) -> str:
    """What became of the date's messages to owners; empty where there was nothing to say."""
    of_day = spark.table("alert_outbox").where(F.col("as_of_date") == as_of_date)
    rows = of_day.where("owner <> 'operators' AND kind <> 'update'")
    counts = {row.state: row["count"] for row in rows.groupBy("state").count().collect()}
    states = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    off = " (delivery is off: deliver_alerts)" if "held" in counts else ""
    return f"Messages to owners: {states}{off}." if counts else ""


def _cells_to_mend(spark: SparkSession) -> str:
    open_cells = spark.table("quarantine").where("NOT is_resolved")
    by_tab = open_cells.groupBy("source_id", "tab").agg(F.count("*").alias("cells"), F.min("cell").alias("cell"))
    rows = by_tab.orderBy(F.desc("cells"), "source_id", "tab").collect()
    if not rows:
        return "No cell to mend."
    count = sum(row.cells for row in rows)
    places = ", ".join(
        f"{row.tab} {row.cell}" + (f" and {row.cells - 1} more" if row.cells > 1 else "") for row in rows[:4]
    )
    more = f", and {len(rows) - 4} more tabs" if len(rows) > 4 else ""
    return f"{count} cell{'s' if count > 1 else ''} to mend: {places}{more}."


def _tabs_of_other_titles(spark: SparkSession, config: Settings) -> list[str]:
    """The tabs of Google sheets that this run found under another title than before, and those that are gone."""
    renamed, gone = changes_of_run(titles_seen(spark), config.run_id)
    return [
        *(
            f"{tab.source_id}: tab {tab.former} is called {tab.title} now. Its marks stand under the new name; what "
            "params/sheet.yml says of the former one still holds."
            for tab in renamed
        ),
        *(f"{tab.source_id}: tab {tab.title} (sheetId {tab.tab_id}) is gone." for tab in gone),
    ]


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _link(page: Path) -> str:
    return page.resolve().as_uri()
