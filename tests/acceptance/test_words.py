"""The words of replies: kept only if the settings allow it, shown on the board, answered by the office, forgotten."""

import logging
from typing import Any

import psycopg
import pytest
from office import NewOffice, Office, Phone

from app.domain.messages import KeptText
from app.errors import TemporaryFailure

QUESTION = "what does this zebra shift pay?"
ANSWER = "38 an hour, {e} and the zebra is paid extra"


async def texts(office: Office) -> list[tuple[str, str, str]]:
    """Who wrote to or from whom, and the words, as the board shows them."""
    detail = (await office.http.get("/shifts/s1/board")).json()
    return [(one["actor"], one["name"], one["body"]) for one in detail["texts"]]


async def asked(office: Office) -> Phone:
    """Ann was offered the shift and asks something."""
    ann = await office.caregiver("ann", "+15550001")
    await office.fanout(await office.shift("s1"))
    ann.expect_sms("Open")
    assert (await ann.replies(QUESTION))["outcome"] == "unrecognized"
    ann.expect_sms("reply")
    return ann


async def write(office: Office, body: str = ANSWER, **fields: Any) -> Any:
    """The office writes to Ann. Returns the response once all tasks are idle."""
    body_ = {"caregiver_id": "ann", "body": body, **fields}
    response = await office.http.post("/shifts/s1/messages", json=body_)
    await office.settled()
    return response


async def everything_said(office: Office) -> str:
    """All that the API says about the shift, and the whole log."""
    paths = ("/shifts/s1/fanout", "/shifts/s1/board", "/shifts/s1/log", "/log", "/shifts/s1/board/log")
    return "".join([(await office.http.get(path)).text for path in paths])


async def test_words_are_kept_whatever_characters_they_have(new_office: NewOffice) -> None:
    """A null character, which PostgreSQL refuses, becomes a space. The reply is answered as on the memory store."""
    async with new_office(keep_text=2.0) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        answer = await ann.replies("what\x00 about\r\nparking?\x1b \u2028\ufffe \U0001f436")
        assert answer["outcome"] == "unrecognized"
        ((_, _, body),) = await texts(office)
        assert body == "what  about\r\nparking?\x1b \u2028\ufffe \U0001f436"
        await office.all_read()


async def test_without_the_setting_nothing_is_kept(
    new_office: NewOffice, caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest
) -> None:
    """Neither the words of a reply nor, once they are sent, the office's: in no store, no answer and no log."""
    with caplog.at_level(logging.DEBUG, "shift_fanout"):
        async with new_office() as office:
            ann = await asked(office)
            assert (await write(office)).status_code == 202
            assert "zebra" in ann.expect_sms().body
            assert await texts(office) == []
            assert "zebra" not in await everything_said(office)
            store = office.app.state.service.store
            if "postgres" in request.node.name:
                assert "zebra" not in await dump(request.getfixturevalue("emptied_database_url"))
            else:
                held = (store._tables.__dict__, store._texts.__dict__, store._log.__dict__)
                assert "zebra" not in str([_unfolded(one) for one in held])
    assert "zebra" not in caplog.text


