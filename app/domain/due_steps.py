"""Which kind of step a fanout has due, and so the order in which workers do the steps of many fanouts. Pure."""

from enum import IntEnum

from app.domain.fanout_records import Fanout
from app.domain.records import Channel


class DueStep(IntEnum):
    """The kinds of steps that fanouts have due. Workers do those with lower numbers first."""

    #: The round of texts is planned for the first time.
    START = 0
    #: Planning of a round continues, or the calls, the answers or the end of the shift are due.
    CONTINUE = 1
    #: The fanout is closed, and its details are deleted.
    FORGET = 2


def due_step(fanout: Fanout) -> DueStep:
    """The kind of the step that is due at the fanout's `due_at`."""
    if fanout.closed_at is None and fanout.round is Channel.SMS and fanout.planned_up_to == "":
        return DueStep.START
    if fanout.closed_at is not None and fanout.planned_up_to is None:
        return DueStep.FORGET
    return DueStep.CONTINUE


def pending_work(fanout: Fanout) -> tuple[object, ...]:
    """What workers have to do for the fanout: a write that changes it makes the fanout due again.

    See `Store.due_fanouts`. `UPSERT_FANOUTS` of the PostgreSQL store names the same fields.
    """
    return fanout.generation, fanout.due_at, fanout.late_first, fanout.planned_up_to
