"""The marks of the code table, those with a number among them: what tells a register's columns from others."""

from student_track.policy import Policy


class KnownMarks:
    """Whether a folded text is a mark of the policy: ``text in known_marks``. Each text is looked up once."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._known: dict[str, bool] = {}

    def __contains__(self, folded: str) -> bool:
        if folded not in self._known:
            self._known[folded] = bool(folded) and self._policy.code_of(folded) is not None
        return self._known[folded]
