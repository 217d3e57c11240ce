"""What a store promises. Two people should be able to write two stores from these docstrings.

Any method may raise StoreUnavailable: then nothing of the call was done, or it may be made again.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from app.domain.commands import Command
from app.domain.decisions import Decision, Delivery
from app.domain.records import Assignment, Caregiver, Contact, Fanout, Notice, Shift
from app.domain.reports import FanoutReport, Overview
from app.domain.state import StateReader

ResultT = TypeVar("ResultT")


#: `app.core.decide` with its policy filled in, as the store sees it.
Step = Callable[[StateReader, Command], Decision[ResultT]]
#: `app.core.admit` likewise: whether a queued message may still go out.
Admit = Callable[[StateReader, Contact | Notice], Decision[Delivery | None]]


class Leased(NamedTuple):
    """What one call of `Store.lease` took."""

    deliveries: list[Delivery]
    #: There is more to look at now.
    more: bool
    #: When the rate of a channel lets its next message go; None: no rate holds anything back.
    next_at: datetime | None


class Store(Protocol):
    """Keeps the records, applies decisions atomically, and holds the queue of what is to be done.

    Several workers may share it, in one process or in many. What one of them has taken is its own until the
    lease ends; then another takes it over.
    """

    async def open(self) -> None:
        """Get ready for the running event loop; once more in the same one does nothing."""

    async def aclose(self) -> None:
        """Let go of what `open` took."""

    async def check(self) -> None:
        """Raises StoreUnavailable, with the reason, if the store cannot work now."""

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """Call `step` on the current state and write what it decided; all of it or nothing.

        Transitions that touch the same shift or caregiver behave as if they came one after the other. `step`
        is pure and may be called again after a conflict. Whatever it raises comes through; nothing is written.
        """

    async def lease(self, now: datetime, until: datetime, total: int, admit: Admit) -> Leased:
        """Take at most `total` messages to hand over now, marked `sending`, leased `until` then.

        Never more of a channel than its rate allows, over all who share the store. Notices come first, then
        offers, in turn between channels and fanouts. `admit` is called on each right before; one it turns away
        is written as `admit` decided and counts against nothing. Work is bounded per call.
        """

    async def renew(self, entries: Collection[Contact | Notice], until: datetime) -> None:
        """Extend the leases of these entries, whose calls are still under way."""

    async def expired(self, now: datetime, until: datetime, limit: int) -> list[Contact | Notice]:
        """Take at most `limit` entries whose lease has ended while they were `sending`, leased anew."""

    async def due_fanouts(self, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """Take at most `limit` fanouts whose `due_at` has come, longest due first, leased `until` then.

        Each once per `due_at`, and again when the lease ends without a write of the fanout.
        """

    async def next_due(self) -> datetime | None:
        """The earliest time at which a fanout or a retry falls due or a lease ends; None: nothing is waiting."""

    def on_work(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever a write leaves something to be done. Replaces an earlier `wake`."""

    async def caregiver(self, caregiver_id: str) -> tuple[Caregiver, bool] | None:
        """The caregiver and whether their number has opted out."""

    async def caregivers(self, after: str, limit: int) -> list[tuple[Caregiver, bool]]:
        """At most `limit` caregivers with an id above `after`, by id, each with whether they opted out."""

    async def shift(self, shift_id: str) -> tuple[Shift, Assignment | None] | None:
        """The shift and who holds it."""

    async def shifts(self, after: str, limit: int, *, claimed: bool | None) -> list[tuple[Shift, Assignment | None]]:
        """At most `limit` shifts with an id above `after`, by id; only the claimed or only the open ones."""

    async def report(self, shift_id: str, *, full: bool) -> FanoutReport | None:
        """The shift's fanout, in its latest generation; with `full` its contacts, responses and exclusions.

        The counts go by `FanoutReport.status_of`.
        """

    # What the board reads.

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """Call `changed(shift_id)` after a write that concerns that shift; replaces an earlier `changed`.

        None instead of an id: any shift may have changed; what other processes wrote was missed for a while.

        That is: its record, fanout, contacts, offers, responses, exclusions, assignment. `changed` is called on
        the event loop, returns at once and never raises; it may be called for a shift more often than it changed.
        """

    async def shifts_from(self, start: datetime, limit: int) -> list[str]:
        """The ids of at most `limit` shifts that start at `start` or later, by start time, then by id."""

    async def overviews(self, shift_ids: Collection[str]) -> list[Overview]:
        """The shifts of these ids with their fanouts summed up, in any order; unknown ids are left out."""

    async def caregivers_named(self, caregiver_ids: Collection[str]) -> list[Caregiver]:
        """The caregivers of these ids, in any order; unknown ids are left out."""
