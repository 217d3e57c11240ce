"""Carries out commands: each batch in one transaction, decided again after a conflict. Never imports a rule."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import psycopg

from app.domain.commands import Advance, Command
from app.domain.facts import Fact
from app.errors import StoreUnavailable
from app.ports.store import Step
from app.stores.postgres.batches import Batches, Job, decide_all
from app.stores.postgres.change_feed import ChangeFeed
from app.stores.postgres.connections import Connections
from app.stores.postgres.failures import ConnectionLost
from app.stores.postgres.loading import load, locked_names, take_locks
from app.stores.postgres.prefetch import Locks, ReadSet, add_locks, add_reads, locks_needed
from app.stores.postgres.saving import SaveResult, save

#: How many times a transaction that conflicts with others is tried.
ATTEMPTS = 10
#: Transactions with steps of fanouts at the same time.
_MAX_CONCURRENT_STEPS = 2


class Transitions:
    """Takes the locks of a batch, loads what its decisions read, decides, and saves the writes."""

    def __init__(
        self,
        connections: Connections,
        change_feed: ChangeFeed,
        *,
        sends_events: bool,
        on_facts: Callable[[Sequence[Fact]], None],
        after_commit: Callable[[SaveResult, datetime], Awaitable[None]],
    ) -> None:
        """`on_facts` gets the facts of each command, in the context of its caller.

        `after_commit` gets what a transaction wrote and the earliest time of its commands.
        """
        self._connections = connections
        self._change_feed = change_feed
        self._sends_events = sends_events
        self._on_facts = on_facts
        self._after_commit = after_commit
        self._batches = Batches(self._decide_with_retries)
        #: Apart from the others: Advance reads a part of the roster, which other commands in its batch might change.
        #: No Advance changes it. And no reply has to wait for the steps of a round, which take longer.
        self._steps = Batches(self._decide_with_retries, max_concurrent=_MAX_CONCURRENT_STEPS)

    async def carry_out(self, command: Command, step: Step[Any]) -> Any:
        """See `Store.transition`."""
        batches = self._steps if isinstance(command, Advance) else self._batches
        return await batches.submit(command, step)

    async def carry_out_in_order(self, commands: Sequence[Command], step: Step[Any]) -> list[Any]:
        """See `Store.transitions`."""
        return await self._batches.submit_in_order(commands, step)

    async def wait_until_idle(self) -> None:
        """Wait until no command is waiting or being carried out."""
        await self._steps.wait_until_idle()
        await self._batches.wait_until_idle()

    def abandon(self) -> None:
        """Forget all commands. Called when the event loop in which they waited is gone."""
        self._steps.abandon()
        self._batches.abandon()

    async def _decide_with_retries(self, batch: list[Job]) -> list[Any]:
        """Decide the batch, again after a conflict, and once more if the connection was dead.

        A batch of several raises at a conflict: `Batches` then carries out each command alone.
        """
        read_set, locks = ReadSet(), Locks()
        for job in batch:
            add_reads(job.command, read_set)
            add_locks(job.command, locks)
        for attempts_left in reversed(range(ATTEMPTS)):
            try:
                results = await self._decide_in_transaction(batch, read_set, locks)
                if results is not None:
                    return results
            except psycopg.IntegrityError:
                if len(batch) > 1 or not attempts_left:
                    raise
            except psycopg.OperationalError:
                if len(batch) > 1:
                    raise
            except ConnectionLost:
                # The pool may have handed out a connection that died while idle, so the first try is repeated. It has
                # not committed: else it would have raised CommitUnknown. A command that was carried out must not be
                # decided again, because others may have been carried out since, and its answer would be another.
                if attempts_left < ATTEMPTS - 1:
                    raise
                await self._connections.discard_dead()
        raise StoreUnavailable("other transactions keep changing the same records")

    async def _decide_in_transaction(self, batch: list[Job], read_set: ReadSet, locks: Locks) -> list[Any] | None:
        """Decide the batch in one transaction.

        Returns None, having written nothing, if it needs a lock that sorts before one it holds. The names of all
        locks it needs are then in `locks`.
        """
        async with self._connections.transaction() as transaction:
            locked = await take_locks(transaction, locks)
            state = await load(transaction, read_set)
            names = locked_names(locked)
            while True:
                results = decide_all(batch, state, read_set)
                missing = locks_needed(read_set, state.writes if results is not None else (), state.shifts) - names
                if results is not None and not missing:
                    break
                if missing and names and min(missing) < max(names):
                    # Return and commit the empty transaction.
                    locks.names |= names | missing
                    return None
                more = await take_locks(transaction, Locks(names=missing)) if missing else None
                # What was read before the new locks were held may have changed.
                state = await load(transaction, read_set)
                if more is not None:
                    names |= locked_names(more)
            saved = await save(transaction, state, sends_events=self._sends_events)
            await self._change_feed.announce_work(saved, transaction)
        self._change_feed.after_commit(saved)
        for job in batch:
            if job.facts:
                job.context.run(self._on_facts, job.facts)
        await self._after_commit(saved, min(job.command.now for job in batch))
        return results
