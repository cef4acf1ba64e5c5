"""Tabs judged together: copies, and ids that are other students' in another tab."""

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
