"""``inspect`` and ``why``: what a tab is taken for, where a mark comes from; the question that a run stops with."""

from tests.lakes import ROOT, UP_TO_METRICS, rows


def test_inspect_says_what_a_tab_is_taken_for_and_names_no_student(student_track, tmp_path):
    sheet = tmp_path / "register.csv"
    sheet.write_text("Autumn register\nid,Name,2026-09-07,2026-09-08,Total\n01,Ann Secret,P,A,1\n02,Ben Secret,P,P,0\n")
    code, said, _ = student_track("inspect", "--sheet", str(sheet))
    assert code == 0
    assert 'register.csv, tab "register": attendance, wide' in said
    assert "student's id in A, student's name in B" in said
    assert "2, from 2026-09-07 to 2026-09-08" in said
    assert "4: P 3, A 1" in said
    assert '"register": {kind: attendance, layout: wide, header_row: 2}' in said
    assert "Secret" not in said


def test_tabs_of_one_title_are_told_apart_by_their_source(student_track, tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Sheet1.csv").write_text("id,2026-09-07,2026-09-08\n01,1,0\n02,1,1\n")
    code, said, _ = student_track("inspect", "--sheet", str(tmp_path))
    assert code == 0
    for folder in ("one", "two"):
        assert f'"{folder}/Sheet1.csv/Sheet1": {{marks: {{"0": A, "1": P}}}}' in said
    assert "also the title of a tab in another source: each is the class Sheet1" in said


def test_a_tab_with_two_readings_is_asked_about_and_nothing_is_guessed(student_track, tmp_path, own_lake):
    sheet = tmp_path / "register.csv"
    sheet.write_text("id,2026-09-07,2026-09-08\n01,1,0\n02,1,1\n")
    asked = "its marks are 0 and 1, and which of them is present is not said"
    code, said, _ = student_track("inspect", "--sheet", str(sheet))
    assert (code, asked in said) == (0, True)
    code, _, complaint = student_track("run", "--sheet", str(sheet))
    assert code == 2
    assert asked in complaint
    assert '"register": {marks: {"0": A, "1": P}}' in complaint
    assert not rows(own_lake, "attendance_records")

    contract = tmp_path / "sheet.yml"
    written = (ROOT / "params" / "sheet.yml").read_text(encoding="utf-8")
    contract.write_text(written.replace("tabs: {}", 'tabs: {"register": {marks: {"0": A, "1": P}}}'), encoding="utf-8")
    settings = tmp_path / "hill.yml"
    settings.write_text(f'sheet: "{sheet}"\nsheet_contract: "{contract}"\n', encoding="utf-8")
    assert student_track("run", "--settings", str(settings), *UP_TO_METRICS)[0] == 0
    states = sorted(row[6] for row in rows(own_lake, "attendance_records").elements())
    assert states == ["absent", "present", "present", "present"]


def test_a_file_saved_twice_stops_the_run_before_its_marks_count_twice(student_track, tmp_path, own_lake):
    for name in ("7A", "7A (1)"):
        (tmp_path / f"{name}.csv").write_text("Name,2026-09-07,2026-09-08\nAnn Secret,P,A\nBen Secret,P,P\n")
    code, _, complaint = student_track("run", "--sheet", str(tmp_path))
    assert code == 2
    assert "it looks like a copy of the tab 7A" in complaint
    assert '"7A (1)": {kind: ignored}' in complaint
    assert "Secret" not in complaint
    assert not rows(own_lake, "attendance_records")


def test_why_shows_the_cell_of_a_mark_and_its_versions(student_track, sample_lake):
    code, said, _ = student_track("why", "000100", "2026-09-21", "--settings", "params/sample.yml")
    assert code == 0
    assert said.startswith("Student 000100, Monday 21 September 2026")
    assert "version 1" in said
    code, said, _ = student_track("why", "no-such-id", "2026-09-21", "--settings", "params/sample.yml")
    assert (code, "Student no-such-id" in said) == (0, True)
