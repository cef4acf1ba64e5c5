"""A clock that only moves when somebody waits."""


class StillClock:
    """Seconds since the test began, and every wait in order."""

    def __init__(self) -> None:
        self.seconds, self.waits = 0.0, list[float]()

    def now(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds
