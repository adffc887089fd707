"""A clock that stands still until a test moves it."""


class Clock:
    """Stands in for the `time` module; `moment` is in seconds."""

    def __init__(self) -> None:
        self.moment = 1000.0

    def monotonic(self) -> float:
        """The moment."""
        return self.moment
