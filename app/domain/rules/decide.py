"""The one door to the rules: a view of the state and a command in, a decision out.

Pure: time, ids and chance come in with the command. No asyncio, no logging, no clock, no port. The rules
themselves stand in `fanouts`, `rounds`, `assigning`, `offers`, `replies`, `roster` and `sending`. Reached only
through a store's `transition`, so that no decision is ever made and not kept.
"""

from typing import assert_never

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    PutCaregiver,
    PutShift,
    RecordSending,
    Release,
    Reply,
    StartFanout,
)
from app.domain.decisions import Decision, Refusal
from app.domain.policy import Policy
from app.domain.records import Answer
from app.domain.rules import assignments, deliveries, fanouts, replies, roster
from app.domain.state import View

Result = Answer | Refusal | bool


def decide(view: View, command: Command, policy: Policy) -> Decision[Result]:
    """What follows from the command in that state: the result for the caller and the records to write."""
    match command:
        case Reply():
            return replies.reply(view, command, policy)
        case RecordSending():
            return deliveries.record_sending(view, command)
        case Advance():
            return fanouts.advance(view, command, policy)
        case StartFanout():
            return fanouts.start(view, command, policy)
        case CancelFanout():
            return fanouts.cancel(view, command, policy)
        case Assign():
            return assignments.assign(view, command, policy)
        case Release():
            return assignments.release(view, command, policy)
        case PutCaregiver():
            return roster.put_caregiver(view, command)
        case DeleteCaregiver():
            return roster.delete_caregiver(view, command)
        case PutShift():
            return roster.put_shift(view, command)
        case _:
            assert_never(command)
