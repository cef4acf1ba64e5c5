"""Tabs judged together: copies, ids that are other students' in another tab, one class at several times."""

from datetime import date

import yaml

from student_track.sheets import ask_together

DAYS = date(2026, 9, 7), date(2026, 9, 8)
ANN, BOB = ["1", "Ann Lee", "P", "P"], ["2", "Bob Ng", "A", "P"]
CID, DEE = ["1", "Cid Poe", "P", "P"], ["2", "Dee Ray", "A", "P"]
HEADER = ["Id", "Name", *DAYS]


def asked(read, contract, *tabs, **choices):
    """The questions by tab, of tabs given as a title and rows."""
    readings = [read([HEADER, *rows], tab=tab) for tab, rows in tabs]
    given = {**contract.model_dump(by_alias=True), "tabs": choices}
    ask_together(readings, contract.model_validate(given))
    return {reading.tab: reading.recognition for reading in readings if reading.recognition.question}


def test_a_copy_of_a_tab_is_asked_about_and_the_original_is_not(read, contract):
    for copy in ("Copy of 7A", "Kopie von 7A", "7A (2)", "7A (old)", "7A - Copy"):
        assert list(asked(read, contract, ("7A", [ANN, BOB]), (copy, [ANN]))) == [copy]
        assert not asked(read, contract, ("7A", [ANN, BOB]), (copy, [ANN]), **{copy: {"kind": "attendance"}})
        assert not asked(read, contract, ("7B", [ANN, BOB]), (copy, [ANN]))
    assert not asked(read, contract, ("Maths", [ANN, BOB]), ("English", [ANN, BOB]))


def test_ids_that_count_the_rows_of_two_classes_are_asked_about(read, contract):
    found = asked(read, contract, ("7A", [ANN, BOB]), ("7B", [CID, DEE]))
    assert found["7A"].question == "the ids in column A stand for other students in tab 7B"
    (choice,) = yaml.safe_load(found["7A"].suggestion)["tabs"].values()
    assert [student.student_id for student in read([HEADER, ANN, BOB], **choice).students] == ["Ann Lee", "Bob Ng"]
    assert list(asked(read, contract, ("7A", [ANN, BOB]), ("7B", [CID, DEE]), **{"7A": choice})) == ["7B"]


def test_a_name_changed_or_turned_round_is_no_other_student(read, contract):
    turned = ["1", "Lee, Ann", "P", "P"], ["2", "Ng, Robert", "A", "P"]
    assert not asked(read, contract, ("7A", [ANN, BOB]), ("Maths", turned))
    assert not asked(read, contract, ("7A", [ANN, BOB]), ("Maths", [ANN, DEE]))


def by_month(read, contract, *tabs, **choices):
    """The questions of tabs given as a title, the month of their two days, and rows."""
    readings = [
        read([["Id", "Name", date(2026, month, 7), date(2026, month, 8)], *rows], tab=tab) for tab, month, rows in tabs
    ]
    ask_together(readings, contract.model_validate({**contract.model_dump(by_alias=True), "tabs": choices}))
    return {reading.tab: reading.recognition for reading in readings if reading.recognition.question}


def test_a_class_with_a_tab_for_each_month_is_asked_about(read, contract):
    months = ("7A September", 9, [ANN, BOB]), ("7A October", 10, [ANN, BOB])
    found = by_month(read, contract, *months)
    assert list(found) == ["7A September", "7A October"]
    first, second = found["7A October"].suggestion.split("\n  # or\n")
    assert yaml.safe_load(first) == {"tabs": {"7A *": {"cohort": "7A"}}}
    assert second == '  # "7A October": {cohort: "7A October"}'
    assert not by_month(read, contract, *months, **{"7A *": {"cohort": "7A"}})


def test_classes_that_began_in_other_months_have_other_students_or_the_same_days(read, contract):
    others = ("Web Dev Sep", 9, [ANN, BOB]), ("Web Dev Oct", 10, [["3", "Cid Poe", *"PA"], ["4", "Dee Ray", *"PP"]])
    assert not by_month(read, contract, *others)
    assert not by_month(read, contract, ("Maths Spring", 9, [ANN, BOB]), ("Maths Autumn", 9, [ANN, BOB]))
    assert not by_month(read, contract, ("Web Dev Sep", 9, [ANN, BOB]), ("Maths", 10, [ANN, BOB]))
