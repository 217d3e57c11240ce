"""What a store promises, in enough detail to write another store from these docstrings alone.

Any method may raise StoreUnavailable. Then either nothing was done or repeating the call is safe.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from app.domain.commands import Command
from app.domain.decisions import Decision, Delivery
from app.domain.facts import Fact, FactType, LogEntry
from app.domain.fanout_records import Fanout
from app.domain.fanout_reports import FanoutReport, Overview
from app.domain.messages import ChannelStatus, Contact, KeptText, Notice, Silence
from app.domain.records import Assignment, Caregiver, Organization, Shift, role_key
from app.domain.state import StateReader
from app.ports.requests import KeyedRequests

ResultT = TypeVar("ResultT")

#: `app.domain.rules.decide.decide` with the policy already given. Pure.
Step = Callable[[StateReader, Command], Decision[ResultT]]
#: `app.domain.rules.deliveries.admit` with the time and the policy already given: whether a queued message may still
#: be sent. Pure.
Admit = Callable[[StateReader, Contact | Notice], Decision[Delivery | None]]


class Leased(NamedTuple):
    """The result of one call of `Store.lease`."""

    #: In the order in which they are to be handed over.
    deliveries: list[Delivery]
    #: Whether `lease` stopped early and should be called again at once.
    more: bool
    #: The earliest time at which a channel that has used up its rate may send again; None if no channel has.
    next_at: datetime | None


class StoreFigures(NamedTuple):
    """What `Store.figures` returns: how much is under way, and how long it has waited."""

    #: Fanouts whose status is open.
    open_fanouts: int
    #: Messages that may be sent now, a first try or a retry that is due. At most `MOST_COUNTED` of each queue are
    #: counted: notices, texts and calls, first tries apart from retries. Messages of closed fanouts count until a
    #: worker skips them.
    queued: int
    #: Since when the one of them has waited that has waited longest; None: none waits.
    queued_since: datetime | None
    #: Since when a step of a fanout is due that no worker has taken, the earliest of them; None: none is due. Nobody
    #: waits for a fanout to be forgotten, so those have a time of their own.
    due_since: datetime | None
    #: Since when a fanout is due to be forgotten, the earliest of them; None: none is due.
    to_forget_since: datetime | None


#: The most messages of one queue that `Store.figures` counts.
MOST_COUNTED = 1000


class LeasedEvent(NamedTuple):
    """A fact that is to be sent, as `Store.lease_events` returns it."""

    entry: LogEntry
    #: How many tries to send it have failed.
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftFilter:
    """Which shifts a list contains: those that meet every condition that is not None."""

    #: Whether somebody holds the shift.
    claimed: bool | None = None
    organization_id: str | None = None
    #: The only organization whose shifts the reader may see, whatever `organization_id` asks for.
    within: str | None = None
    #: Compared as roles are, by `role_key`.
    role: str | None = None
    #: The shift starts at this time or later.
    starts_from: datetime | None = None
    #: The shift starts earlier than this time.
    starts_before: datetime | None = None
    #: Is part of the shift's `search_text` or of the name of its organization, once all are folded.
    text: str | None = None

    def accepts(self, shift: Shift, *, claimed: bool, organization: Organization | None) -> bool:
        """Whether the shift, of that organization, held by somebody or not, meets the conditions."""
        return (
            (self.claimed is None or self.claimed is claimed)
            and (self.organization_id is None or self.organization_id == shift.organization_id)
            and (self.within is None or self.within == shift.organization_id)
            and (self.starts_from is None or self.starts_from <= shift.start_time)
            and (self.starts_before is None or shift.start_time < self.starts_before)
            and (self.role is None or role_key(self.role) == role_key(shift.role_required))
            and (self.text is None or self._is_found(folded(self.text), shift, organization))
        )

    @staticmethod
    def _is_found(text: str, shift: Shift, organization: Organization | None) -> bool:
        return text in search_text(shift) or (organization is not None and text in folded(organization.name))


def search_text(shift: Shift) -> str:
    """The text in which `ShiftFilter.text` is looked for: id, role, organization and location, a line for each."""
    parts = (shift.id, shift.role_required, shift.organization_id, shift.location or "")
    return "\n".join(map(folded, parts))


def folded(text: str) -> str:
    """The text in the form in which searches compare it, which is that of roles: case and spacing do not count."""
    return role_key(text)


class Store(Protocol):
    """Keeps the records, applies decisions atomically, and keeps the queue of messages and due fanouts.

    Several workers may share a store, in one process or in many. No other worker gets what one worker has leased
    until the lease ends. Then another one takes it over.
    """

    #: The answers of requests with an `Idempotency-Key`.
    requests: KeyedRequests

    async def open(self) -> None:
        """Prepare for use in the running event loop. A second call in the same loop does nothing."""

    async def aclose(self) -> None:
        """Release what `open` acquired, once the transitions under way have ended."""

    async def check(self) -> None:
        """Return if the store can do its work now; else raise StoreUnavailable with the reason."""

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """Call `step` on the current state, write all that it decides, and return the result of the decision.

        All or nothing: if `step` or a write raises, nothing is written, queued or announced, and the exception is
        passed on. Raises ValueError if the decision gives a shift a second holder. Transitions about the same shift
        or caregiver behave as if they ran one after the other. After a conflict `step` is called again.
        """

    async def transitions(self, commands: Sequence[Command], step: Step[ResultT]) -> list[ResultT]:
        """Make the transition of each command, in this order, many at a time; returns their results in this order.

        Each decision sees what those before it have written, and each transition is all or nothing. If one raises,
        some of those before and after it in the list have been made.
        """

    async def lease(self, now: datetime, until: datetime, limit: int, admit: Admit) -> Leased:
        """Take at most `limit` messages that are to be handed over at `now`, and lease them until `until`.

        `admit` is called for each message in turn and its writes are applied: they mark the message `sending`, or
        mark it as skipped if it may no longer be sent. A skipped message counts neither towards `limit` nor towards a
        rate. All workers that share the store together never take more of a channel than its rate allows.

        Notices come first. Offers take turns: first between channels, then between due retries and first tries of a
        channel, then between fanouts. Whose turn it is carries over from call to call. The work per call is bounded:
        see `Leased.more`.

        With a `limit` of 0 nothing is taken, but the call is needed: it tells the store that retries up to `now` wait
        for a free worker, so that `next_due` no longer returns their time.
        """

    async def renew(self, entries: Collection[Contact | Notice], until: datetime) -> None:
        """Extend the leases of these messages until `until`. Entries that are not `sending` any more are ignored."""

    async def take_over(self, now: datetime, until: datetime, limit: int) -> list[Contact | Notice]:
        """Take over at most `limit` messages that are `sending` but whose lease ended at or before `now`.

        They are leased until `until`. Their worker died or lost the store, so it is unknown whether they were sent.
        """

    async def to_ask(self, now: datetime, limit: int) -> list[Contact | Notice]:
        """Take at most `limit` messages whose `ask_at` has come at `now`, and set it to `ask_again_at`.

        So no other worker asks the provider about the same message, and a worker that dies only skips one time.
        """

    async def ringing_calls(self, since: datetime) -> list[tuple[Contact, bool]]:
        """The calls handed over at `since` or later that the provider has accepted and of which no more is known.

        Each with whether it rings in vain: its fanout is closed, replaced by a later generation, or forgotten, or
        nobody may be called at its number any more (`NumberStatus.silence_for`).
        Only calls with `ask_at` are found.
        """

    async def due_fanouts(self, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """Take fanouts whose `due_at` is `now` or earlier, and lease them until `until`.

        At most `limit` of each kind of step (`app.domain.due_steps`), those that are due longest. The list is in the
        order of the kinds. So no kind waits for all of another: the texts of a new shift do not wait for what is to
        be forgotten.

        A fanout is taken once after each write that changes its `pending_work` (`app.domain.due_steps`). If the lease
        ends and nobody has written the fanout, it is taken again.
        """

    async def next_due(self) -> datetime | None:
        """The earliest time at which a fanout or a retry falls due or a lease ends; None if nothing is waiting."""

    def on_work(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each write that leaves work for a worker. Replaces an earlier `wake`.

        Work is a message to send or a fanout with a new due time. `wake` is also called after such writes of other
        processes.
        """

    async def caregiver(self, caregiver_id: str) -> tuple[Caregiver, bool] | None:
        """The caregiver and whether their number has opted out; None if there is no such caregiver."""

    async def caregivers(
        self, after: str | datetime, limit: int, organization_id: str | None = None
    ) -> list[tuple[Caregiver, bool]]:
        """At most `limit` caregivers with an id above `after`, by id, each with whether the number has opted out.

        With `organization_id`: those who work for it, which includes those who work for all.

        If `after` is a time: those whose `updated_at` is later, in the order of `updated_at`. A record changes as
        `Fact.updates` says. The store gives each change a later time than any change that was visible before it:
        the time of its command, or a microsecond after the last change. So whoever has read a page, and continues
        after its last `updated_at`, misses no change, whichever transactions are under way.
        """

    async def organization(self, organization_id: str) -> Organization | None:
        """The organization; None if it has no record."""

    async def organizations(self, after: str | datetime, limit: int) -> list[Organization]:
        """At most `limit` organizations with an id above `after`, by id. For a time, see `caregivers`."""

    async def silent_numbers(self, phones: Collection[str]) -> dict[str, Silence]:
        """Those of the numbers (E.164) to which no alert may go, each with the reason.

        A number is a wrong one while the caregiver of whom its user said so is on record with it.
        """

    async def shift(self, shift_id: str) -> tuple[Shift, Assignment | None] | None:
        """The shift and its assignment, if it has one; None if there is no such shift."""

    async def shifts(
        self, after: str | datetime, limit: int, shift_filter: ShiftFilter
    ) -> list[tuple[Shift, Assignment | None]]:
        """At most `limit` shifts that the filter accepts, with an id above `after`, by id, each with its assignment.

        For a time, see `caregivers`.

        The cost of a page grows with the shifts between `after` and the end of the page that meet the conditions on
        holder, organization and role. Only those must be looked at for the others.
        """

    async def report(self, shift_id: str, *, full: bool) -> FanoutReport | None:
        """The shift's fanout in its latest generation; None if none was started or it was forgotten.

        With `full`, also its contacts, responses and exclusions. Contacts are counted by the status that
        `FanoutReport.status_of` gives.
        """

    async def channels(self) -> list[ChannelStatus]:
        """What is known about the provider of each channel."""

    async def figures(self, now: datetime) -> StoreFigures:
        """What is under way at `now`. The cost has a bound: see `StoreFigures`."""

    async def log(
        self, after: int, limit: int, shift_id: str | None = None, organization_id: str | None = None
    ) -> list[LogEntry]:
        """At most `limit` facts with an id above `after`, by id; with `shift_id` those about that shift.

        With `organization_id`, of these only those of that organization. A fact belongs to the organization of its
        shift, as it was when the fact was written; without a shift, to `Fact.organization_id`. The organization of a
        fact does not come back in the entry.

        A reader that continues after the last id it has read misses nothing: no fact gets an id below one that could
        be read before it. Facts are kept for the retention that the store was given; in memory there may be fewer.
        """

    async def log_of_types(
        self, types: Collection[FactType], after: int, limit: int, organization_id: str | None = None
    ) -> list[LogEntry]:
        """The same for the facts of these types. The cost grows with all facts above `after`."""

    async def fill_facts(self, start: datetime, after: int, end: datetime, limit: int) -> list[LogEntry]:
        """At most `limit` facts that `app.domain.fills.matters` accepts, by time, then by id.

        Those at `start` or later with, if at that very time, an id above `after`; and before `end`. The cost grows
        with the facts returned; in memory, with all facts.
        """

    async def log_end(self) -> int:
        """The id of the last fact, 0 if there is none. Later facts have higher ids."""

    async def kept_texts(self, shift_id: str, since: datetime) -> list[KeptText]:
        """The words about that shift that were kept at `since` or later, oldest first."""

    async def forget_texts(self, before: datetime, limit: int) -> int:
        """Delete at most `limit` of the words that were kept before that time, oldest first; returns how many."""

    # Outgoing events. A store that was told so queues each fact with `FactType.is_event`, in the step that writes it.

    async def lease_events(self, now: datetime, until: datetime, limit: int) -> list[LeasedEvent]:
        """Take the first unsent event of at most `limit` streams (`Fact.stream`); lease the streams until `until`.

        A stream is taken if it has an unsent event, the wait after a failed try is over, and no lease runs.
        """

    async def settle_event(self, event: LeasedEvent, now: datetime, retry_at: datetime | None) -> None:
        """End the lease of the event's stream.

        `retry_at` None: the event is done with, and the next one of its stream is due now. Else the try has failed,
        and the same event is due again then. Nothing happens if another worker has ended the event meanwhile.
        """

    async def next_event_due(self) -> datetime | None:
        """The earliest time at which a stream is due or a lease ends; None if no event waits."""

    def on_events(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each write that queues an event, also by other processes. Replaces an earlier `wake`."""

    def on_facts(self, written: Callable[[Sequence[Fact]], None]) -> None:
        """Call `written` after each write of this process that appends facts. Replaces an earlier `written`.

        It is called in the context (`contextvars`) of the caller whose command led to the facts, must return at once
        and must not raise.
        """

    # For the board.

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """Call `changed(shift_id)` after each write that concerns that shift. Replaces an earlier `changed`.

        A write concerns a shift if it changes its record, fanout, contacts, offers, responses, exclusions or
        assignment. Writes of other processes are reported too. If reports of those may have been lost, `changed` is
        called with None: any shift may have changed. It may be called for a shift that has not changed.

        `changed` is called on the event loop, must return at once and must not raise.
        """

    async def shift_ids_from(self, start: datetime, limit: int, organization_id: str | None = None) -> list[str]:
        """The ids of at most `limit` shifts that start at `start` or later, by start time, then by id.

        With `organization_id`: those of that organization.
        """

    async def overviews(self, shift_ids: Collection[str]) -> list[Overview]:
        """The shifts with these ids, each with its fanout summed up, in any order. Unknown ids are left out."""

    async def caregivers_by_id(self, caregiver_ids: Collection[str]) -> list[Caregiver]:
        """The caregivers with these ids, in any order. Unknown ids are left out."""
