"""The limit on wrong keys."""

import logging
from datetime import timedelta

import pytest
from fakes import START

from app.access.wrong_keys import MOST_PER_MINUTE, WrongKeys


def test_a_client_that_sends_many_wrong_keys_must_wait() -> None:
    """Until its minute is over; another client need not."""
    wrong = WrongKeys()
    assert [wrong.add("a", START) for _ in range(MOST_PER_MINUTE)] == [None] * MOST_PER_MINUTE
    assert wrong.add("a", START + timedelta(seconds=20)) == timedelta(seconds=40)
    assert wrong.add("b", START) is None
    assert wrong.add("a", START + timedelta(seconds=60)) is None
    assert wrong.count == MOST_PER_MINUTE + 3


def test_only_so_many_clients_are_remembered() -> None:
    """However many addresses an attacker has, the memory is bounded: the one that came first is forgotten."""
    wrong = WrongKeys(most_clients=2)
    for _ in range(MOST_PER_MINUTE):
        wrong.add("a", START)
    wrong.add("b", START)
    assert wrong.add("a", START) is not None
    wrong.add("c", START)
    assert wrong.add("a", START) is None
    assert len(wrong._clients) == 2


def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    """A minute that lies in the future is forgotten."""
    wrong = WrongKeys()
    for _ in range(MOST_PER_MINUTE + 1):
        wrong.add("a", START)
    assert wrong.add("a", START - timedelta(hours=1)) is None


def test_wrong_keys_are_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """Each line has the number of all since the line before."""
    wrong = WrongKeys()
    with caplog.at_level(logging.WARNING):
        for second in range(0, 90, 10):
            wrong.add("192.0.2.7", START + timedelta(seconds=second))
    counts = [record.args[0] for record in caplog.records if isinstance(record.args, tuple)]
    assert counts == [1, 6]
    assert "192.0.2.7" in caplog.text
