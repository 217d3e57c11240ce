"""Twilio as our webhooks see it: posts forms that are signed by Twilio's own library."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
from fakes import FakeClock
from office import Office
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # it has no types
from twilio_api import SID, TOKEN, TwilioApi

from app.ports.clock import Clock
from app.settings import TwilioSettings

PUBLIC_URL = "https://agency.example/shifts"
OUR_NUMBER = "+15555550100"
ACCOUNT = TwilioSettings(account_sid=SID, auth_token=(TOKEN, "the-old-token"), from_number=OUR_NUMBER)
FORM = "application/x-www-form-urlencoded"


def signature(url: str, fields: dict[str, str], token: str = TOKEN) -> str:
    """The signature that Twilio's library computes."""
    return str(RequestValidator(token).compute_signature(url, fields))


async def post(
    http: httpx.AsyncClient, path: str, *, token: str = TOKEN, signed_as: str | None = None, **fields: str
) -> httpx.Response:
    """Post a signed form to `path`, which may have a query. `signed_as`: the URL that is signed instead of ours."""
    url = f"{PUBLIC_URL}/webhooks/twilio/{path}" if signed_as is None else signed_as
    headers = {"x-twilio-signature": signature(url, fields, token), "content-type": FORM}
    return await http.post(f"/webhooks/twilio/{path}", content=urlencode(fields), headers=headers)


async def text(http: httpx.AsyncClient, from_: str, body: str, sid: str = "SM1", **fields: str) -> httpx.Response:
    """An inbound text."""
    about = {"MessageSid": sid, "AccountSid": SID, "From": from_, "To": OUR_NUMBER, "Body": body, "NumMedia": "0"}
    return await post(http, "sms", **{**about, **fields})


async def on_our_call(http: httpx.AsyncClient, path: str, to: str, sid: str = "CA1", **fields: str) -> httpx.Response:
    """A request about a call that we made to `to`."""
    about = {"CallSid": sid, "AccountSid": SID, "From": OUR_NUMBER, "To": to, "Direction": "outbound-api"}
    return await post(http, path, **{**about, **fields})


async def caller(http: httpx.AsyncClient, path: str, from_: str, sid: str = "CA9", **fields: str) -> httpx.Response:
    """A request about a call to our number."""
    about = {"CallSid": sid, "AccountSid": SID, "From": from_, "To": OUR_NUMBER, "Direction": "inbound"}
    return await post(http, path, **{**about, **fields})


class Heard:
    """TwiML as the listener hears it."""

    def __init__(self, response: httpx.Response) -> None:
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("text/xml")
        root = ElementTree.fromstring(response.content)  # noqa: S314  # it is our own
        assert root.tag == "Response"
        self.words = " ".join(say.text or "" for say in root.iter("Say"))
        #: The URLs that get an answer, as paths with their queries.
        self.actions = [gather.attrib["action"] for gather in root.iter("Gather")]
        self.inputs = [gather.attrib["input"] for gather in root.iter("Gather")]

    @property
    def action(self) -> str:
        """Where the answer goes, below the webhooks."""
        prefix = f"{PUBLIC_URL}/webhooks/twilio/"
        assert self.actions
        assert all(one.startswith(prefix) for one in self.actions)
        return self.actions[0].removeprefix(prefix)


class TwilioOffice(Office):
    """A service that is reached by Twilio, and the API it talks to."""

    def __init__(self, api: Callable[[Clock], TwilioApi] = TwilioApi, **changes: Any) -> None:
        clock = FakeClock()
        self.api = api(clock)
        fields = {"data": None, "twilio": ACCOUNT, "public_url": PUBLIC_URL, **changes}
        super().__init__(clock=clock, connect=self.api.connect, **fields)
