"""`shift-fanout doctor` sees each problem, on the simulated telephone company and the real service."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fakes import FakeClock
from office import Office
from twilio_api import SID, TOKEN

from app.cli.doctor import Finding, Level, examine, settings_of_the_environment
from app.settings import Settings, TwilioSettings
from app.simulation.twilio.account import Account
from app.simulation.twilio.api import application
from app.simulation.twilio.company import Fault, TelephoneCompany

OURS, THEIRS = "+16175550100", "+16175550101"
PUBLIC_URL = "https://agency.example"
TWILIO = TwilioSettings(account_sid=SID, auth_token=(TOKEN,), from_number=OURS)
SETTINGS = Settings(data=None, notifier="twilio", twilio=TWILIO, public_url=PUBLIC_URL, api_key="key")


class Patient:
    """A service, an account, and a network between them."""

    def __init__(self, office: Office) -> None:
        account = Account(
            sid=SID,
            token=TOKEN,
            numbers=(OURS,),
            sms_url=f"{PUBLIC_URL}/webhooks/twilio/sms",
            voice_url=f"{PUBLIC_URL}/webhooks/twilio/voice",
        )
        self.settings = SETTINGS
        self.clock = FakeClock()
        self.company = TelephoneCompany(account, self.clock)
        self._hosts: dict[str, Any] = {"agency.example": office.app, "api.twilio.com": application(self.company)}

    def answer_as(self, status: int) -> None:
        """Something else than the service answers at the public address."""
        self._hosts["agency.example"] = httpx.MockTransport(lambda _: httpx.Response(status))

    async def findings(self, to: str | None = None) -> dict[str, Finding]:
        """By the name of the check."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._route))
        found: list[Finding] = []

        async def collect() -> None:
            async for finding in examine(self.settings, clock=self.clock, http=http, to=to):
                found.append(finding)  # noqa: PERF401  # seen by the test as they come

        self.company.webhooks.start(collect())
        # Real threads run too: step until the last finding has come.
        while not found or self.company.webhooks._tasks:
            await self.clock.advance(1)
        return {one.check: one for one in found}

    async def _route(self, request: httpx.Request) -> httpx.Response:
        host = self._hosts.get(request.url.host)
        if host is None:
            raise httpx.ConnectError("no such host")
        transport = host if isinstance(host, httpx.MockTransport) else httpx.ASGITransport(host)
        response = await transport.handle_async_request(request)
        await response.aread()
        return response


@pytest_asyncio.fixture
async def patient() -> AsyncIterator[Patient]:
    """All is well."""
    async with Office(data=None, twilio=TWILIO, public_url=PUBLIC_URL) as office:
        yield Patient(office)


async def test_all_is_well(patient: Patient) -> None:
    """Each check says so, and one text was sent and arrived."""
    findings = await patient.findings(to=THEIRS)
    assert {name: one.level for name, one in findings.items()} == {
        "database": Level.WARNING,
        "API key": Level.OK,
        **dict.fromkeys(("public address", "account", "number", "text"), Level.OK),
    }
    (text,) = patient.company.phone(THEIRS).texts
    assert text["status"] == "delivered"


async def test_no_text_is_sent_unasked(patient: Patient) -> None:
    """Without a number."""
    assert "text" not in await patient.findings()
    assert patient.company.messages == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"public_url": "https://nobody.example"}, "nothing answers there (ConnectError): start the service"),
        ({"public_url": f"{PUBLIC_URL}/other"}, "must lead to a service that uses Twilio"),
        ({"twilio": replace(TWILIO, auth_token=("another",))}, "the service there refuses our signature"),
    ],
)
async def test_the_public_address(patient: Patient, changes: dict[str, Any], words: str) -> None:
    """It must lead to the service, which must have the same settings."""
    patient.settings = replace(SETTINGS, **changes)
    finding = (await patient.findings())["public address"]
    assert not finding.ok
    assert words in finding.text


async def test_texts_alone_need_no_public_address(patient: Patient) -> None:
    """That is a warning only, and nothing is said about webhooks that are not used."""
    patient.settings = replace(SETTINGS, public_url=None)
    patient.company.account.sms_url = None
    findings = await patient.findings()
    assert str(findings["public address"]).startswith("WARNING  public address: FANOUT_PUBLIC_URL is not set")
    assert str(findings["number"]) == (
        "ok       number: it can text; its webhooks are not used without FANOUT_PUBLIC_URL"
    )
    assert all(one.ok for one in findings.values())


async def test_an_open_service_on_the_internet_is_a_warning(patient: Patient) -> None:
    """Without a public address the key is left to the operator."""
    patient.settings = replace(SETTINGS, api_key=None)
    finding = (await patient.findings())["API key"]
    assert str(finding).startswith("WARNING  API key: ")
    assert "set FANOUT_API_KEY" in finding.text
    assert finding.ok
    patient.settings = replace(SETTINGS, api_key=None, public_url=None)
    assert (await patient.findings())["API key"].level is Level.OK


