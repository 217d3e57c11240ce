"""The errors that cross module boundaries. A store may define subclasses.

ShiftFanoutError
|-- StartRefused        the environment, the data file or the database is wrong: the process does not start
|-- StoreUnavailable    the database cannot be reached: nothing was done, or its result is not known
|-- ReaderFailure       a reader of replies could not read one: the rules' reading stands
|-- EventNotTaken       the receiver of events has not taken one; a later try may work
`-- NotifierFailure     what is known of a message that was not sent as it should be
    |-- TemporaryFailure    certainly not sent; a later try may work
    |   |-- Throttled       too many messages on this channel
    |   `-- Misconfigured   refused, as every other message would be
    |-- Uncertain           an error that may come after the message was sent
    `-- PermanentFailure    certainly not sent; no later try will work
        |-- UnreachableByText   no text reaches this number, but a call may
        `-- NumberOptedOut      its owner has answered STOP to the provider

A refused command (another caregiver has the shift, or the phone number) is a value and not an error: see
`app.domain.decisions.Refusal`.
"""


class ShiftFanoutError(Exception):
    """The root of the tree."""


class StartRefused(ShiftFanoutError, SystemExit):
    """The service must not start. `reason` is one line that says what to change.

    It is a SystemExit too, so that uvicorn, which calls `create_app`, exits with that line and status 1 instead of a
    traceback.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        # The interpreter prints this. SystemExit sets it only in its own __init__, which does not run here.
        self.code = reason


def missing_extra(error: ImportError) -> str:
    """The error line if FANOUT_DATABASE_URL is set but its driver is not installed. `error`: the failed import."""
    return f"FANOUT_DATABASE_URL needs the extra `postgres` (uv sync --extra postgres): {error}"


def several_processes_need_a_database(told: str) -> str:
    """The error line if several processes would share what is in memory. `told`: what asks for several."""
    return (
        f"{told}: several processes need a FANOUT_DATABASE_URL, because each has a memory of its own. "
        "Set it, or start one process"
    )


class StoreUnavailable(ShiftFanoutError):
    """The store cannot be reached now. `reason` is short and has no secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ReaderFailure(ShiftFanoutError):
    """A reader of replies could not read one. `reason` is short and has neither words of the reply nor secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EventNotTaken(ShiftFanoutError):
    """The receiver of events has not taken one; a later try may work. `reason` is short and has no secrets.

    `retry_after_s`: how long the receiver asked us to wait; None if it did not say.
    """

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s


class NotifierFailure(ShiftFanoutError):
    """A message was not sent as it should be. `reason` is short and has neither phone numbers nor secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(NotifierFailure):
    """Certainly not sent; a later try may work.

    `retry_after_s`: how long the provider asked us to wait; None if it did not say.
    """

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Throttled(TemporaryFailure):
    """The provider takes no more messages on this channel for now (HTTP 429)."""


class Misconfigured(TemporaryFailure):
    """The provider refuses every message: a key, an address or an account is wrong. An operator must act."""


class Uncertain(NotifierFailure):
    """The provider answered with an error that it may also give after it has sent the message (a 502, say)."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class PermanentFailure(NotifierFailure):
    """Certainly not sent; no later try will work."""


class UnreachableByText(PermanentFailure):
    """No text reaches this number, but a call may."""


class NumberOptedOut(PermanentFailure):
    """The owner of the number has answered STOP to the provider, so no message may go to it."""
