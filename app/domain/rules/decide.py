"""The entry points to the rules: `decide` for a command, `admit` for a message that is about to be sent.

Both add to the decision the facts that it puts on record (`facts`).

Pure: the command carries the time, ids and random numbers. The rules are in the other modules of this folder. Only a
store's `transition` and `lease` call them, so every decision that is made is also stored.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    FindOffer,
    OptIn,
    PutCaregiver,
    PutOrganization,
    PutShift,
    RecordDelivery,
    RecordSending,
    Release,
    Reply,
    StartFanout,
)
from app.domain.decisions import Decision, Delivery, OfferToRead, Refusal
from app.domain.messages import Contact, Notice
from app.domain.policy import Policy
from app.domain.records import Answer
from app.domain.rules import (
    assignments,
    deliveries,
    facts,
    fanouts,
    handovers,
    preconditions,
    receipts,
    replies,
    roster,
)
from app.domain.state import StateReader

Result = Answer | OfferToRead | Refusal | bool | None


def decide(state: StateReader, command: Command, policy: Policy) -> Decision[Result]:
    """The result of the command in that state, the records to write, and the facts about them."""
    refusal = preconditions.unmet(state, command)
    decision = _decide(state, command, policy) if refusal is None else Decision(refusal)
    found = facts.facts_of_command(state, command, decision.result, decision.writes)
    return replace(decision, writes=(*decision.writes, *found))


def admit(state: StateReader, entry: Contact | Notice, now: datetime, policy: Policy) -> Decision[Delivery | None]:
    """Whether a queued message may still be sent: see `deliveries.admit`."""
    decision = deliveries.admit(state, entry, now, policy)
    return replace(decision, writes=(*decision.writes, *facts.facts_of_message(state, decision.writes, now)))


def _decide(state: StateReader, command: Command, policy: Policy) -> Decision[Result]:
    match command:
        case Reply():
            return replies.reply(state, command, policy)
        case FindOffer():
            return replies.find_offer(state, command, policy)
        case RecordSending():
            return handovers.record_sending(state, command)
        case Advance():
            return fanouts.advance(state, command, policy)
        case StartFanout():
            return fanouts.start(state, command, policy)
        case CancelFanout():
            return fanouts.cancel(state, command, policy)
        case Assign():
            return assignments.assign(state, command, policy)
        case Release():
            return assignments.release(state, command, policy)
        case PutCaregiver():
            return roster.put_caregiver(state, command)
        case DeleteCaregiver():
            return roster.delete_caregiver(state, command)
        case PutOrganization():
            return roster.put_organization(state, command)
        case DeleteOrganization():
            return roster.delete_organization(state, command)
        case PutShift():
            return roster.put_shift(state, command, policy)
        case DeleteShift():
            return roster.delete_shift(state, command, policy)
        case OptIn():
            return roster.opt_in(state, command)
        case RecordDelivery():
            return receipts.record_delivery(state, command)
        case _:
            assert_never(command)
