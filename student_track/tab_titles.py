"""Tabs that got another title or are gone, told by the id that a spreadsheet gives each tab for good."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from pyspark.sql import SparkSession


class TitleSeen(NamedTuple):
    """A version of the cell of bronze that keeps a tab's id: which tab bore a title, from when on."""

    source_id: str
    title: str
    tab_id: str
    read_at: datetime
    is_removed: bool
    run_id: str


class GoneTab(NamedTuple):
    """A tab that stood in a spreadsheet once, with its last title."""

    source_id: str
    tab_id: str
    title: str


class Renamed(NamedTuple):
    """A tab whose title changed."""

    source_id: str
    former: str
    title: str


def titles_seen(spark: SparkSession) -> list[TitleSeen]:
    """Return every title under which a tab of a Google sheet was ever read; tabs of files have no id of their own."""
    versions = spark.table("raw_attendance").where("source_id LIKE 'google:%' AND value_kind = 'tab_id'")
    rows = versions.select("source_id", "tab", "value_text", "read_at", "is_removed", "run_id").collect()
    return [TitleSeen(*row) for row in rows]


def standing_titles(seen: Iterable[TitleSeen]) -> dict[tuple[str, str], str]:
    """Return the id of every tab that stands now, by source and title."""
    latest: dict[tuple[str, str], TitleSeen] = {}
    for each in sorted(seen, key=lambda each: each.read_at):
        latest[each.source_id, each.title] = each
    return {place: each.tab_id for place, each in latest.items() if not each.is_removed}


def former_titles(seen: Iterable[TitleSeen]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the titles a standing tab bore before, and no other tab bears now, by its source and title."""
    seen = list(seen)
    standing = standing_titles(seen)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for (source_id, title), tab_id in standing.items():
        borne = {each.title for each in seen if (each.source_id, each.tab_id) == (source_id, tab_id)}
        if former := sorted(name for name in borne if (source_id, name) not in standing):
            found[source_id, title] = tuple(former)
    return found


def gone_tabs(seen: Iterable[TitleSeen]) -> list[GoneTab]:
    """Return the tabs that stood once and do not now, in order."""
    seen = sorted(seen, key=lambda each: each.read_at)
    stand = {(source_id, tab_id) for (source_id, _), tab_id in standing_titles(seen).items()}
    last_title = {(each.source_id, each.tab_id): each.title for each in seen}
    gone = [GoneTab(*place, title) for place, title in last_title.items() if place not in stand]
    return sorted(gone)


def changes_of_run(seen: Iterable[TitleSeen], run_id: str) -> tuple[list[Renamed], list[GoneTab]]:
    """Return the tabs that a run found under another title than before, and those that it found no more."""
    seen = list(seen)
    before, now = (
        {(source, tab_id): title for (source, title), tab_id in standing_titles(each).items()}
        for each in ([each for each in seen if each.run_id != run_id], seen)
    )
    renamed = [
        Renamed(place[0], before[place], now[place]) for place in now if before.get(place, now[place]) != now[place]
    ]
    gone = [GoneTab(*place, title) for place, title in before.items() if place not in now]
    return sorted(renamed), sorted(gone)