async def dump(url: str) -> str:
    """Every row of every table."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        names = await connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        found = []
        for (name,) in await names.fetchall():
            rows = await connection.execute(psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(name)))
            found += await rows.fetchall()
        return str(found)


def _unfolded(value: Any) -> Any:
    """The value with the contents of the store's own containers, which have no repr of their own."""
    if isinstance(value, KeptText):
        return value.body
    if isinstance(value, dict):
        return {key: _unfolded(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset) or type(value).__name__ in ("deque", "dict_values"):
        return [_unfolded(item) for item in value]
    if hasattr(value, "_records"):
        return _unfolded(value._records)
    slots = getattr(type(value), "__slots__", ())
    if type(value).__module__.startswith("app.stores"):
        return [_unfolded(getattr(value, name, None)) for name in (*slots, *getattr(value, "__dict__", ()))]
    return value


async def test_words_are_shown_answered_and_forgotten(new_office: NewOffice) -> None:
    """What was not understood and what the office wrote, each with who wrote it; after three days they are gone.

    The log says that the office wrote, and not what.
    """
    async with new_office(keep_text=3.0, api_key=None) as office:
        ann = await asked(office)
        await office.minutes(1)
        response = await write(office, "It's 38 an hour - caf\u00e9 included")
        assert response.status_code == 202
        sent = ann.expect_sms()
        assert (sent.id, sent.kind, sent.body) == (
            response.json()["id"],
            "message",
            "It's 38 an hour - café included",
        )
        assert await texts(office) == [
            ("caregiver", "Name of ann", QUESTION),
            ("office", "Name of ann", "It's 38 an hour - café included"),
        ]
        (entry,) = [one for one in (await office.report("s1"))["notices"] if one["kind"] == "message"]
        assert (entry["caregiver_id"], entry["status"]) == ("ann", "sent")
        log = (await office.http.get("/shifts/s1/log")).json()["items"]
        written = [one for one in log if one["data"].get("record") == "message"]
        assert [(one["actor"], one["caregiver_id"], one["data"]["change"]) for one in written] == [
            ("office", "ann", "added")
        ]
        assert "38 an hour" not in str(log)
        assert QUESTION not in str(log)
        # A clear answer is not kept.
        await ann.replies("no")
        assert len(await texts(office)) == 2
        await office.days(4)
        assert await texts(office) == []
        await office.minutes(11)
        store = office.app.state.service.store
        assert await store.kept_texts("s1", office.clock.now().replace(year=2000)) == []
        await office.all_read()


async def test_a_text_that_is_refused(new_office: NewOffice) -> None:
    """Unknown ids, another organization's caregiver, somebody opted out, and words that no text message carries."""
    async with new_office() as office:
        ann = await asked(office)
        await office.caregiver("eve", "+15550005", organization_id="other")
        assert (await write(office, caregiver_id="nobody")).status_code == 404
        assert (await write(office, caregiver_id="eve")).json()["code"] == "not_qualified"
        assert (
            await office.http.post("/shifts/none/messages", json={"caregiver_id": "ann", "body": "x"})
        ).status_code == 404
        for body, words in (
            ("", "empty"),
            (" \n ", "empty"),
            ("x" * 307, "takes 307 characters, and at most 306 fit"),
            ("\u20ac" * 154, "takes 308 characters"),
            ("a \U0001f993", "has '\U0001f993'"),
        ):
            response = await write(office, body)
            assert response.status_code == 422
            assert words in response.json()["errors"][0]["message"], response.text
        await ann.replies("STOP")
        ann.expect_sms()
        refused = await write(office)
        assert (refused.status_code, refused.json()["code"]) == (409, "opted_out")
        ann.expect_nothing()


async def test_a_text_about_a_shift_without_a_fanout_is_not_forgotten(new_office: NewOffice) -> None:
    """A receipt that comes later finds it, and so does the fanout that is started then."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        id_ = (await write(office)).json()["id"]
        await office.settled()
        ann.expect_sms("zebra")
        receipt = {"id": id_, "status": "failed", "error": "landline"}
        assert (await office.http.post("/messages/status", json=receipt)).status_code == 200
        log = (await office.http.get("/shifts/s1/log")).json()["items"]
        failed = [one["data"] for one in log if one["type"] == "notice.failed"]
        assert failed == [{"kind": "message", "status": "failed", "error": "landline"}]
        await office.fanout("s1")
        ann.expect_sms("Open RN shift")
        (entry,) = (await office.report("s1"))["notices"]
        assert (entry["id"], entry["status"], entry["error"]) == (id_, "failed", "landline")
        # It goes with the shift, and is not there again with the next one of that id.
        await office.http.delete("/shifts/s1")
        await office.days(60)
        await office.shift("s1")
        await write(office, "giraffe")
        await office.http.delete("/shifts/s1")
        await office.shift("s1")
        await office.fanout("s1")
        assert (await office.report("s1"))["notices"] == []
        await office.all_read()


async def test_the_words_last_until_the_text_is_sent(new_office: NewOffice) -> None:
    """A text that the provider does not take at once goes out later with all its words."""
    async with new_office() as office:
        ann = await asked(office)

        def away(_: object) -> None:
            raise TemporaryFailure("HTTP 503")

        office.notifier.behaviour = away
        await write(office)
        office.notifier.behaviour = lambda _: None
        await office.minutes(2)
        ann.expect_sms("zebra")
