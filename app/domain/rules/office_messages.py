"""The office writes to a caregiver in its own words. Pure."""

from app.domain.commands import SendText
from app.domain.decisions import Decision, Refusal, RefusalCode, Write, unknown_caregiver, unknown_shift
from app.domain.messages import KEYS_COUNT_FOR, KeptText, Notice
from app.domain.policy import Policy
from app.domain.records import Kind
from app.domain.rules.fanouts import caregiver_label, existing_shift
from app.domain.rules.notices import new_notice
from app.domain.state import StateReader


def send_text(state: StateReader, command: SendText, policy: Policy) -> Decision[str | Refusal]:
    """Queue the message. It goes out like other notices; its words are deleted from it once it has.

    Result: its id. A repeat of a request whose sender does not know whether it was carried out queues nothing if it
    was.
    """
    id_, repeated = _id_for(state, command)
    if repeated:
        return Decision(id_)
    shift, caregiver = existing_shift(state, command.shift_id), state.caregiver(command.caregiver_id)
    if shift is None:
        return Decision(unknown_shift(command.shift_id))
    if caregiver is None:
        return Decision(unknown_caregiver(command.caregiver_id))
    if not caregiver.works_for(shift.organization_id):
        detail = f"{caregiver_label(state, caregiver.id)} does not work for organization {shift.organization_id!r}"
        return Decision(Refusal(code=RefusalCode.NOT_QUALIFIED, detail=detail))
    if state.number(caregiver.phone).silence_for(caregiver.id) is not None:
        detail = f"{caregiver_label(state, caregiver.id)} has opted out, or the number is not theirs: call them"
        return Decision(Refusal(code=RefusalCode.OPTED_OUT, detail=detail))
    writes: list[Write] = [
        new_notice(
            id_=id_,
            kind=Kind.MESSAGE,
            caregiver=caregiver,
            phone=caregiver.phone,
            body=command.body,
            shift=shift,
            now=command.now,
        )
    ]
    if policy.keeps_text:
        writes.append(
            KeptText(
                id=id_,
                shift_id=shift.id,
                caregiver_id=caregiver.id,
                actor=command.actor,
                at=command.now,
                organization_id=shift.organization_id,
                body=command.body,
            )
        )
    return Decision(id_, tuple(writes))


def _id_for(state: StateReader, command: SendText) -> tuple[str, bool]:
    """The id of the message, and whether an earlier request has queued it."""
    if command.keyed_id is None:
        return command.notice_id, False
    earlier = state.message(command.keyed_id)
    if not isinstance(earlier, Notice):
        return command.keyed_id, False
    if earlier.created_at + KEYS_COUNT_FOR > command.now:
        return earlier.id, True
    return command.notice_id, False
