"""Every error the service raises on purpose.

ShiftFanoutError
|-- StartRefused        the environment, the data file or the database is wrong: the process does not start
|-- StoreUnavailable    the database cannot be reached now: nothing was done, or nobody knows that it was
`-- NotifierFailure     what a notifier knows of a message that did not go out
    |-- TemporaryFailure    surely not sent, may work later
    `-- PermanentFailure    surely not sent, and will not be

A refused command (a shift somebody else has, a number that is taken) is not an error: see
`app.messages.Refusal`.
"""


class ShiftFanoutError(Exception):
    """Root of the tree."""


class StartRefused(ShiftFanoutError, SystemExit):
    """The service must not start; the message is one line that says what to change.

    It is a SystemExit too, so that a server that calls the factory ends with that line and status 1 instead
    of a traceback.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        # What the interpreter prints; SystemExit takes it only from its own __init__.
        self.code = reason


def missing_extra(error: ImportError) -> str:
    """What to do where PostgreSQL is asked for and its driver is not installed."""
    return f"FANOUT_DATABASE_URL is set: it needs the extra `postgres` (uv sync --extra postgres): {error}"


class StoreUnavailable(ShiftFanoutError):
    """The store cannot be reached; it may be later. `reason` is short, without secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotifierFailure(ShiftFanoutError):
    """A message that surely did not go out; `reason` is short, without numbers or secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(NotifierFailure):
    """May work later; the provider asked for `retry_after_s` seconds of rest, if it said so."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class PermanentFailure(NotifierFailure):
    """Will not work however often it is tried."""
