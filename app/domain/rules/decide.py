"""The entry points to the rules: `decide` for a command, `admit` for a message that is about to be sent.

Both add to the decision the facts that it puts on record (`facts`), the alerts that follow from these (`alerts`), and
what counts towards the daily limit of offers (`daily_limit`).

Pure: the command carries the time, ids and random numbers. The rules are in the other modules of this folder. Only a
store's `transition` and `lease` call them, so every decision that is made is also stored.
"""

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
    EndCall,
    FindOffer,
    OptIn,
    PutCaregiver,
    PutOrganization,
    PutShift,
    RecordDelivery,
    RecordSending,
    Release,
    Reply,
    SendText,
    StartFanout,
    TellOffice,
)
from app.domain.decisions import Decision, Delivery, OfferToRead, Refusal, Write
from app.domain.messages import Contact, Notice
from app.domain.policy import Policy
from app.domain.records import Answer
from app.domain.rules import (
    access,
    assignments,
    deliveries,
    facts,
    fanouts,
    handovers,
    office_messages,
    preconditions,
    receipts,
    replies,
    roster,
)
from app.domain.rules.alerts import alerts_after, tell_office
from app.domain.rules.daily_limit import sent_offers
from app.domain.state import StateReader

Result = Answer | OfferToRead | Refusal | str | bool | None


def decide(state: StateReader, command: Command, policy: Policy) -> Decision[Result]:
    """The result of the command in that state, the records to write, and the facts about them."""
    refusal = access.refusal_of_outsider(state, command) or preconditions.unmet(state, command)
    decision = _decide(state, command, policy) if refusal is None else Decision(refusal)
    found = facts.facts_of_command(state, command, decision.result, decision.writes)
    alerts = alerts_after(state, decision.writes, found, command.now, policy)
    sent = sent_offers(decision.writes, policy)
    return Decision(decision.result, (*decision.writes, *sent, *alerts, *found))


def admit(state: StateReader, entry: Contact | Notice, now: datetime, policy: Policy) -> Decision[Delivery | None]:
    """Whether a queued message may still be sent: see `deliveries.admit`."""
    decision = deliveries.admit(state, entry, now, policy)
    return Decision(decision.result, with_facts(state, decision.writes, now, policy))


def with_facts(state: StateReader, writes: tuple[Write, ...], now: datetime, policy: Policy) -> tuple[Write, ...]:
    """The writes of a decision about a queued message, with the facts about them and the alerts that follow."""
    found = facts.facts_of_message(state, writes, now)
    return (*writes, *sent_offers(writes, policy), *alerts_after(state, writes, found, now, policy), *found)


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
        case SendText():
            return office_messages.send_text(state, command, policy)
        case TellOffice():
            return tell_office(state, command, policy)
        case PutCaregiver():
            return roster.put_caregiver(state, command, policy)
        case DeleteCaregiver():
            return roster.delete_caregiver(state, command)
        case PutOrganization():
            return roster.put_organization(state, command, policy)
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
        case EndCall():
            return receipts.end_call(state, command)
        case _:
            assert_never(command)
