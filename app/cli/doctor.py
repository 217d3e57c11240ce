"""The command `doctor`: checks, before a service goes live, that it can text and call through Twilio.

It checks the settings, the database, the public address, the account and its number, and on request one text. Each
check gives one line; a line with a warning or a problem says what to do.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import httpx

from app.clock import sleep_until
from app.domain.receipts import ReceiptState
from app.errors import StartRefused, missing_extra
from app.notifiers.twilio.codes import error_words
from app.notifiers.twilio.signature import sign
from app.notifiers.twilio.statuses import message_receipt
from app.ports.clock import Clock
from app.settings import Settings, TwilioSettings

_TEXT = "This is a test of shift-fanout. There is nothing to answer."
#: Seconds between two looks at the text, and after which it counts as not delivered.
_LOOK_EVERY_S, _DELIVERED_WITHIN_S = 2.0, 60.0
_REQUEST_S = 15.0


class Level(StrEnum):
    """How serious a finding is. With a warning the service works, but perhaps not as it should in production."""

    OK = "ok"
    WARNING = "WARNING"
    PROBLEM = "PROBLEM"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. `text`: what is right; or what is wrong, and what to do about it."""

    check: str
    level: Level
    text: str

    @property
    def ok(self) -> bool:
        """False for a problem. A warning leaves it true."""
        return self.level is not Level.PROBLEM

    def __str__(self) -> str:
        return f"{self.level:<7}  {self.check}: {self.text}"


async def examine(
    settings: Settings, *, clock: Clock, http: httpx.AsyncClient, to: str | None = None
) -> AsyncIterator[Finding]:
    """The findings, one after the other. `to`: the number, in E.164, that gets a text; None: no text is sent."""
    yield await asyncio.to_thread(_database, settings)
    twilio = settings.twilio
    if twilio is None:
        sends_by = f"texts go by {settings.texts_by}, calls by {settings.calls_by}"
        level = Level.OK if to is None else Level.PROBLEM
        yield Finding("provider", level, f"{sends_by}; only Twilio is checked: set FANOUT_NOTIFIER=twilio")
        return
    yield _api_key(settings)
    yield await _public_url(settings, twilio, http)
    api = _Api(twilio, http)
    account = await _account(api)
    yield account
    if account.ok:
        yield await _number(api, settings, twilio)
        if to is not None:
            yield await _text(api, twilio, clock, to)


def settings_of_the_environment() -> tuple[Settings | None, Finding]:
    """The settings, None if the service would not start with them; and the finding about them."""
    try:
        settings = Settings.from_env()
    except StartRefused as exc:
        return None, Finding("settings", Level.PROBLEM, str(exc))
    return settings, Finding("settings", Level.OK, "the service would start with them")


def _database(settings: Settings) -> Finding:
    if settings.database_url is None:
        return Finding(
            "database",
            Level.WARNING,
            "records and opt-outs are in memory and lost at a restart: set FANOUT_DATABASE_URL before you go live",
        )
    try:
        from app.stores.postgres.migrate import check_schema

        check_schema(settings.database_url)
    except ImportError as exc:
        return Finding("database", Level.PROBLEM, missing_extra(exc))
    except StartRefused as exc:
        return Finding("database", Level.PROBLEM, str(exc))
    return Finding("database", Level.OK, "it answers and has the right schema")


def _api_key(settings: Settings) -> Finding:
    if settings.api_key is not None or settings.api_keys is not None:
        return Finding("API key", Level.OK, "requests to the API need it")
    if settings.public_url is None:
        return Finding("API key", Level.OK, "none; do not let others reach the port of the service")
    return Finding(
        "API key",
        Level.WARNING,
        "anybody who reaches FANOUT_PUBLIC_URL can use the API: set FANOUT_API_KEY before you go live",
    )


async def _public_url(settings: Settings, twilio: TwilioSettings, http: httpx.AsyncClient) -> Finding:
    """Post to a webhook of the running service as Twilio would: with a right signature, then with a wrong one."""

    def problem(text: str) -> Finding:
        return Finding("public address", Level.PROBLEM, text)

    if settings.public_url is None:
        return Finding(
            "public address",
            Level.WARNING,
            "FANOUT_PUBLIC_URL is not set: the service calls nobody, gets no reports of delivery, and asks Twilio "
            "for answers every five seconds",
        )
    url = f"{settings.public_url}/webhooks/twilio/status"
    # Nobody has a message with this id, so the service changes nothing.
    fields = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "sent", "AccountSid": twilio.account_sid}
    signed = sign(twilio.auth_token[0], url, list(fields.items()))
    try:
        answers = [
            (
                await http.post(url, data=fields, headers={twilio.signature_header: signature}, timeout=_REQUEST_S)
            ).status_code
            for signature in (signed, "wrong")
        ]
    except httpx.HTTPError as exc:
        return problem(f"nothing answers there ({type(exc).__name__}): start the service; check name, port and proxy")
    if answers[0] == 401:
        return problem(
            "the service there refuses our signature: give it the same FANOUT_PUBLIC_URL and "
            "FANOUT_TWILIO_AUTH_TOKEN, and let no proxy change the path"
        )
    if answers[0] not in (200, 204):
        return problem(
            f"HTTP {answers[0]} from /webhooks/twilio/status: the address must lead to a service that uses Twilio"
        )
    if answers[1] != 401:
        return problem("a wrong signature is accepted there: the address leads to something else than the service")
    return Finding("public address", Level.OK, "the service there accepts our signature, and refuses a wrong one")


