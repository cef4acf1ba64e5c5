"""What else a tab is or was called: former titles, titles that two sources share, tabs that are gone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from pyspark.sql import SparkSession

from student_track.sheets import Grid, Recognition, TabReading
from student_track.tab_titles import GoneTab, former_titles, gone_tabs, titles_seen

Place = tuple[str, str]
"""Source and title of a tab."""


@dataclass(frozen=True)
class TabNames:
    """Names of the tabs known so far. Only a Google sheet tells a tab with another title from another tab."""

    former: dict[Place, tuple[str, ...]]
    gone: tuple[GoneTab, ...]
    places: frozenset[Place]

    @classmethod
    def of(cls, spark: SparkSession) -> "TabNames":
        """Return the names as bronze and silver tell them."""
        seen = titles_seen(spark)
        known = spark.table("sheet_tabs").where("kind <> 'gone'").select("source_id", "tab").collect()
        return cls(former_titles(seen), tuple(gone_tabs(seen)), frozenset((row.source_id, row.tab) for row in known))

    def with_places(self, places: Iterable[Place]) -> "TabNames":
        """Return the names with more tabs among which a title may stand twice."""
        return replace(self, places=self.places | frozenset(places))

    @cached_property
    def shared_titles(self) -> frozenset[str]:
        counts = Counter(title for _, title in self.places)
        return frozenset(title for title, count_sources in counts.items() if count_sources > 1)

    def put_on(self, grid: Grid) -> Grid:
        """Return the grid with the names of its tab."""
        former = self.former.get((grid.source_id, grid.tab), ())
        return replace(grid, former_titles=former, is_title_shared=grid.tab in self.shared_titles)

    def with_gone_tabs(self, tabs: tuple[TabReading, ...], source_ids: Iterable[str]) -> tuple[TabReading, ...]:
        """Return the readings, and one that says so for each tab of the sources that is gone."""
        by_place = {(tab.source_id, tab.tab): tab for tab in tabs}
        more = []
        for gone in self.gone:
            said = f"is gone from the spreadsheet (sheetId {gone.tab_id})"
            if successor := by_place.get((gone.source_id, gone.title)):
                successor.notes.insert(0, f"the former tab of this title {said}")
            elif gone.source_id in source_ids:
                more.append(_reading_of_gone(gone, said))
        return (*tabs, *more)


def _reading_of_gone(gone: GoneTab, said: str) -> TabReading:
    return TabReading(gone.source_id, gone.title, Recognition("gone", missing=said), gone.tab_id, notes=[said])
