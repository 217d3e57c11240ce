"""Texts and calls through Twilio. Unlike `webhook.py`, it finds out itself whether a request was carried out.

Twilio has no idempotency keys. If a request to create a message or a call is not answered, it may have been carried
out, and to repeat it could send a text twice. So the notifier looks for the message among those that Twilio has
accepted for that number. Only what is certainly not there may be sent again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from app.clock import sleep_until
from app.domain.decisions import Message
from app.domain.receipts import Receipt
from app.domain.records import Channel
from app.errors import NotifierFailure, PermanentFailure, TemporaryFailure, Uncertain
from app.notifiers.twilio import twiml
from app.notifiers.twilio.client import TwilioClient
from app.notifiers.twilio.entries import Sent
from app.notifiers.twilio.forms import heard_at, in_language
from app.ports.clock import Clock
from app.ports.notifier import Accepted, FullNotifier

#: Seconds after an unanswered request at which the notifier looks for what it may have created.
LOOK_AFTER_S = (2.0, 10.0, 30.0, 60.0)
#: A request that Twilio has carried out is listed after this many seconds at the latest.
LISTED_AFTER_S = 30.0
#: For how long a text is of use, in seconds, if the message does not say.
_WORTH_S = 3600.0
#: How far our clock may differ from Twilio's, in seconds.
_CLOCK_SKEW_S = 30.0
#: How long the ids of accepted messages are kept, to tell which of them belongs to which of ours.
_IDS_KEPT = timedelta(minutes=10)
#: What Twilio puts in front of each text of a trial account.
_TRIAL_PREFIX = "Sent from your Twilio trial account - "


class TwilioNotifier:
    """Implements `Notifier`."""

    #: The looks for an unanswered message take a minute; each may take some seconds.
    timeout_s = 120.0
    #: `send` itself finds out what became of an unanswered request. But after a crash in the middle of one nobody
    #: knows, and a repeat would be a second message.
    honours_keys = False

    def __init__(
        self,
        client: TwilioClient,
        clock: Clock,
        *,
        from_number: str | None,
        messaging_service_sid: str | None,
        public_url: str | None,
        caller: str,
        ring_s: int = 25,
        detect_machines: bool = False,
    ) -> None:
        """Raises ValueError if there is nothing to send texts from.

        `from_number`: calls come from it, and texts unless there is a `messaging_service_sid`. `public_url`: the
        address under which Twilio reaches this service; None: no status is reported, and calls are not possible.
        `caller`: who calls, as a voice says it ("This is ..."). `ring_s`: how long a phone rings. `detect_machines`:
        find out whether a machine answers.
        """
        if from_number is None and messaging_service_sid is None:
            raise ValueError("a number or a messaging service to send from is needed")
        self._client = client
        self._clock = clock
        self._from_number = from_number
        self._messaging_service_sid = messaging_service_sid
        self._public_url = public_url.rstrip("/") if public_url is not None else None
        self._caller = caller
        self._ring_s = ring_s
        self._detect_machines = detect_machines
        #: The ids that Twilio gave to our messages and calls, and when; the oldest first.
        self._ids: dict[str, datetime] = {}

    async def send(self, message: Message) -> Accepted:
        """See `Notifier`. If Twilio does not answer, this takes up to `LISTED_AFTER_S`, and sometimes longer."""
        began_at = self._clock.now()
        try:
            sent = await self._create(message)
        except Uncertain as unanswered:
            sent = await self._look_for(message, began_at, unanswered)
        self._keep(sent.sid)
        return Accepted(sent.sid, sent.receipt)

    async def aclose(self) -> None:
        """See `Notifier`."""
        await self._client.aclose()

    async def accepted_since(self, message: Message, since: datetime) -> Accepted | None:
        """See `TrackingNotifier`: what Twilio says about the message; None if it is not in Twilio's list.

        A text is recognized by its number and words, a call by its two numbers: Twilio keeps nothing of ours with it.
        One that is known to belong to another message of ours is passed over. Two calls that are made to one person
        at the same moment may be mistaken for each other; then one call too few is made, but never one too many.

        Raises NotifierFailure if the list cannot be read.
        """
        found = await self._listed(message, since)
        if found is None:
            return None
        self._keep(found.sid)
        return Accepted(found.sid, found.receipt)

    async def receipt(self, provider_id: str, channel: Channel) -> Receipt | None:
        """See `TrackingNotifier`."""
        fetch = self._client.message if channel is Channel.SMS else self._client.call
        found = await fetch(provider_id)
        return None if found is None else found.receipt

    async def cancel(self, provider_id: str) -> None:
        """See `TrackingNotifier`."""
        await self._client.cancel_call(provider_id)

    async def _listed(self, message: Message, since: datetime) -> Sent | None:
        listed: Sequence[Sent]
        if message.channel is Channel.SMS:
            bodies = (message.body, _TRIAL_PREFIX + message.body)
            listed = [one for one in await self._client.messages_to(message.to, since) if one.body in bodies]
        else:
            listed = await self._client.calls_to(message.to, self._number_to_call_from(), since)
        return next((one for one in listed if one.sid not in self._ids), None)

    async def _create(self, message: Message) -> Sent:
        if message.channel is Channel.VOICE:
            return await self._create_call(message)
        use_service = self._messaging_service_sid is not None
        return await self._client.create_message(
            to=message.to,
            body=message.body,
            from_number=None if use_service else self._from_number,
            messaging_service_sid=self._messaging_service_sid,
            status_callback=self._webhook("status", message),
            validity_s=self._worth_s(message),
        )

    def _worth_s(self, message: Message) -> float:
        """For how many seconds the text is of use."""
        if message.worth_until is None:
            return _WORTH_S
        return (message.worth_until - self._clock.now()).total_seconds()

    async def _create_call(self, message: Message) -> Sent:
        from_number = self._number_to_call_from()
        heard = heard_at(message.first_attempt_at or self._clock.now())
        action, status = self._webhook("answer", message, heard), self._webhook("status", message)
        if action is None:
            raise PermanentFailure("calls need FANOUT_PUBLIC_URL, where Twilio sends the answers")
        try:
            words = twiml.offer_call(message.body, message.language, action=action, caller=self._caller)
        except ValueError as exc:
            raise PermanentFailure(str(exc)) from exc
        return await self._client.create_call(
            to=message.to,
            from_number=from_number,
            twiml=words,
            status_callback=status,
            ring_s=self._ring_s,
            machine_callback=status if self._detect_machines else None,
        )

    def _number_to_call_from(self) -> str:
        """The number of ours that calls come from. Raises PermanentFailure without one.

        A service that only texts is set up rightly, so this call has failed and the channel is not paused.
        """
        if self._from_number is None:
            raise PermanentFailure("calls need FANOUT_TWILIO_FROM, the number to call from")
        return self._from_number

    def _webhook(self, name: str, message: Message, further: Mapping[str, str] | None = None) -> str | None:
        """The URL of a webhook of ours; it says which message, and so which shift, the request is about.

        What is said later in a call must be in the language of the call, so the URL says that too. `further`: what
        else it says.
        """
        if self._public_url is None:
            return None
        about = {"message": message.id} | ({"shift": message.shift_id} if message.shift_id is not None else {})
        about |= in_language(message.language) | dict(further or {})
        return f"{self._public_url}/webhooks/twilio/{name}?{urlencode(about)}"

    async def _look_for(self, message: Message, began_at: datetime, unanswered: Uncertain) -> Sent:
        """Find the message that the unanswered request may have created.

        Raises TemporaryFailure if it certainly did not, and `unanswered` if Twilio's list could not be read.
        """
        asked_at, since = self._clock.now(), began_at - timedelta(seconds=_CLOCK_SKEW_S)
        for after_s in LOOK_AFTER_S:
            await sleep_until(self._clock, asked_at + timedelta(seconds=after_s))
            try:
                sent = await self._listed(message, since)
            except NotifierFailure:
                continue
            if sent is not None:
                return sent
            if after_s >= LISTED_AFTER_S:
                raise TemporaryFailure(f"{unanswered.reason}; Twilio has no such message", unanswered.retry_after_s)
        raise unanswered

    def _keep(self, sid: str) -> None:
        now = self._clock.now()
        self._ids[sid] = now
        while (oldest := next(iter(self._ids))) != sid and self._ids[oldest] < now - _IDS_KEPT:
            del self._ids[oldest]


if TYPE_CHECKING:
    # Lets mypy check that the class implements the protocol.
    def _conforms(notifier: TwilioNotifier) -> FullNotifier:
        return notifier
