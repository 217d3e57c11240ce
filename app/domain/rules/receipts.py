"""What follows from a receipt: what a provider says about a message that it has taken. Pure.

Receipts arrive in any order, late and repeated. A message only moves forward, so that every order ends the same.
"""

from dataclasses import replace
from datetime import datetime

from app.domain.commands import EndCall, RecordDelivery
from app.domain.decisions import Decision, Write
from app.domain.messages import ASK_AFTER, Contact, ContactStatus, Notice, channel_of
from app.domain.receipts import Consequence, Receipt, ReceiptState, latest
from app.domain.records import Channel, Outcome, Response
from app.domain.rules.access import may_see_shift
from app.domain.rules.channels import channel_after_receipt
from app.domain.rules.deliveries import obstacle
from app.domain.rules.fanouts import withdraw_offer
from app.domain.rules.notices import given_up_at
from app.domain.rules.offers import offers_in_context, without_marks
from app.domain.rules.retries import retry, wait_before_retry, without_words
from app.domain.state import StateReader

#: The `error` of a message that failed, and of a call that nobody answered, if the receipt gives no reason.
_NO_REASON = "the provider gave no reason"
_NO_ANSWER = "nobody answered"
#: The `error` of a call that somebody else has ended.
_CANCELED = "the call was canceled"


def record_delivery(state: StateReader, command: RecordDelivery) -> Decision[bool]:
    """Record a receipt. Result: whether it changed anything."""
    entry = state.message(command.message_id)
    if entry is None and command.provider_id is not None:
        entry = state.message_of_provider(command.provider_id)
    if entry is None or not _is_current(state, entry) or not may_see_shift(state, entry.shift_id, command.within):
        return Decision(False)
    writes = after_receipt(state, entry, command.provider_id, command.receipt, command.now)
    return Decision(bool(writes), tuple(writes))


def end_call(state: StateReader, command: EndCall) -> Decision[bool]:
    """Mark a call that the service is about to end. Result: False if the call is known to have ended.

    The mark comes first, so that it is there when the receipt comes, whichever process gets that. A call of an
    earlier generation may no longer be on record. It is ended without a mark, because its receipt is ignored.
    """
    call = state.message(command.message_id)
    if not isinstance(call, Contact) or call.provider_id != command.provider_id:
        return Decision(True)
    if _known(call) != Receipt(state=ReceiptState.ACCEPTED):
        return Decision(False)
    return Decision(True, () if _is_ended(call) else (replace(call, ended_at=command.now),))


def _is_current(state: StateReader, entry: Contact | Notice) -> bool:
    """Whether the message belongs to the latest generation of its fanout. Stores may keep those of earlier ones."""
    if isinstance(entry, Notice):
        return True
    fanout = state.fanout(entry.shift_id)
    return fanout is not None and fanout.generation == entry.generation


def after_receipt(
    state: StateReader, entry: Contact | Notice, provider_id: str | None, receipt: Receipt, now: datetime
) -> list[Write]:
    """The writes that follow from a receipt; none if it says nothing new."""
    if not _is_news(entry, provider_id, receipt):
        return []
    channel = channel_after_receipt(state, entry, receipt, now)
    entry = without_words(
        replace(
            entry,
            updated_at=now,
            due_at=None,
            maybe_sent=False,
            provider_id=provider_id or entry.provider_id,
            ask_at=None,
        )
    )
    writes: list[Write] = [] if channel is None else [channel]
    match receipt.state:
        case ReceiptState.DELIVERED:
            writes.append(replace(entry, status=ContactStatus.DELIVERED, error=None))
        case ReceiptState.NO_ANSWER:
            writes.append(replace(entry, status=ContactStatus.SENT, error=receipt.error or _NO_ANSWER))
        case ReceiptState.ACCEPTED:
            ask_at = time_to_ask(entry, entry.provider_id)
            writes.append(replace(entry, status=ContactStatus.SENT, error=None, ask_at=ask_at))
        case ReceiptState.CANCELED if _is_ended(entry):
            writes.append(replace(entry, status=ContactStatus.SKIPPED, error=None))
        case ReceiptState.CANCELED:
            writes.append(replace(entry, status=ContactStatus.FAILED, error=_CANCELED))
        case ReceiptState.FAILED:
            writes += _after_failure(state, entry, receipt, now)
    return writes


def time_to_ask(entry: Contact | Notice, provider_id: str | None) -> datetime | None:
    """When to ask what became of a message that its provider has accepted; None if it gave no id to ask about."""
    if provider_id is None or entry.handed_over_at is None:
        return None
    return entry.handed_over_at + ASK_AFTER[channel_of(entry)]


