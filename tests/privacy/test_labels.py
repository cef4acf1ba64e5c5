"""Labels: short, the same in messages and on pages, and nobody's name."""

from student_track.privacy import student_anchor, student_label

KEY = "3f9a2c7b00000000"


def test_a_label_can_be_read_out_and_its_row_be_linked_to():
    assert student_label(KEY) == "Student 3F9A-2C7B"
    assert student_anchor(KEY) == "student-3f9a-2c7b"


def test_a_label_is_not_the_whole_pseudonym():
    assert student_label(KEY) == student_label(KEY[:8] + "f" * 8)
