"""How the demo's messages reach its caregivers, and their replies the service. `twilio_carrier.py` is another way."""

import asyncio
from typing import Any, Protocol

from fastapi import FastAPI

from app.api import create_app
from app.domain.decisions import Message
from app.errors import PermanentFailure
from app.settings import Settings
from app.simulation.agency import Agency
from app.simulation.clock import SteppedClock
from app.simulation.phones import PhoneNetwork, PhoneReply, Reaction
from app.simulation.reactions import reaction
from app.simulation.scenario import TIME_ZONE, Scenario
from app.simulation.timeline import Timeline

#: The demo ignores the environment's settings, so that a run is the same on any machine. With a retention of ten
#: years nothing is deleted, however long the board stays up.
SETTINGS: dict[str, Any] = {"log_level": "ERROR", "retention": 315_360_000.0, "timezone": TIME_ZONE.key}
#: Simulated seconds until a text or a call is delivered by the demo's own gateway.
_MESSAGE_LATENCY_S = 1.0


class Carrier(Protocol):
    """Carries messages to the caregivers and their replies to the service."""

    #: The messages that were delivered, in order of delivery.
    sent: list[Message]

    def new_app(self) -> FastAPI:
        """The service that uses this carrier. Called once."""

    async def run(self, agency: Agency) -> None:
        """Carry replies until the task is cancelled."""


class GatewayCarrier:
    """Hands messages over in the process, and posts replies to `/messages/inbound`."""

    def __init__(self, seed: int, scenario: Scenario, clock: SteppedClock, timeline: Timeline) -> None:
        def deliver(message: Message) -> None:
            if message.to == scenario.out_of_service_number:
                timeline.message_failed(message)
                raise PermanentFailure("number out of service")

        def react(message: Message) -> Reaction | None:
            timeline.message_sent(message)
            return reaction(seed, message)

        self._replies: asyncio.Queue[PhoneReply] = asyncio.Queue()
        self._network = PhoneNetwork(
            clock, takes_s=_MESSAGE_LATENCY_S, behaviour=deliver, gateway=self._replies.put_nowait
        )
        for caregiver in scenario.caregivers:
            self._network.phone(caregiver.phone).holder = react
        self.sent = self._network.sent

    def new_app(self) -> FastAPI:
        """See `Carrier`."""
        return create_app(Settings(**SETTINGS), clock=self._network.clock, notifier=self._network)

    async def run(self, agency: Agency) -> None:
        """See `Carrier`."""
        await agency.forward_replies(self._replies)
