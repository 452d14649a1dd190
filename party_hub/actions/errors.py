"""What can stand against an act. The edges turn these into 404, 409, 412 and messages on the page."""


class NotFound(LookupError):
    """There is no such party or record."""


class Conflict(Exception):
    """The act contradicts what was decided before, or is not possible as things stand."""

    def __init__(self, message: str, problems: list[str] | None = None) -> None:
        super().__init__(message)
        self.problems = problems or []


class Stale(Exception):
    """The party has changed since the version that the caller saw."""
