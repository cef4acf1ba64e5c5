"""Tabs under another title, and tabs that are gone, told by their ids."""

from datetime import UTC, datetime

from student_track.tab_titles import (
    GoneTab,
    Renamed,
    TitleSeen,
    changes_of_run,
    former_titles,
    gone_tabs,
    standing_titles,
)


def seen(title, tab_id, day, is_removed=False):
    return TitleSeen("google:K", title, tab_id, datetime(2026, 9, day, tzinfo=UTC), is_removed, f"run {day}")


RENAMED = [seen("Ash", "1", 1), seen("Elm", "2", 1), seen("Ash", "1", 2, True), seen("Ash 7", "1", 2)]
SWAPPED = [seen("Ash", "1", 1), seen("Elm", "2", 1), seen("Ash", "2", 2), seen("Elm", "1", 2)]


def test_a_title_that_changed_is_told_by_the_id():
    assert standing_titles(RENAMED) == {("google:K", "Elm"): "2", ("google:K", "Ash 7"): "1"}
    assert former_titles(RENAMED) == {("google:K", "Ash 7"): ("Ash",)}
    assert changes_of_run(RENAMED, "run 2") == ([Renamed("google:K", "Ash", "Ash 7")], [])
    assert changes_of_run(RENAMED, "run 3") == ([], [])


def test_titles_that_two_tabs_swapped_are_nobodys_former_ones():
    assert former_titles(SWAPPED) == {}
    assert changes_of_run(SWAPPED, "run 2")[0] == [Renamed("google:K", "Ash", "Elm"), Renamed("google:K", "Elm", "Ash")]


def test_a_tab_that_is_gone_is_named_by_its_last_title_also_where_another_bears_it():
    gone = [*RENAMED, seen("Ash 7", "1", 3, True)]
    assert gone_tabs(gone) == [GoneTab("google:K", "1", "Ash 7")]
    assert changes_of_run(gone, "run 3") == ([], [GoneTab("google:K", "1", "Ash 7")])
    assert gone_tabs([seen("Ash", "1", 1), seen("Ash", "5", 2)]) == [GoneTab("google:K", "1", "Ash")]


def test_a_first_reading_changes_nothing():
    assert (gone_tabs(RENAMED[:2]), changes_of_run(RENAMED[:2], "run 1")) == ([], ([], []))
