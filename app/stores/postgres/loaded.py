"""The records that one load statement finds. A plain container: `working_set` gives them their meaning."""

from dataclasses import dataclass

from app.domain.fanout_records import Fanout, Offer
from app.domain.messages import (
    ChannelStatus,
    Contact,
    ContactKey,
    ContactStatus,
    Notice,
    NumberStatus,
    SentOffer,
    StoredAnswer,
)
from app.domain.records import Assignment, Caregiver, Organization, Shift


@dataclass(frozen=True)
class FoundMessages:
    """The keys of the messages that receipts name."""

    contacts: list[ContactKey]
    notices: list[str]


@dataclass(frozen=True)
class Loaded:
    """The result of one load statement."""

    caregivers: list[Caregiver]
    numbers: list[NumberStatus]
    channels: list[ChannelStatus]
    last_codes: dict[str, int]
    shifts: list[Shift]
    organizations: list[Organization]
    #: Organization id -> its shift that ends next after `ReadSet.now`.
    shifts_to_come: dict[str, Shift]
    #: The generation of the fanout that was forgotten last, by shift id.
    forgotten: dict[str, int]
    #: (organization id, id of a shift of it), where quiet hours hold a message of the shift's fanout.
    held_fanouts: list[tuple[str, str]]
    fanouts: list[Fanout]
    #: Shift id -> the highest turn number given to a contact of its fanout's round.
    last_turns: dict[str, int]
    assignments: list[Assignment]
    #: In the order in which they got their codes.
    offers: list[Offer]
    #: (shift id, caregiver id) of the offers that still own their code. A code that is free again
    #: may have gone to a newer offer.
    offers_with_code: list[tuple[str, str]]
    contacts: list[Contact]
    #: (shift id, generation, the number of its contacts in each status).
    contact_counts: list[tuple[str, int, dict[ContactStatus, int]]]
    notices: list[Notice]
    #: All notices of the (shift, caregiver) pairs that were asked for, settled ones included.
    notices_about: list[Notice]
    #: Those to the numbers that were asked for.
    alerts: list[Notice]
    #: Those to the caregivers that were asked for.
    sent_offers: list[SentOffer]
    #: Organizations by their office's number, at most one for each.
    offices: list[Organization]
    answers: list[StoredAnswer]
    #: (number of the roster, from 1; caregiver id), sorted.
    rosters: list[tuple[int, str]]
