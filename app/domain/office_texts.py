"""Every text that an office gets, in English. Pure.

Each is one GSM-7 segment wherever the shift's own words allow it.
"""

from app.domain.attention_reasons import AttentionReason
from app.domain.gsm7 import fits_one_segment
from app.domain.records import Shift
from app.domain.texts import describe

ALERTS_OFF = "No more alerts about shifts go to this number. Reply START to get them again."
ALERTS_ON = "Alerts about shifts that need a person go to this number again. Reply STOP to end them."
WRONG_NUMBER = (
    "Sorry about that. No more alerts about shifts go to this number. If it is the office's after all, reply START."
)
HELP = "Alerts come to this number when a shift needs a person. The board says more. Reply STOP to end them."

_REASONS = {
    AttentionReason.EXHAUSTED: "nobody is left who could say yes",
    AttentionReason.UNANSWERED: "nobody has said yes in time",
    AttentionReason.STARTS_SOON: "it starts soon, nobody has it",
    AttentionReason.EXPIRED: "it has ended, nobody had it",
    AttentionReason.RELEASE_REQUESTED: "the holder asks to give it back",
    AttentionReason.UNRECOGNIZED: "a reply was not understood",
    AttentionReason.NOT_TOLD: "a caregiver could not be told",
    AttentionReason.NOT_QUALIFIED: "the holder no longer qualifies",
    AttentionReason.UNDELIVERED: "no offer could be delivered",
    AttentionReason.OPTED_OUT_YES: "someone who opted out said yes",
}

_ALERT = "{shift}: {reason}. {look}"
#: Where to look, for no other alert that this one stands for, for one, and for `{count}`.
_LOOK = "See the board."
_LOOK_ONE_MORE = "1 more alert: see the board."
_LOOK_MORE = "{count} more alerts: see the board."

#: Every text of this module, with `{shift}` (see `app.domain.texts.describe`) and `{count}` left open.
TEMPLATES = (
    *(ALERTS_OFF, ALERTS_ON, WRONG_NUMBER, HELP),
    *(
        _ALERT.format(shift="{shift}", reason=reason, look=look)
        for reason in _REASONS.values()
        for look in (_LOOK, _LOOK_ONE_MORE, _LOOK_MORE)
    ),
)


def alert(shift: Shift, default_zone: str | None, reason: AttentionReason, others: int) -> str:
    """Which shift needs a person, why, and where to look. `others`: how many more alerts this one stands for."""
    look = _LOOK_MORE.format(count=others) if others > 1 else _LOOK
    if others == 1:
        look = _LOOK_ONE_MORE
    descriptions = (
        describe(shift, default_zone),
        describe(shift, default_zone, short=True),
        describe(shift, default_zone, short=True, place=False),
    )
    forms = [_ALERT.format(shift=described, reason=_REASONS[reason], look=look) for described in descriptions]
    return next((form for form in forms if fits_one_segment(form)), forms[-1])
