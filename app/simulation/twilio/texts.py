"""The company's texts: taken, carried to a telephone, reported to the service; and those that customers send."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

from app.ports.clock import Clock
from app.simulation.twilio.account import Account, Refused
from app.simulation.twilio.phones import Phone
from app.simulation.twilio.records import Record, new_message
from app.simulation.twilio.webhooks import Webhook, Webhooks

#: Seconds until a text leaves, and from there until it arrives.
_LEAVES_AFTER_S, _ARRIVES_AFTER_S = 0.5, 0.5
#: Seconds that a text may wait if the service does not say.
_VALIDITY_S = 36_000
_TRIAL_NOTICE = "Sent from your Twilio trial account - "
_OPTED_OUT, _UNREGISTERED, _EXPIRED = 21610, 30034, 30036
#: The words that Twilio handles itself, and what it answers.
_KEYWORDS = {
    "STOP": {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"},
    "START": {"START", "YES", "UNSTOP"},
    "HELP": {"HELP", "INFO"},
}
_ANSWERS = {
    "STOP": "You have successfully been unsubscribed. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed. Reply STOP to unsubscribe.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data rates may apply.",
}


class Texts:
    """The texts of one account."""

    def __init__(self, account: Account, clock: Clock, webhooks: Webhooks, phone: Callable[[str], Phone]) -> None:
        """`phone` gives the telephone with a number."""
        #: The oldest first, inbound ones too.
        self.messages: list[Record] = []
        self._account = account
        self._clock = clock
        self._webhooks = webhooks
        self._phone = phone
        #: The numbers that have opted out.
        self._blocked: set[str] = set()
        #: When the next text may leave, if only some may leave per second.
        self._next_leaves_at: datetime | None = None

    def send(self, fields: Mapping[str, Any], to: str) -> Record:
        """Take a text to this number. Raises Refused for one that Twilio would not take."""
        from_number = self._sender(fields)
        body = str(fields.get("Body", ""))
        if not body:
            raise Refused(400, 21602)
        if len(body) > 1600:
            raise Refused(400, 21617)
        if to in self._blocked:
            raise Refused(400, _OPTED_OUT)
        service = fields.get("MessagingServiceSid")
        message = self._new(
            to=to,
            from_number=from_number,
            body=(_TRIAL_NOTICE if self._account.trial else "") + body,
            direction="outbound-api",
            status="queued" if service is None else "accepted",
        )
        message["messaging_service_sid"] = service
        self._queue(message, fields.get("StatusCallback"), float(fields.get("ValidityPeriod", _VALIDITY_S)))
        return message

    def receive(self, number: str, body: str, more: Mapping[str, str]) -> Record:
        """Take a text of a customer to the account. `more`: fields of the webhook to add or to replace."""
        to = self._account.numbers[0]
        message = self._new(to=to, from_number=number, body=body, direction="inbound", status="received")
        message["date_sent"] = format_datetime(self._clock.now())
        fields = {
            "MessageSid": message["sid"],
            "SmsSid": message["sid"],
            "SmsMessageSid": message["sid"],
            "AccountSid": self._account.sid,
            "From": number,
            "To": to,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            # A field without a value: the signature covers it too.
            "FromCity": "",
        }
        word = body.strip().upper()
        kind = next((kind for kind, words in _KEYWORDS.items() if word in words), None)
        if kind is not None and self._account.handles_opt_outs:
            fields["OptOutType"] = kind
            self._handle_opt_out(number, kind)
        if self._account.sms_url is not None:
            self._webhooks.start(self._hand_over(Webhook(self._account.sms_url, {**fields, **more})))
        return message

    def _sender(self, fields: Mapping[str, Any]) -> str:
        service, number = fields.get("MessagingServiceSid"), fields.get("From")
        if service is not None:
            if service != self._account.messaging_service_sid:
                raise Refused(400, 21701)
            return self._account.numbers[0]
        if number is None:
            raise Refused(400, 21603)
        if number not in self._account.numbers:
            raise Refused(400, 21659)
        return str(number)

    def _queue(self, message: Record, callback: str | None, validity_s: float) -> None:
        """Let the text leave as soon as the texts before it have left; it fails if that takes too long."""
        now = self._clock.now()
        leaves_at = now + timedelta(seconds=_LEAVES_AFTER_S)
        if self._account.texts_per_s is not None:
            leaves_at = max(leaves_at, self._next_leaves_at or leaves_at)
            self._next_leaves_at = leaves_at + timedelta(seconds=1 / self._account.texts_per_s)
        expires_at = now + timedelta(seconds=validity_s)
        if leaves_at > expires_at:
            self._clock.call_at(expires_at, partial(self._become, message, "failed", callback, _EXPIRED))
        else:
            self._clock.call_at(leaves_at, partial(self._leave, message, callback))

    def _leave(self, message: Record, callback: str | None) -> None:
        message["date_sent"] = format_datetime(self._clock.now())
        self._become(message, "sent", callback)
        arrives_at = self._clock.now() + timedelta(seconds=_ARRIVES_AFTER_S)
        self._clock.call_at(arrives_at, partial(self._arrive, message, callback))

    def _arrive(self, message: Record, callback: str | None) -> None:
        phone = self._phone(message["to"])
        error = phone.text_error if self._account.registered else _UNREGISTERED
        if error is not None:
            self._become(message, "undelivered", callback, error)
            phone.on_lost(message)
            return
        self._become(message, "delivered", callback)
        phone.texts.append(message)
        phone.on_text(message)

    def _become(self, message: Record, status: str, callback: str | None, error: int | None = None) -> None:
        message |= {"status": status, "error_code": error, "date_updated": format_datetime(self._clock.now())}
        if callback is None:
            return
        fields = {
            "MessageSid": message["sid"],
            "SmsSid": message["sid"],
            "AccountSid": self._account.sid,
            "From": message["from"],
            "To": message["to"],
            "MessageStatus": status,
            "SmsStatus": status,
            "ApiVersion": "2010-04-01",
        }
        self._webhooks.tell(Webhook(callback, fields if error is None else {**fields, "ErrorCode": str(error)}))

    def _handle_opt_out(self, number: str, kind: str) -> None:
        """Block or unblock the number, and answer. Somebody who was not blocked may text YES without an answer."""
        if kind == "START" and number not in self._blocked:
            return
        if kind == "STOP":
            self._blocked.add(number)
        else:
            self._blocked.discard(number)
        answer = self._new(
            to=number,
            from_number=self._account.numbers[0],
            body=_ANSWERS[kind],
            direction="outbound-reply",
            status="queued",
        )
        self._queue(answer, None, _VALIDITY_S)

    async def _hand_over(self, webhook: Webhook) -> None:
        answer = await self._webhooks.ask(webhook)
        if answer is not None and "<Message" in answer:
            self._webhooks.problem("this telephone company does not know <Message>")

    def _new(self, *, to: str, from_number: str, body: str, direction: str, status: str) -> Record:
        message = new_message(
            number=len(self.messages),
            account_sid=self._account.sid,
            to=to,
            from_number=from_number,
            body=body,
            direction=direction,
            status=status,
            now=self._clock.now(),
        )
        self.messages.append(message)
        return message
