"""A pytest plugin on top of pytest-timeout: a test that hangs fails, in each of its phases, whatever it is doing.

pytest-timeout alone raises one exception, wherever the test is at that moment. Hypothesis, or a task of asyncio, may
catch that exception and go on. It also does not limit the teardown of a test that failed.
"""

import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

#: The settings that pytest-timeout has for the test.
_LIMIT = pytest.StashKey[Any]()


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> Generator[None, bool, bool]:
    """Remember the settings. This is not called for a test without a limit."""
    item.stash[_LIMIT] = settings
    return (yield)


@contextmanager
def _limited(item: pytest.Item) -> Iterator[None]:
    """Interrupt this phase of the test when its time is up, and again at the same interval.

    The repetition is for code that catches the first exception.
    """
    limit = item.stash.get(_LIMIT, None)
    if limit is None or not hasattr(signal, "setitimer"):
        yield
        return
    item.config.hook.pytest_timeout_set_timer(item=item, settings=limit)
    signal.setitimer(signal.ITIMER_REAL, limit.timeout, limit.timeout)
    try:
        yield
    finally:
        item.config.hook.pytest_timeout_cancel_timer(item=item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Limit the fixtures of the test."""
    with _limited(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Limit the test itself."""
    with _limited(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Limit what the fixtures do afterwards."""
    with _limited(item):
        return (yield)
