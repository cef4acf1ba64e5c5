"""Panels without a browser: a change of a control asks again, the button keeps what is shown."""

import csv

import ipywidgets as widgets
import pandas as pd

from student_track.exploring import panel
from student_track.exporting.shown import export_shown

TABLE = pd.DataFrame({"cohort": ["7A", "=1+1"], "rate": [0.9, 0.8]})


def parts_of(box, kind):
    inside = [child for child in box.children if isinstance(child, kind)]
    return inside + [part for child in box.children if isinstance(child, widgets.Box) for part in parts_of(child, kind)]


def test_every_change_asks_again_with_all_controls():
    asked = []
    controls = {"limit": widgets.FloatSlider(value=8.0), "cohort": widgets.Dropdown(options=["7A", "7B"])}
    panel(lambda **chosen: asked.append(chosen) or TABLE, controls, lambda *_: None)
    controls["cohort"].value = "7B"
    controls["limit"].value = 9.0
    assert asked == [
        {"limit": 8.0, "cohort": "7A"},
        {"limit": 8.0, "cohort": "7B"},
        {"limit": 9.0, "cohort": "7B"},
    ]


def test_the_button_keeps_what_is_shown(config):
    choice = widgets.Dropdown(options=["all", "7A"])
    shown = panel(
        lambda chosen: TABLE if chosen == "all" else TABLE[:1],
        {"chosen": choice},
        lambda rows, format: export_shown(config, "cohort: 7/A", rows, format),
    )
    (button,) = parts_of(shown, widgets.Button)
    (said,) = parts_of(shown, widgets.Label)
    parts_of(shown, widgets.Dropdown)[-1].value = "csv"
    button.click()
    path = config.reports_folder / "exports" / config.school_slug / "explore-cohort-7-A.csv"
    assert said.value == f"2 rows: {path}"
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[2][0] != "=1+1"  # no spreadsheet program takes it for a formula
    assert path.stat().st_mode & 0o777 == 0o600
    choice.value = "7A"
    button.click()
    assert said.value == f"1 rows: {path}"


def test_what_cannot_be_kept_is_said_beside_the_button(config):
    shown = panel(lambda: TABLE[:0], {}, lambda rows, format: export_shown(config, "nothing", rows, format))
    (button,) = parts_of(shown, widgets.Button)
    button.click()
    assert parts_of(shown, widgets.Label)[0].value == "Nothing is shown, so no file was written."
