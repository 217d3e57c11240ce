"""One application used in several event loops in sequence, as test clients and scripts do."""

import asyncio

import httpx

from app.api import create_app
from app.clock import SystemClock
from app.settings import SAMPLE_DATA, Settings
from app.simulation.phones import PhoneNetwork


async def fill(app: httpx.ASGITransport, shift_id: str) -> int:
    """Post the fanout of a shift of the sample data; returns the status."""
    async with httpx.AsyncClient(transport=app, base_url="http://service") as client:
        response = await client.post(f"/shifts/{shift_id}/fanout")
        # The worker needs some turns of the loop until the messages are with the provider.
        for _ in range(20):
            await asyncio.sleep(0)
        return response.status_code


def test_a_loop_that_is_closed_without_cancelling_its_tasks_does_not_stop_the_next() -> None:
    """The first request in the next loop is served, and its messages are sent."""
    notifier = PhoneNetwork(SystemClock())
    app = httpx.ASGITransport(app=create_app(Settings(data=SAMPLE_DATA), notifier=notifier))
    for shift_id in ("shift-rn-monday", "shift-hha-weekend"):
        loop = asyncio.new_event_loop()
        assert loop.run_until_complete(fill(app, shift_id)) == 202
        for _ in range(20):
            loop.run_until_complete(asyncio.sleep(0))
        # Python reports destroyed tasks to their loop. This test destroys tasks on purpose.
        loop.set_exception_handler(lambda *_: None)
        loop.close()
    assert {message.shift_id for message in notifier.sent} == {"shift-rn-monday", "shift-hha-weekend"}


def test_a_message_interrupted_by_the_end_of_its_loop_goes_out_in_the_next() -> None:
    """With a receiver that honours keys, messages in progress are tried again in the next loop."""
    notifier = PhoneNetwork(SystemClock(), takes_s=3600.0, honours_keys=True, timeout_s=7200.0)
    app = httpx.ASGITransport(app=create_app(Settings(data=SAMPLE_DATA), notifier=notifier))
    asyncio.run(fill(app, "shift-rn-monday"))
    assert notifier.sent == []
    new_fanout = {message.id for _, message in notifier.attempts}
    assert len(new_fanout) == 3
    notifier.takes_s = 0.0

    async def wait_for_retries() -> None:
        await fill(app, "shift-rn-monday")
        while len(notifier.sent) < 3:  # noqa: ASYNC110  # the fake has nothing to wait on
            await asyncio.sleep(0.02)

    asyncio.run(asyncio.wait_for(wait_for_retries(), 10))
    assert {message.id for message in notifier.sent} == new_fanout
