"""A telephone company, and in place of the service something that keeps its webhooks and answers them."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
from fakes import FakeClock
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the library has no types
from twilio_api import SID, TOKEN, TwilioApi

from app.simulation.clock import settled
from app.simulation.twilio.account import Account
from app.simulation.twilio.company import TelephoneCompany

OURS, THEIRS = "+15555550100", "+15555550101"
SMS_URL, VOICE_URL = "https://agency.example/webhooks/twilio/sms", "https://agency.example/webhooks/twilio/voice"
STATUS_URL = "https://agency.example/webhooks/twilio/status?message=1"
ANSWER_URL = "https://agency.example/webhooks/twilio/answer?message=1"


@dataclass
class Service:
    """Keeps each webhook as (URL, its fields), and the signatures that Twilio's own library does not accept."""

    received: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    #: What to answer, by URL; an exception is raised.
    answers: dict[str, httpx.Response | Exception] = field(default_factory=dict)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Take one webhook."""
        url, pairs = str(request.url), parse_qsl(request.content.decode(), keep_blank_values=True)
        if not RequestValidator(TOKEN).validate(url, dict(pairs), request.headers["x-twilio-signature"]):
            self.forged.append(url)
        self.received.append((url, dict(pairs)))
        self.tokens.append(request.headers["i-twilio-idempotency-token"])
        answer = self.answers.get(url) or httpx.Response(200, text="<Response/>")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def seen(self, name: str) -> list[str]:
        """This field of every webhook that has it, in order."""
        return [fields[name] for _, fields in self.received if name in fields]


class World:
    """The company, its clock, the service's side, and the API as the service calls it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.service = Service()
        account = Account(
            sid=SID,
            token=TOKEN,
            numbers=(OURS,),
            sms_url=SMS_URL,
            voice_url=VOICE_URL,
            messaging_service_sid="MG" + "1" * 32,
        )
        webhooks = httpx.AsyncClient(transport=httpx.MockTransport(self.service.handle))
        self.company = TelephoneCompany(account, self.clock, webhooks)
        self.api = TwilioApi(self.clock, self.company)
        self.http = httpx.AsyncClient(
            transport=self.api.connect(),
            base_url=f"https://api.twilio.com/2010-04-01/Accounts/{SID}",
            auth=(SID, TOKEN),
        )

    async def seconds(self, count: float) -> None:
        """Move the clock forward."""
        await self.clock.advance(count)

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        """Make a request of the API; `From_` is the field `From`."""
        response = await self.http.post(path, data={name.rstrip("_"): value for name, value in fields.items()})
        await settled()
        return response

    async def text(self, body: str = "Open RN shift", **fields: Any) -> httpx.Response:
        """Have a text sent to THEIRS."""
        given = {"To": THEIRS, "From": OURS, "Body": body, "StatusCallback": STATUS_URL, **fields}
        return await self.post("/Messages.json", **given)

    async def call(self, twiml: str = "<Response><Say>Hello</Say></Response>", **fields: Any) -> httpx.Response:
        """Have THEIRS called."""
        given = {"To": THEIRS, "From": OURS, "Twiml": twiml, "StatusCallback": STATUS_URL, **fields}
        return await self.post("/Calls.json", **given)
