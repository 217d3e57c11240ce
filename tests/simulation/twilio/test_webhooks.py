"""How unreliable the simulated company's webhooks can be."""

import asyncio

import httpx
import pytest
from twilio_world import SMS_URL, STATUS_URL, THEIRS, World

from app.simulation.twilio.webhooks import ANSWER_S, Webhook


async def test_a_lost_webhook(world: World) -> None:
    """The text arrives all the same."""
    world.company.webhooks.copies = lambda _: ()
    await world.text()
    world.company.text_from(THEIRS, "yes")
    await world.seconds(1)
    assert len(world.company.phone(THEIRS).texts) == 1
    assert world.service.received == []


async def test_a_repeated_webhook(world: World) -> None:
    """Both an inbound message and a status."""
    world.company.webhooks.copies = lambda _: (0.0, 2.0)
    await world.text()
    world.company.text_from(THEIRS, "yes")
    await world.seconds(1)
    assert len(world.service.received) == 3
    await world.seconds(2)
    assert sorted(world.service.seen("MessageStatus")) == ["delivered", "delivered", "sent", "sent"]
    assert world.service.seen("Body") == ["yes", "yes"]


async def test_webhooks_that_overtake_each_other(world: World) -> None:
    """A rule decides for each of them."""

    def copies(webhook: Webhook) -> tuple[float, ...]:
        return (5.0,) if webhook.fields.get("MessageStatus") == "sent" else (0.0,)

    world.company.webhooks.copies = copies
    await world.text()
    await world.seconds(10)
    assert world.service.seen("MessageStatus") == ["delivered", "sent"]


@pytest.mark.parametrize("answer", [httpx.Response(401), httpx.Response(503)])
async def test_a_webhook_that_is_refused_is_not_repeated(world: World, answer: httpx.Response) -> None:
    """Twilio repeats by default only what could not connect."""
    world.service.answers[SMS_URL] = answer
    world.company.text_from(THEIRS, "yes")
    await world.seconds(60)
    assert len(world.service.received) == 1
    assert world.company.webhooks.problems == [f"11200 HTTP {answer.status_code} from {SMS_URL}"]


async def test_a_webhook_that_cannot_connect_is_tried_once_more(world: World) -> None:
    """With the same idempotency token."""
    world.service.answers[SMS_URL] = httpx.ConnectError("refused")
    world.company.text_from(THEIRS, "yes")
    await world.seconds(60)
    assert len(world.service.tokens) == 2
    assert len(set(world.service.tokens)) == 1
    assert world.company.webhooks.problems == [f"11205 no connection to {SMS_URL}"]


async def test_the_company_does_not_wait_for_ever(world: World) -> None:
    """After fifteen seconds it counts as no answer."""

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    webhooks = world.company.webhooks
    webhooks._http = httpx.AsyncClient(transport=httpx.MockTransport(never))
    world.company.text_from(THEIRS, "yes")
    await world.seconds(ANSWER_S - 0.1)
    assert webhooks.problems == []
    await world.seconds(0.1)
    assert webhooks.problems == [f"11205 no answer: TimeoutError from {SMS_URL}"]


async def test_a_failure_of_the_simulation_is_an_error_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """So that no test passes for the wrong reason."""
    world.service.answers[STATUS_URL] = RuntimeError("broken")
    await world.text()
    await world.seconds(1)
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


async def test_a_company_that_is_closed_sends_nothing(world: World) -> None:
    """Its texts may still be under way when a demo or a test ends."""
    await world.text()
    await world.company.aclose()
    await world.seconds(1)
    assert world.service.received == []
