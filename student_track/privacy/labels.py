"""Short labels of students, for messages and pages: the same in both, and nobody's name."""

SIGNS_IN_HALF = 4


def student_label(student_key: str) -> str:
    """Return a label people can read out and find on a page, such as ``Student 3F9A-2C7B``.

    It is the start of the pseudonym: enough to tell the students of a school apart by eye, and no key of any table.
    """
    code = student_key.upper()
    return f"Student {code[:SIGNS_IN_HALF]}-{code[SIGNS_IN_HALF : 2 * SIGNS_IN_HALF]}"


def student_anchor(student_key: str) -> str:
    """Return the id of the student's row on a page, for links: ``student-3f9a-2c7b``."""
    return student_label(student_key).lower().replace(" ", "-")