async def test_records_in_memory_are_a_warning(patient: Patient) -> None:
    """Opt-outs are lost with them."""
    finding = (await patient.findings())["database"]
    assert str(finding).startswith("WARNING  database: records and opt-outs are in memory")
    assert finding.ok


@pytest.mark.parametrize(
    ("status", "words"),
    [(200, "a wrong signature is accepted there"), (502, "HTTP 502 from /webhooks/twilio/status")],
)
async def test_something_else_answers_at_the_public_address(patient: Patient, status: int, words: str) -> None:
    """A page that answers everything, and a proxy without the service."""
    patient.answer_as(status)
    finding = (await patient.findings())["public address"]
    assert not finding.ok
    assert words in finding.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("token", "another", "wrong account SID or token (Twilio error 20003)"),
        ("status", "suspended", "it is suspended: reactivate it"),
        ("trial", True, "a trial account, which reaches verified numbers only: upgrade it"),
    ],
)
async def test_the_account(patient: Patient, field: str, value: object, words: str) -> None:
    """What does not depend on a number is not checked further."""
    setattr(patient.company.account, field, value)
    findings = await patient.findings(to=THEIRS)
    assert not findings["account"].ok
    assert words in findings["account"].text
    assert "text" not in findings


async def test_twilio_does_not_answer(patient: Patient) -> None:
    """The base URL may be wrong."""
    patient.settings = replace(SETTINGS, twilio=replace(TWILIO, base_url="https://nobody.example"))
    finding = (await patient.findings())["account"]
    assert not finding.ok
    assert finding.text.startswith("no answer from Twilio (ConnectError): check FANOUT_TWILIO_BASE_URL")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("numbers", ("+16175550122",), "the account does not have FANOUT_TWILIO_FROM"),
        ("sms_url", None, f"set its webhook for messages to {PUBLIC_URL}/webhooks/twilio/sms with POST"),
        ("voice_url", "https://demo.twilio.com/", f"set its webhook for calls to {PUBLIC_URL}/webhooks/twilio/voice"),
    ],
)
async def test_the_number(patient: Patient, field: str, value: object, words: str) -> None:
    """The account must have it, and its webhooks must lead to the service."""
    setattr(patient.company.account, field, value)
    finding = (await patient.findings())["number"]
    assert not finding.ok
    assert words in finding.text


async def test_the_text_is_refused(patient: Patient) -> None:
    """At once."""
    patient.company.faults.append(Fault(status=400, code=21211))
    assert (await patient.findings(to=THEIRS))["text"].text == "not a valid telephone number (Twilio error 21211)"


async def test_the_text_is_not_delivered(patient: Patient) -> None:
    """Its code comes after it was accepted."""
    patient.company.account.registered = False
    finding = (await patient.findings(to=THEIRS))["text"]
    assert not finding.ok
    assert finding.text == "our number is not registered for texts (10DLC) (Twilio error 30034)"


async def test_the_text_does_not_arrive_in_time(patient: Patient) -> None:
    """After a minute the doctor gives up."""
    patient.company.account.texts_per_s = 0.001
    await patient.findings(to=THEIRS)
    finding = (await patient.findings(to=THEIRS))["text"]
    assert not finding.ok
    assert finding.text.startswith("still queued after a minute")


async def test_a_database_that_cannot_be_reached(patient: Patient) -> None:
    """Without a part of its URL in the words."""
    patient.settings = replace(SETTINGS, database_url="postgresql://user:secret@127.0.0.1:1/none")
    finding = (await patient.findings())["database"]
    assert not finding.ok
    assert "secret" not in finding.text


async def test_without_twilio_there_is_little_to_check(patient: Patient) -> None:
    """A text cannot be sent then."""
    patient.settings = Settings(data=None)
    assert (await patient.findings())["provider"].ok
    assert not (await patient.findings(to=THEIRS))["provider"].ok


def test_wrong_settings_are_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the variable, as the start of the service does."""
    monkeypatch.setenv("FANOUT_NOTIFIER", "twilio")
    settings, finding = settings_of_the_environment()
    assert settings is None
    assert not finding.ok
    assert "FANOUT_TWILIO_ACCOUNT_SID" in finding.text
    assert str(finding).startswith("PROBLEM  settings: ")


def test_right_settings_are_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then there are settings to go on with."""
    monkeypatch.setenv("FANOUT_NOTIFIER", "console")
    settings, finding = settings_of_the_environment()
    assert settings is not None
    assert str(finding) == "ok       settings: the service would start with them"
