"""The texts that Twilio has received for us, also those whose webhook did not reach the service."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from app.notifiers.twilio.client import TwilioClient
from app.notifiers.twilio.entries import Received
from app.notifiers.twilio.forms import Senseless, inbound_text
from app.ports.inbox import Inbox, ReceivedText


class TwilioInbox:
    """Implements `Inbox`."""

    def __init__(self, client: TwilioClient, *, from_number: str | None, messaging_service_sid: str | None) -> None:
        """The number and the service of the account that are ours: it may have others."""
        self._client = client
        self._from_number = from_number
        self._messaging_service_sid = messaging_service_sid

    async def received_since(self, since: datetime) -> list[ReceivedText]:
        """See `Inbox`.

        The list does not say whether Twilio has answered a STOP itself, so the service answers it too. Such an answer
        does not arrive, because Twilio has blocked the number.
        """
        # The numbers of a service are not known here, so its texts are looked for among all.
        number = self._from_number if self._messaging_service_sid is None else None
        listed = await self._client.messages_received(number, since)
        return list(self._texts(reversed(listed)))

    async def aclose(self) -> None:
        """See `Inbox`."""
        await self._client.aclose()

    def _texts(self, listed: Iterator[Received]) -> Iterator[ReceivedText]:
        for one in listed:
            service = one.form.get("MessagingServiceSid")
            if one.form.get("To") != self._from_number and (
                service is None or service != self._messaging_service_sid
            ):
                continue
            try:
                text = inbound_text(one.form)
            except Senseless:
                # The webhook ignores it too.
                continue
            yield ReceivedText(phone=text.phone, body=text.body, message_id=text.message_id, at=one.created_at)


if TYPE_CHECKING:
    # Lets mypy check that the class implements the protocol.
    def _conforms(inbox: TwilioInbox) -> Inbox:
        return inbox
