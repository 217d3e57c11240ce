"""No part of a secret stands in an error about the URL of a service."""

import httpx
import pytest

from app.cli import import_file, status
from app.errors import StartRefused

SECRET = "gEh31m"
URLS = [
    f"http://u:{SECRET}@127.0.0.1:1",
    f"http://127.0.0.1:1/?token={SECRET}",
    f"ftp://u:{SECRET}@x",
    f"http://u:{SECRET}@h:abc",
    f"http://[::1{SECRET}",
    f"https://u:{SECRET}@xn--abc.ß",
]


async def _does_not_answer(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


@pytest.mark.parametrize("url", URLS)
async def test_an_error_shows_no_secret(url: str) -> None:
    """Also if the URL is none: then it is one clear error, not a traceback."""
    records = import_file.read(b"id,name,role,phone\na,Ann,RN,+15555550101\n", None)
    async with httpx.AsyncClient(transport=httpx.MockTransport(_does_not_answer)) as http:
        with pytest.raises(StartRefused, match="does not answer") as of_status:
            await status.of_service(http, url, None)
        with pytest.raises(StartRefused, match="does not answer") as of_import:
            await import_file.send(http, url, None, records, all_or_nothing=False)
    assert SECRET not in f"{of_status.value} {of_import.value}"
