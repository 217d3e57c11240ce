"""A sample of the trials of two commands on PostgreSQL."""

import pytest

from prove.lost_commits import lose_answers
from prove.merges import race
from prove.pairs import NAMES, SITUATIONS

pytestmark = [pytest.mark.timeout(120), pytest.mark.database]


@pytest.mark.parametrize("second", ["claim B", "cancel"])
async def test_two_commands_at_once_are_answered_as_one_after_the_other(database_url: str, second: str) -> None:
    """The first stops in front of each of its statements in turn."""
    assert await race(database_url, "claim A", second) > 10


async def test_a_claim_whose_connection_ends_is_whole_or_not_there(database_url: str) -> None:
    """In front of each of its statements in turn. Another claim runs beside it."""
    assert await race(database_url, "claim A", "claim B", kills=True) > 10


@pytest.mark.parametrize("command", ["claim A", "release"])
async def test_a_command_whose_commit_has_no_answer_is_not_decided_again(database_url: str, command: str) -> None:
    """The store says that nobody knows, and the next command finds what was committed.

    A release may commit twice: its first transaction only finds that it needs other locks.
    """
    assert await lose_answers(database_url, command) >= len(SITUATIONS) * len(NAMES)