def _is_news(entry: Contact | Notice, provider_id: str | None, receipt: Receipt) -> bool:
    """Whether the receipt says more than is known, and is about the last try of the message.

    What was delivered has been delivered, whichever try it was.
    """
    if entry.attempts == 0 or entry.status is ContactStatus.DELIVERED:
        return False
    if receipt.state is ReceiptState.DELIVERED:
        return True
    known = _known(entry)
    if known is not None:
        of_last_try = provider_id is None or entry.provider_id in (None, provider_id)
        return of_last_try and latest(known, replace(receipt, consequence=Consequence.NONE)) != known
    match entry.status:
        case ContactStatus.SENDING | ContactStatus.UNKNOWN:
            may_be_there = True
        case _:
            may_be_there = entry.maybe_sent
    # The last try has no id on record yet: a receipt with the recorded one is about a try before it.
    return may_be_there and (provider_id is None or provider_id != entry.provider_id)


def _known(entry: Contact | Notice) -> Receipt | None:
    """What the record of a message says that was sent, has failed or was ended, as a receipt; None for others."""
    match entry.status:
        case ContactStatus.FAILED if entry.error == _CANCELED:
            return Receipt(state=ReceiptState.CANCELED)
        case ContactStatus.FAILED:
            return Receipt(state=ReceiptState.FAILED, error=None if entry.error == _NO_REASON else entry.error)
        case ContactStatus.SKIPPED if _is_ended(entry):
            return Receipt(state=ReceiptState.CANCELED)
        case ContactStatus.SENT if entry.error is not None:
            return Receipt(state=ReceiptState.NO_ANSWER, error=entry.error)
        case ContactStatus.SENT:
            return Receipt(state=ReceiptState.ACCEPTED)
        case _:
            return None


def _is_ended(entry: Contact | Notice) -> bool:
    """Whether the service has begun to end this call."""
    return isinstance(entry, Contact) and entry.ended_at is not None


def _after_failure(state: StateReader, entry: Contact | Notice, receipt: Receipt, now: datetime) -> list[Write]:
    error = receipt.error or _NO_REASON
    # The words of an office's message are gone once it was sent.
    repeatable = isinstance(entry, Contact) or entry.body != ""
    worth_it = isinstance(entry, Contact) or now < given_up_at(entry)
    if receipt.consequence is Consequence.RETRY and repeatable and worth_it:
        wait_s = wait_before_retry(entry.attempts, 1.0, None)
        return [retry(state, entry, now, error, maybe_sent=False, wait_s=wait_s)]
    if receipt.consequence is Consequence.CHANNEL_FAULT and repeatable:
        # The message waits with its channel.
        return [retry(state, entry, now, error, maybe_sent=False, wait_s=0.0)]
    failed = replace(entry, status=ContactStatus.FAILED, error=error)
    return [failed, *after_final_failure(state, failed, receipt.consequence, now)]


def after_final_failure(
    state: StateReader, entry: Contact | Notice, consequence: Consequence, now: datetime
) -> list[Write]:
    """What follows for its caregiver once a message has failed for good."""
    if consequence is Consequence.CALL_EARLY and isinstance(entry, Contact) and entry.channel is Channel.SMS:
        return _call_now(state, entry, now)
    if consequence is Consequence.OPTED_OUT:
        return _opt_out(state, entry, now)
    return []


def _call_now(state: StateReader, text: Contact, now: datetime) -> list[Write]:
    """Call the caregiver whom no text reaches, once, while their yes could win: see ADR 15.

    The contact is the one that the voice round would make, so that round does not make another.
    """
    call = state.contact(text.shift_id, text.generation, Channel.VOICE, text.caregiver_id)
    if call is not None:
        # The voice round has planned the call, perhaps for later because of the text.
        waits = call.status is ContactStatus.QUEUED and call.attempts == 0 and call.due_at is not None
        return [replace(call, updated_at=now, due_at=None)] if waits else []
    shift, fanout = state.shift(text.shift_id), state.fanout(text.shift_id)
    caregiver = state.caregiver(text.caregiver_id)
    if fanout is None or fanout.round is Channel.VOICE or caregiver is None:
        # The voice round plans the call, or has decided that there is none.
        return []
    call = Contact(
        shift_id=text.shift_id,
        generation=text.generation,
        channel=Channel.VOICE,
        caregiver_id=text.caregiver_id,
        status=ContactStatus.QUEUED,
        updated_at=now,
        phone=caregiver.phone,
    )
    return [call] if obstacle(state, call, shift, fanout, caregiver, now) is None else []


def _opt_out(state: StateReader, entry: Contact | Notice, now: datetime) -> list[Write]:
    """The owner of the number has answered STOP, and the provider has confirmed it to them: nothing is sent back."""
    number = state.number(entry.phone)
    if number.opted_out:
        return []
    writes: list[Write] = [replace(number, opted_out=True)]
    caregiver = state.caregiver_by_phone(entry.phone)
    if caregiver is None:
        return writes
    writes += without_marks(state, caregiver.id)
    for about in offers_in_context(state, caregiver, now):
        if about.open:
            writes += withdraw_offer(state, about, now)
            writes.append(
                Response(
                    shift_id=about.shift.id,
                    generation=about.fanout.generation,
                    caregiver_id=caregiver.id,
                    outcome=Outcome.OPTED_OUT,
                    at=now,
                    channel=channel_of(entry),
                )
            )
    return writes
