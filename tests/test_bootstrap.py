"""Building the service from its settings."""

import pytest
from fakes import FakeClock

from app.bootstrap import build
from app.settings import Settings


@pytest.mark.parametrize(("api_key", "warnings"), [(None, 1), ("sesame", 0)])
def test_a_service_without_a_key_says_so(
    api_key: str | None, warnings: int, caplog: pytest.LogCaptureFixture
) -> None:
    """One warning if every route answers without a key, and none if a key is set."""
    build(Settings(api_key=api_key), clock=FakeClock())
    assert caplog.text.count("FANOUT_API_KEY is not set") == warnings
