"""No part of a secret stands in an error about the URL of a service."""

import httpx
import pytest

from app.cli import import_file, main, status
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


@pytest.mark.parametrize(
    "url",
    [*URLS[1:], "127.0.0.1:8000", "localhost:8000", "//127.0.0.1:8000", "", "http://", "http://h:0", "http://h/#x"],
)
@pytest.mark.parametrize(
    "command", [["import", "x.csv", "--url"], ["status"], ["fake-twilio", "--service"]], ids=lambda words: words[0]
)
def test_an_argument_that_is_no_url_of_a_service(
    url: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says so before it does anything, and shows no secret."""
    with pytest.raises(SystemExit) as exit_:
        main.main([*command, url])
    assert exit_.value.code == 2
    said = capsys.readouterr().err
    assert "must be " in said
    assert SECRET not in said


@pytest.mark.parametrize("url", [URLS[0], "http://agency.example", "https://agency.example?x=1"])
def test_webhooks_need_a_public_url(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The fake company prints it as FANOUT_PUBLIC_URL, which the service refuses if it is not one."""
    with pytest.raises(SystemExit):
        main.main(["fake-twilio", "--service", url])
    said = capsys.readouterr().err
    assert "must be an https:// URL without a user" in said
    assert SECRET not in said


def test_a_slash_at_the_end_of_a_url_is_left_out() -> None:
    """Paths are put after it."""
    for command in (["import", "x.csv", "--url"], ["fake-twilio", "--service"]):
        options = main._parser().parse_args([*command, "http://127.0.0.1:8000/"])
        assert "http://127.0.0.1:8000" in vars(options).values()