class _Api:
    """Makes requests of the account."""

    def __init__(self, twilio: TwilioSettings, http: httpx.AsyncClient) -> None:
        self._http = http
        self._auth = (twilio.account_sid, twilio.auth_token[0])
        self._account = f"{twilio.base_url.rstrip('/')}/2010-04-01/Accounts/{twilio.account_sid}"

    async def request(
        self, method: str, path: str, *, params: dict[str, str] | None = None, data: dict[str, str] | None = None
    ) -> tuple[dict[str, Any], str]:
        """The JSON of the answer and no words; or nothing, and in words why."""
        try:
            response = await self._http.request(
                method, self._account + path, params=params, data=data, auth=self._auth, timeout=_REQUEST_S
            )
            content = response.json() if "json" in response.headers.get("content-type", "") else {}
        except (httpx.HTTPError, ValueError) as exc:
            return {}, f"no answer from Twilio ({type(exc).__name__}): check FANOUT_TWILIO_BASE_URL and the network"
        if response.is_success and isinstance(content, dict):
            return content, ""
        code = content.get("code") if isinstance(content, dict) else None
        return {}, error_words(code) if isinstance(code, int) else f"HTTP {response.status_code} from Twilio"


async def _account(api: _Api) -> Finding:
    account, wrong = await api.request("GET", ".json")
    if wrong:
        return Finding("account", Level.PROBLEM, wrong)
    if account.get("status") != "active":
        return Finding("account", Level.PROBLEM, f"it is {account.get('status')}: reactivate it in Twilio's console")
    if account.get("type") == "Trial":
        return Finding(
            "account", Level.PROBLEM, "it is a trial account, which reaches verified numbers only: upgrade it"
        )
    return Finding("account", Level.OK, "active")


async def _number(api: _Api, settings: Settings, twilio: TwilioSettings) -> Finding:
    if twilio.from_number is None:
        return Finding("number", Level.OK, "texts go by a messaging service, whose numbers are not checked")
    content, wrong = await api.request(
        "GET", "/IncomingPhoneNumbers.json", params={"PhoneNumber": twilio.from_number}
    )
    if wrong:
        return Finding("number", Level.PROBLEM, wrong)
    found = content.get("incoming_phone_numbers") or []
    if not found:
        return Finding(
            "number", Level.PROBLEM, "the account does not have FANOUT_TWILIO_FROM: buy it, or correct the setting"
        )
    # Without a public address the service makes no calls, and Twilio sends it no webhooks.
    needed = {"sms": "text"} if settings.public_url is None else {"sms": "text", "voice": "call"}
    problems = [
        f"it cannot {what}: buy one that can"
        for capability, what in needed.items()
        if not found[0].get("capabilities", {}).get(capability)
    ]
    if settings.public_url is not None:
        problems += [
            f"set its webhook for {what} to {settings.public_url}/webhooks/twilio/{name} with POST"
            for name, what in (("sms", "messages"), ("voice", "calls"))
            if found[0].get(f"{name}_url") != f"{settings.public_url}/webhooks/twilio/{name}"
        ]
    if problems:
        return Finding("number", Level.PROBLEM, "; ".join(problems))
    if settings.public_url is None:
        return Finding("number", Level.OK, "it can text; its webhooks are not used without FANOUT_PUBLIC_URL")
    return Finding("number", Level.OK, "it can text and call, and its webhooks lead to the service")


async def _text(api: _Api, twilio: TwilioSettings, clock: Clock, to: str) -> Finding:
    """Send one text and follow it until it has arrived or failed."""
    sender = (
        {"MessagingServiceSid": twilio.messaging_service_sid}
        if twilio.messaging_service_sid is not None
        else {"From": twilio.from_number or ""}
    )
    message, wrong = await api.request("POST", "/Messages.json", data={"To": to, "Body": _TEXT, **sender})
    for _ in range(int(_DELIVERED_WITHIN_S / _LOOK_EVERY_S)):
        if wrong:
            return Finding("text", Level.PROBLEM, wrong)
        receipt = message_receipt(str(message.get("status")), message.get("error_code"))
        if receipt is not None and receipt.state is ReceiptState.DELIVERED:
            return Finding("text", Level.OK, "delivered")
        if receipt is not None and receipt.state is ReceiptState.FAILED:
            return Finding("text", Level.PROBLEM, receipt.error or "not delivered")
        await sleep_until(clock, clock.now() + timedelta(seconds=_LOOK_EVERY_S))
        message, wrong = await api.request("GET", f"/Messages/{message.get('sid')}.json")
    return Finding(
        "text",
        Level.PROBLEM,
        f"still {message.get('status')} after a minute: look it up in Twilio's log of messages, and check the number",
    )
