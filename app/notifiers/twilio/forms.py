"""The forms that Twilio posts to us: inbound messages, answers on calls, statuses of messages and calls. Pure.

Source: https://www.twilio.com/docs/messaging/guides/webhook-request and https://www.twilio.com/docs/voice/twiml. New
fields appear unannounced, so fields that are not named here are ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from app.domain.phone_numbers import to_e164
from app.domain.reading import Intent
from app.domain.receipts import Receipt, is_provider_id
from app.domain.records import Language
from app.notifiers.twilio.statuses import call_receipt, message_receipt

Form = Mapping[str, str]

#: What Twilio took a message for, and has answered itself.
_KEYWORDS = {"STOP": Intent.STOP, "START": Intent.START, "HELP": Intent.HELP}
#: Calls that have ended without an answer, unless a key or a word has come. Not those that we canceled, or that could
#: not be made at all.
_ENDED = frozenset({"completed", "busy", "no-answer"})
_OUR_ID = re.compile("[^\x00-\x1f\x7f-\x9f]{1,128}")
#: As long as a text can be. To read on would take time that nobody's answer needs.
_LONGEST_WORDS = 1600
#: Stands for words that are too long to be read: their beginning alone could mean the opposite.
_TOO_LONG = "?"


#: A time in the query of a URL is a number of microseconds since 1970, so that it is exact.
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_MICROSECONDS = re.compile("[0-9]{1,16}")


class Senseless(Exception):
    """A form that is signed but that nothing can be done with. The text says why; it repeats nothing of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundText:
    """A text. `phone`: in E.164. `keyword`: what Twilio took it for and has answered; None: nothing of that kind."""

    phone: str
    body: str
    message_id: str
    keyword: Intent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """What happens on a call. `words`: the key that was pressed, else what was said; empty if there was nothing."""

    #: The number of the caregiver, in E.164.
    phone: str
    call_id: str
    words: str
    by_machine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """What became of a message or a call of ours."""

    provider_id: str
    #: None: the status says nothing.
    receipt: Receipt | None
    #: The number of a call that has ended without an answer, unless a key or a word has come; None: anything else.
    ended_call_to: str | None
    #: Whether a machine has answered the call, and its greeting has ended.
    machine_listens: bool


def read_form(body: bytes) -> Form:
    """The fields of a form; of a repeated one the first. Raises Senseless if the body is not a form in UTF-8."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True)
    except UnicodeDecodeError as exc:
        raise Senseless("not UTF-8") from exc
    return dict(reversed(pairs))


def check_account(form: Form, account_sid: str) -> None:
    """Raises Senseless if the form is about another account."""
    if form.get("AccountSid", account_sid) != account_sid:
        raise Senseless("about another account")


def inbound_text(form: Form) -> InboundText:
    """A text to our number. Raises Senseless if it has no sender, no id or no words."""
    phone, body, message_id = form.get("From", ""), form.get("Body", ""), form.get("MessageSid", "")
    if ":" in phone:
        # We could not answer on that channel, and an opt-out there is not one from our texts.
        raise Senseless(f"came by {_channel(phone)}, which this service does not use")
    keyword = _KEYWORDS.get(form.get("OptOutType", ""))
    if not body.strip() and keyword is None:
        raise Senseless("a picture without words" if form.get("NumMedia", "0") != "0" else "without words")
    return InboundText(phone=_phone(phone), body=_readable(body), message_id=_sid(message_id), keyword=keyword)


def on_call(form: Form, our_number: str | None) -> OnCall:
    """What somebody did on a call, whichever side made it. Raises Senseless if the call has no id or no number."""
    return OnCall(
        phone=_phone(_caregivers_number(form, our_number)),
        call_id=_sid(form.get("CallSid", "")),
        words=_readable(form.get("Digits", "").strip() or form.get("SpeechResult", "").strip()),
        by_machine=_is_machine(form),
    )


def status_update(form: Form, our_number: str | None) -> StatusUpdate:
    """The status of a message or a call. Raises Senseless if it has no id."""
    if message_id := form.get("MessageSid", ""):
        receipt = message_receipt(form.get("MessageStatus", ""), form.get("ErrorCode"))
        return StatusUpdate(provider_id=_sid(message_id), receipt=receipt, ended_call_to=None, machine_listens=False)
    status = form.get("CallStatus", "")
    ended = status in _ENDED and not form.get("Direction", "").startswith("inbound")
    return StatusUpdate(
        provider_id=_sid(form.get("CallSid", "")),
        receipt=call_receipt(status, form.get("ErrorCode")),
        ended_call_to=_phone(_caregivers_number(form, our_number)) if ended else None,
        machine_listens=_is_machine(form) and status in ("", "in-progress"),
    )


def our_id(query: Mapping[str, str], name: str) -> str | None:
    """The id of ours in the query; None if there is none. Raises Senseless if it can't be one."""
    found = query.get(name)
    if found is not None and not _OUR_ID.fullmatch(found):
        raise Senseless(f"{name} in the URL is no id")
    return found


def in_language(language: Language) -> dict[str, str]:
    """What the query of a URL says about the language of a call: nothing if that is English."""
    return {} if language is Language.ENGLISH else {"language": language.value}


def heard_at(moment: datetime) -> dict[str, str]:
    """What the query of a URL says about when the offer that is read on a call was put into words."""
    return {"heard": str((moment - _EPOCH) // _MICROSECOND)}


def heard_of(query: Mapping[str, str]) -> datetime | None:
    """When the offer was put into words, from the query that `heard_at` made; None if it does not say."""
    found = query.get("heard", "")
    return _EPOCH + int(found) * _MICROSECOND if _MICROSECONDS.fullmatch(found) else None


def language_of(query: Mapping[str, str]) -> Language:
    """The language of a call, from the query that `in_language` made."""
    found = query.get("language")
    return next((one for one in Language if one == found), Language.ENGLISH)


def _sid(text: str) -> str:
    if not is_provider_id(text):
        raise Senseless("without the id of the message or call")
    return text


def _phone(written: str) -> str:
    try:
        return to_e164(written)
    except ValueError as exc:
        raise Senseless("not from or to a telephone number") from exc


def _readable(words: str) -> str:
    return words if len(words) <= _LONGEST_WORDS else _TOO_LONG


def _caregivers_number(form: Form, our_number: str | None) -> str:
    """On a call that we made, `From` is our number."""
    made_by_us = form.get("Direction", "").startswith("outbound") or form.get("From") == our_number
    return form.get("To" if made_by_us else "From", "")


def _is_machine(form: Form) -> bool:
    return form.get("AnsweredBy", "").startswith("machine")


def _channel(address: str) -> str:
    """The channel in an address such as `whatsapp:+16175550101`."""
    name = address.partition(":")[0]
    return name if name.isascii() and name.isalnum() and len(name) <= 20 else "another channel"
