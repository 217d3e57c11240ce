"""The people who hold the telephones: they reply to texts, pick up calls, press keys and talk, after some time."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from app.simulation.twilio.calls import Call
from app.simulation.twilio.company import TelephoneCompany
from app.simulation.twilio.phones import Phone
from app.simulation.twilio.records import Record

#: Somebody who answers on a call picks up after this part of the time, and listens for the rest.
_RINGS_FOR = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What somebody does with every text and every call."""

    #: The text that they reply with; None: they reply to none.
    replies: str | None = None
    #: The key that they press, or else the words that they say; None for both: they pick up no call.
    presses: str | None = None
    says: str | None = None
    #: Seconds from the arrival of a text, or from the first ring, to the answer.
    after_s: float = 5.0


def hold(company: TelephoneCompany, phone: Phone, habits: Habits) -> None:
    """Give the telephone to somebody with these habits."""

    def on_text(text: Record) -> None:
        # Nobody replies to what Twilio itself answers after a STOP.
        if habits.replies is not None and text["direction"] == "outbound-api":
            reply_later(company, phone.number, habits.replies, habits.after_s)

    def on_call(call: Call) -> None:
        answer = habits.presses or habits.says
        if answer is not None:
            answer_later(company, call, answer, habits.after_s)

    phone.on_text, phone.on_call = on_text, on_call


def reply_later(company: TelephoneCompany, number: str, body: str, after_s: float) -> None:
    """Text the account after that many seconds."""
    when = company.clock.now() + timedelta(seconds=after_s)
    company.clock.call_at(when, partial(company.text_from, number, body))


def answer_later(company: TelephoneCompany, call: Call, answer: str, after_s: float) -> None:
    """Pick up, and give the answer that many seconds from now: a key if it is one character, else words."""
    now = company.clock.now()
    give = call.press if len(answer) == 1 else call.say
    company.clock.call_at(now + timedelta(seconds=after_s * _RINGS_FOR), call.answer)
    company.clock.call_at(now + timedelta(seconds=after_s), partial(give, answer))
