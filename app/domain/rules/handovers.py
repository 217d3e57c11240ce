"""What follows from the result of a hand-over. Pure."""

from dataclasses import replace
from datetime import datetime

from app.domain.commands import HandoverResult, RecordSending
from app.domain.decisions import Decision, Write
from app.domain.messages import Contact, ContactStatus, Notice
from app.domain.receipts import Receipt
from app.domain.rules.channels import channel_after
from app.domain.rules.notices import given_up_at
from app.domain.rules.receipts import after_final_failure, after_receipt, time_to_ask
from app.domain.rules.retries import retry, wait_before_retry, without_words
from app.domain.state import StateReader


def record_sending(state: StateReader, command: RecordSending) -> Decision[bool]:
    """Record the result of a hand-over.

    Result: False if this result is outdated: the message already has one, or a later try has begun.
    """
    entry = command.entry
    if isinstance(entry, Notice):
        stored: Contact | Notice | None = state.notice(entry.id)
    else:
        stored = state.contact(entry.shift_id, entry.generation, entry.channel, entry.caregiver_id)
    channel = channel_after(state, entry, command)
    writes: list[Write] = [] if channel is None else [channel]
    writes += _no_longer_waiting(state, entry, command.now)
    # A worker whose lease ended may still report the result of its call.
    waiting = stored is not None and (
        stored.status is ContactStatus.SENDING
        or (stored.status is ContactStatus.UNKNOWN and command.result is HandoverResult.SENT)
    )
    if stored is None or not waiting or stored.attempts != entry.attempts:
        return Decision(False, tuple(writes))
    after = _after(state, stored, command)
    writes.append(after)
    if command.receipt is not None:
        writes += _after_receipt(state, after, command, command.receipt)
    return Decision(True, tuple(writes))


def _no_longer_waiting(state: StateReader, entry: Contact | Notice, now: datetime) -> list[Notice]:
    """The notices that have waited for the hand-over of the message (`admit`), due now."""
    if entry.shift_id is None or not entry.caregiver_id:
        return []
    about = state.notices_about(entry.shift_id, entry.caregiver_id)
    # Of the notices that were not tried yet, only these wait for a time.
    waiting = (one for one in about if one.status is ContactStatus.QUEUED and not one.attempts and one.due_at)
    # Found by its id too: a store compares what it replaces with what it has.
    stored = (state.notice(one.id) for one in waiting)
    return [replace(notice, updated_at=now, due_at=now) for notice in stored if notice is not None]


def _after_receipt(
    state: StateReader, after: Contact | Notice, command: RecordSending, receipt: Receipt
) -> list[Write]:
    """What follows from what the provider said in its answer. `after`: the message after the hand-over."""
    if command.result is HandoverResult.SENT:
        return after_receipt(state, after, command.provider_id, receipt, command.now)
    return after_final_failure(state, after, receipt.consequence, command.now)


def _after(state: StateReader, entry: Contact | Notice, command: RecordSending) -> Contact | Notice:
    maybe_sent = entry.maybe_sent or command.result in (HandoverResult.UNKNOWN, HandoverResult.UNANSWERED)
    match command.result:
        case HandoverResult.SENT:
            sent = replace(
                entry,
                status=ContactStatus.SENT,
                updated_at=command.now,
                error=None,
                provider_id=command.provider_id,
                ask_at=time_to_ask(entry, command.provider_id),
            )
            return without_words(sent)
        case HandoverResult.UNKNOWN:
            status = ContactStatus.UNKNOWN
        case HandoverResult.PERMANENT:
            status = ContactStatus.UNKNOWN if maybe_sent else ContactStatus.FAILED
        case HandoverResult.THROTTLED | HandoverResult.MISCONFIGURED | HandoverResult.RETURNED:
            # The channel waits, or nothing was handed over: this was no try of the message.
            counted = command.result is HandoverResult.MISCONFIGURED
            again = replace(entry, attempts=entry.attempts if counted else entry.attempts - 1)
            return retry(state, again, command.now, command.error, maybe_sent=maybe_sent, wait_s=0.0)
        case HandoverResult.TEMPORARY | HandoverResult.UNANSWERED:
            if isinstance(entry, Contact) or command.now < given_up_at(entry):
                wait_s = wait_before_retry(entry.attempts, command.jitter, command.retry_after_s)
                return retry(state, entry, command.now, command.error, maybe_sent=maybe_sent, wait_s=wait_s)
            status = ContactStatus.UNKNOWN if maybe_sent else ContactStatus.FAILED
    return without_words(
        replace(entry, status=status, updated_at=command.now, error=command.error, maybe_sent=maybe_sent)
    )
