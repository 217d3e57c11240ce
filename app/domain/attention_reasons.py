"""The names of the reasons for a person to look at a shift. When each holds is decided in `attention`. Pure."""

from enum import StrEnum


class AttentionReason(StrEnum):
    """A reason for a person to look at a shift."""

    #: No caregiver is left who could still accept.
    EXHAUSTED = "exhausted"
    #: The calls went out as long ago as the wait before them, and nobody has accepted.
    UNANSWERED = "unanswered"
    #: The shift starts within two hours, and nobody has it.
    STARTS_SOON = "starts_soon"
    #: The shift ended, and nobody had taken it.
    EXPIRED = "expired"
    #: The holder asked to give the shift back.
    RELEASE_REQUESTED = "release_requested"
    #: The last word of a caregiver who could have the shift was not understood; or what the holder said may mean that
    #: they are late or don't come, and no text may settle it.
    UNRECOGNIZED = "unrecognized"
    #: The caregiver could not be told that they have the shift, or no longer have it.
    NOT_TOLD = "not_told"
    #: The holder's role or organization no longer fits the shift.
    NOT_QUALIFIED = "not_qualified"
    #: Every offer that was tried failed.
    UNDELIVERED = "undelivered"
    #: A caregiver who opted out said yes.
    OPTED_OUT_YES = "opted_out_yes"


REASONS = frozenset(AttentionReason)
#: The reasons of which an office is told unless the operator says otherwise.
ALERTED = frozenset(
    {
        AttentionReason.UNANSWERED,
        AttentionReason.EXHAUSTED,
        AttentionReason.RELEASE_REQUESTED,
        AttentionReason.NOT_TOLD,
        AttentionReason.EXPIRED,
    }
)
