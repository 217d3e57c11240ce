"""`POST /messages/status`: what a gateway says about the messages it has taken."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from office import Office


@pytest_asyncio.fixture
async def office() -> AsyncIterator[Office]:
    """A service with a nurse who was texted about a shift."""
    async with Office(data=None) as office:
        await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        yield office


async def contact(office: Office) -> tuple[str, str | None]:
    """Status and error of the text."""
    (found,) = (await office.report("s1"))["contacts"]
    return found["status"], found["error"]


async def receipt(office: Office, **fields: Any) -> tuple[int, Any]:
    """Post a receipt; returns status and body."""
    response = await office.http.post("/messages/status", json=fields)
    return response.status_code, response.json()


async def test_delivered_and_nothing_after_it(office: Office) -> None:
    """The text is delivered, however often and late it is said."""
    sent = office.phone("+15550001").expect_sms("Open RN shift")
    assert await contact(office) == ("sent", None)
    assert await receipt(office, id=sent.id, status="delivered") == (200, {"recorded": True})
    assert await receipt(office, id=sent.id, status="delivered") == (200, {"recorded": False})
    assert await receipt(office, id=sent.id, status="failed", error="late") == (200, {"recorded": False})
    assert await contact(office) == ("delivered", None)


async def test_failed_says_why(office: Office) -> None:
    """The reason is on the record; a gateway may add fields of its own."""
    sent = office.phone("+15550001").expect_sms("Open RN shift")
    assert await receipt(office, id=sent.id, status="failed", error="landline", cost=1) == (200, {"recorded": True})
    assert await contact(office) == ("failed", "landline")


async def test_an_unknown_id_is_a_200(office: Office) -> None:
    """A gateway must not repeat it for ever."""
    office.phone("+15550001").expect_sms("Open RN shift")
    assert await receipt(office, id="no-such-message", status="delivered") == (200, {"recorded": False})


async def test_a_long_reason_is_cut(office: Office) -> None:
    """A gateway that explains a failure at length is taken at its word; the first 300 characters are kept."""
    message = office.phone("+15550001").expect_sms("Open RN shift")
    assert (await receipt(office, id=message.id, status="failed", error="x" * 5000))[0] == 200
    assert await contact(office) == ("failed", "x" * 300)


async def test_a_reason_with_control_characters_counts(office: Office) -> None:
    """Nobody can correct what a carrier writes. Spaces take their place."""
    message = office.phone("+15550001").expect_sms("Open RN shift")
    assert (await receipt(office, id=message.id, status="failed", error="no such\nnumber\x00"))[0] == 200
    assert await contact(office) == ("failed", "no such number")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"id": "m"},
        {"status": "delivered"},
        {"id": "", "status": "delivered"},
        {"id": "m\x00", "status": "delivered"},
        {"id": "m", "status": "sent"},
        {"id": 7, "status": "failed"},
    ],
)
async def test_a_receipt_of_the_wrong_shape(office: Office, fields: dict[str, Any]) -> None:
    """422, which names the field."""
    office.phone("+15550001").expect_sms("Open RN shift")
    status, problem = await receipt(office, **fields)
    assert status == 422
    assert problem["errors"]


async def test_it_is_behind_the_key() -> None:
    """Anybody else could make messages look delivered."""
    async with Office(data=None, api_key="sesame") as office:
        assert (
            await office.http.post("/messages/status", json={"id": "m", "status": "delivered"})
        ).status_code == 401
