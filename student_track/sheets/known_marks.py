"""The marks of the code table, those with a number among them: what tells a register's columns from others."""

from student_track.policy import Policy


class KnownMarks:
    """The code of a folded text, and whether it has one: ``text in known_marks``. Each text is looked up once."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._codes: dict[str, str | None] = {}

    def __contains__(self, folded: str) -> bool:
        return self.code_of(folded) is not None

    def code_of(self, folded: str) -> str | None:
        """Return the name of the mark's code in the policy; None where it has none."""
        if folded not in self._codes:
            self._codes[folded] = self._policy.code_of(folded) if folded else None
        return self._codes[folded]
