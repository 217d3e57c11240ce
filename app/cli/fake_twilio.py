"""The command `fake-twilio`: serves the simulated telephone company until it is interrupted."""

import asyncio
import os.path
import socket
from functools import partial

import httpx
import uvicorn

from app.clock import SystemClock
from app.settings import SAMPLE_DATA
from app.simulation.twilio.account import Account
from app.simulation.twilio.company import TelephoneCompany
from app.simulation.twilio.control import controlled
from app.simulation.twilio.holders import Habits, hold


def account(*, account_sid: str, auth_token: str, number: str, service_url: str) -> Account:
    """The account whose webhooks are those of the service at `service_url`, which has no slash at its end."""
    return Account(
        sid=account_sid,
        token=auth_token,
        numbers=(number,),
        sms_url=f"{service_url}/webhooks/twilio/sms",
        voice_url=f"{service_url}/webhooks/twilio/voice",
    )


def settings_for(account: Account, company_url: str, service_url: str) -> list[str]:
    """The settings with which the service uses this company and has the sample shifts, one in each line."""
    return [
        "FANOUT_NOTIFIER=twilio",
        f"FANOUT_TWILIO_ACCOUNT_SID={account.sid}",
        f"FANOUT_TWILIO_AUTH_TOKEN={account.token}",
        f"FANOUT_TWILIO_FROM={account.numbers[0]}",
        f"FANOUT_TWILIO_BASE_URL={company_url}",
        f"FANOUT_PUBLIC_URL={service_url}",
        f"FANOUT_DATA={os.path.relpath(SAMPLE_DATA)}",
    ]


def serve(account: Account, habits: Habits, listening: socket.socket) -> None:
    """Serve the company on this socket. Every telephone belongs to somebody with these habits."""
    asyncio.run(_serve(account, habits, listening))


async def _serve(account: Account, habits: Habits, listening: socket.socket) -> None:
    async with httpx.AsyncClient() as http:
        company = TelephoneCompany(account, SystemClock(), http)
        company.on_new_phone = partial(hold, company, habits=habits)
        config = uvicorn.Config(controlled(company), log_level="warning", timeout_graceful_shutdown=1)
        try:
            await uvicorn.Server(config).serve([listening])
        finally:
            await company.aclose()
