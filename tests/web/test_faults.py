"""A fault of a route: a problem with the status 500, and a connection that can be used again."""

from collections.abc import Iterator

import pytest
from office import Office
from starlette.responses import StreamingResponse


async def test_a_fault_is_a_whole_answer(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is raised to the server, which would close the connection. The log has the traceback, once."""
    async with Office() as office:

        @office.app.get("/broken")
        async def broken() -> None:
            raise RuntimeError("no such thing")

        for _ in range(2):
            caplog.clear()
            response = await office.http.get("/broken")
            assert response.status_code == 500
            assert response.headers["content-type"] == "application/problem+json"
            assert "connection" not in response.headers
            assert response.json()["detail"] == "the service failed; nothing is known to be wrong with the request"
            (record,) = [one for one in caplog.records if one.getMessage() == "request.fault"]
            assert record.exc_info is not None
            assert isinstance(record.exc_info[1], RuntimeError)
        assert (await office.http.get("/health")).status_code == 200


async def test_a_fault_in_the_middle_of_an_answer_is_raised() -> None:
    """The server closes the connection, so that the client does not take a part for the whole."""

    def parts() -> Iterator[bytes]:
        yield b"a part"
        raise RuntimeError("no such thing")

    async with Office() as office:

        @office.app.get("/broken", response_class=StreamingResponse)
        async def broken() -> StreamingResponse:
            return StreamingResponse(parts())

        with pytest.raises(RuntimeError, match="no such thing"):
            await office.http.get("/broken")
