"""A request that cannot be done: its status, and in words why not."""


class Problem(Exception):
    """`message` is one of the catalogue's, in English."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class SignInFirst(Exception):
    """Nobody is signed in, or no longer: what was asked for, or sent, has to wait."""


class FromAnotherSession(Exception):
    """A form of this person's own that was opened before they signed in again."""
