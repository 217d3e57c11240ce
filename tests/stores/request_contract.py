"""What any store must do with requests that carry a key."""

import asyncio
from datetime import timedelta

from store_driver import Driver, caregiver, shift

from app.domain.commands import HandoverResult, SendText
from app.ports.requests import KEPT_FOR, UNDER_WAY_FOR, EarlierRequest, RequestKey, StoredResponse

KEY = RequestKey("office", "k1")
DONE = StoredResponse(status=202, body='{"a": "\u00e9"}', etag='"x"')


class RequestContract:
    """The suite for keyed requests."""

    async def test_an_answer_is_kept_for_a_day(self, driver: Driver) -> None:
        """Until then it is found by its sender's key, and by no other."""
        requests = driver.store.requests
        assert await requests.begin(KEY, "one", driver.now) is None
        assert await requests.begin(KEY, "two", driver.now) == EarlierRequest("one", None)
        await requests.end(KEY, DONE)
        assert await requests.begin(KEY, "two", driver.now) == EarlierRequest("one", DONE)
        for other in (RequestKey("office", "k2"), RequestKey("other", "k1")):
            assert await requests.begin(other, "two", driver.now) is None
        later = driver.now + KEPT_FOR
        assert await requests.begin(KEY, "two", later - timedelta(seconds=1)) == EarlierRequest("one", DONE)
        assert await requests.begin(KEY, "two", later) is None
        assert await requests.begin(KEY, "one", later) == EarlierRequest("two", None)

    async def test_a_request_that_did_nothing_frees_its_key(self, driver: Driver) -> None:
        """The next one of the key is carried out."""
        requests = driver.store.requests
        assert await requests.begin(KEY, "one", driver.now) is None
        await requests.end(KEY, None)
        assert await requests.begin(KEY, "two", driver.now) is None

    async def test_a_text_with_a_keyed_id_is_queued_once(self, driver: Driver) -> None:
        """The repeat of a request that was carried out is told the id of the first. A day later it is another one."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))

        async def send(fresh_id: str) -> object:
            text = SendText(
                shift_id="s1",
                caregiver_id=caregiver(1).id,
                body="Call us",
                notice_id=fresh_id,
                keyed_id="keyed",
                now=driver.now,
            )
            return await driver.do(text)

        async def queued() -> list[str]:
            notices = await driver.read(lambda state: state.notices_about("s1", caregiver(1).id))
            return sorted(notice.id for notice in notices)

        assert list(await asyncio.gather(send("n1"), send("n2"))) == ["keyed", "keyed"]
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        driver.now += KEPT_FOR - timedelta(seconds=1)
        assert await send("n3") == "keyed"
        assert await queued() == ["keyed"]
        driver.now += timedelta(seconds=1)
        assert await send("n4") == "n4"
        assert await queued() == ["keyed", "n4"]

    async def test_a_request_that_died_is_carried_out_again(self, driver: Driver) -> None:
        """Its process was killed before there was an answer."""
        requests = driver.store.requests
        assert await requests.begin(KEY, "one", driver.now) is None
        later = driver.now + UNDER_WAY_FOR
        assert await requests.begin(KEY, "one", later - timedelta(seconds=1)) is not None
        assert await requests.begin(KEY, "one", later) is None
        assert await requests.begin(KEY, "one", later) is not None

    async def test_of_requests_at_the_same_time_one_is_carried_out(self, driver: Driver) -> None:
        """The others find it."""
        begun = await asyncio.gather(
            *(driver.store.requests.begin(KEY, f"request {n}", driver.now) for n in range(10))
        )
        assert begun.count(None) == 1
        assert len({one.fingerprint for one in begun if one is not None}) == 1
