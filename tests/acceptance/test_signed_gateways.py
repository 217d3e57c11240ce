"""A gateway that signs what it posts. The published library of the specification makes the signatures."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from office import NewOffice, Office
from pydantic_core import to_json
from standardwebhooks.webhooks import Webhook

from app.errors import StartRefused
from app.settings import Settings

SECRET, OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2Vjb25kIHNlY3JldCBvZiB0aGUgZ2F0ZXdheQ=="
AMY = "+15555550101"


def signed(office: Office, id_: str, body: bytes, secret: str = SECRET, age_s: float = 0.0) -> dict[str, str]:
    """The headers that sign this body, made `age_s` seconds ago."""
    at = office.clock.now()
    timestamp = at.fromtimestamp(int(at.timestamp() - age_s), tz=at.tzinfo)
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(timestamp.timestamp())),
        "webhook-signature": Webhook(secret).sign(id_, timestamp, body.decode()),
    }


async def post(
    office: Office, headers: dict[str, str], body: bytes, path: str = "/messages/inbound"
) -> httpx.Response:
    """Post the body with these headers, and no others of ours."""
    return await office.http.post(path, content=body, headers=headers)


def words(body: str = "YES", sender: str = AMY, **fields: Any) -> bytes:
    """The body of an inbound message."""
    return to_json({"from": sender, "body": body, **fields})


async def test_a_signed_message_needs_no_key() -> None:
    """Neither do signed receipts; every other route does."""
    async with Office(api_key="k" * 20, inbound_secret=(SECRET,)) as office:
        response = await post(office, signed(office, "m1", words()), words())
        assert response.json()["outcome"] == "unknown_sender"
        receipt = to_json({"id": "x", "status": "delivered"})
        assert (await post(office, signed(office, "m2", receipt), receipt, "/messages/status")).status_code == 200
        for path in ("/caregivers", "/shifts", "/log"):
            assert (await office.http.get(path, headers=signed(office, "m3", b""))).status_code == 401
        with_key = {"authorization": "Bearer " + "k" * 20}
        assert (await post(office, with_key, words())).status_code == 200


WRONG: dict[str, Callable[[Office], dict[str, str]]] = {
    "no signature": lambda office: {},
    "another secret": lambda office: signed(office, "m1", words(), OTHER),
    "another body": lambda office: signed(office, "m1", words("NO")),
    "another id": lambda office: {**signed(office, "m1", words()), "webhook-id": "m2"},
    "no id": lambda office: {**signed(office, "m1", words()), "webhook-id": ""},
    "a long id": lambda office: signed(office, "m" * 129, words()),
    "too old": lambda office: signed(office, "m1", words(), age_s=301),
    "of the future": lambda office: signed(office, "m1", words(), age_s=-301),
    "no time": lambda office: {**signed(office, "m1", words()), "webhook-timestamp": "now"},
    "a long time": lambda office: {**signed(office, "m1", words()), "webhook-timestamp": "1" * 5000},
    "only an unknown version": lambda office: {**signed(office, "m1", words()), "webhook-signature": "v2,AAAA"},
}


@pytest.mark.parametrize("keyed", [False, True])
@pytest.mark.parametrize("what", WRONG)
async def test_a_wrong_signature_is_refused(what: str, keyed: bool) -> None:
    """With a 401, also where no other route wants a key: somebody has asked for signatures."""
    async with Office(api_key="k" * 20 if keyed else None, inbound_secret=(SECRET,)) as office:
        response = await post(office, WRONG[what](office), words())
        assert response.status_code == 401
        assert response.headers["content-type"] == "application/problem+json"
        assert "whsec" not in response.text


@pytest.mark.parametrize("age_s", [-300, 0, 299])
async def test_five_minutes_are_tolerated(age_s: float) -> None:
    """In both directions."""
    async with Office(inbound_secret=(SECRET,)) as office:
        assert (await post(office, signed(office, "m1", words(), age_s=age_s), words())).status_code == 200


async def test_secrets_are_changed_without_a_gap() -> None:
    """The service accepts any of its secrets, and of several signatures one must be right."""
    async with Office(inbound_secret=(SECRET, OTHER)) as office:
        assert (await post(office, signed(office, "m1", words(), OTHER), words())).status_code == 200
    async with Office(inbound_secret=(OTHER,)) as office:
        headers = signed(office, "m1", words())
        right = signed(office, "m1", words(), OTHER)["webhook-signature"]
        headers["webhook-signature"] += f" v1a,AAAA {right}"
        assert (await post(office, headers, words())).status_code == 200


async def test_each_id_counts_once(new_office: NewOffice) -> None:
    """A repeat gets the first answer, whatever it says; the message id of the body counts once too."""
    async with new_office(inbound_secret=(SECRET,)) as office:
        amy = await office.caregiver("amy", AMY)
        await office.fanout(await office.shift("s1"))
        amy.expect_sms("YES")
        no = words("NO", message_id="a")
        first = await post(office, signed(office, "m1", no), no)
        assert first.json()["outcome"] == "declined"
        yes = words("YES", message_id="b")
        repeated = await post(office, signed(office, "m1", yes), yes)
        assert repeated.json() == first.json()
        same_message = words("YES", message_id="a")
        repeated = await post(office, signed(office, "m2", same_message), same_message)
        assert repeated.json() == first.json()
        assert (await post(office, signed(office, "m3", yes), yes)).json()["outcome"] == "claimed"
        await office.settled()
        amy.expect_sms("You have it")


async def test_ids_are_kept_for_the_tolerance(new_office: NewOffice) -> None:
    """Also if answers are kept no longer otherwise."""
    async with new_office(inbound_secret=(SECRET,), retention=0) as office:
        await office.caregiver("amy", AMY)
        headers, body = signed(office, "m1", words("HELP"), age_s=-299), words("HELP")
        first = await post(office, headers, body)
        await office.all_read()
        await office.minutes(9)
        for n in range(20):
            other = words("hello", sender=f"+155555506{n:02}", message_id="x")
            assert (await post(office, signed(office, f"o{n}", other), other)).status_code == 200
        assert (await post(office, headers, body)).json() == first.json()


@pytest.mark.parametrize("value", ["whsec_", "secret", f"{SECRET},", f"{SECRET},secret", "whsec_***"])
def test_a_wrong_secret_stops_the_start(value: str) -> None:
    """The line names the variable and does not show the value."""
    with pytest.raises(StartRefused, match="FANOUT_INBOUND_SECRET") as caught:
        Settings.from_env({"FANOUT_INBOUND_SECRET": value})
    assert value not in caught.value.reason.replace("whsec_ and", "")
