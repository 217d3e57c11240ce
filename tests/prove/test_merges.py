"""A sample of the trials of two commands on PostgreSQL."""

import pytest

from prove.lost_commits import lose_answers
from prove.merges import race
from prove.pairs import NAMES

pytestmark = [pytest.mark.timeout(120), pytest.mark.database]


@pytest.mark.parametrize("second", ["claim B", "cancel"])
async def test_two_commands_at_once_are_answered_as_one_after_the_other(database_url: str, second: str) -> None:
    """The first stops in front of each of its statements in turn."""
    assert await race(database_url, "claim A", second) > 10


async def test_a_claim_whose_connection_ends_is_whole_or_not_there(database_url: str) -> None:
    """In front of each of its statements in turn. Another claim runs beside it."""
    assert await race(database_url, "claim A", "claim B", kills=True) > 10


@pytest.mark.parametrize(("command", "writes_in"), [("claim A", 4), ("release", 1), ("start", 1)])
async def test_a_command_whose_commit_has_no_answer_is_not_decided_again(
    database_url: str, command: str, writes_in: int
) -> None:
    """The store says that nobody knows, and the next command finds what was committed.

    It is the COMMIT of what the command wrote, in each situation in which it writes. A release commits twice: its
    first transaction only finds that it needs other locks.
    """
    assert await lose_answers(database_url, command) == writes_in * len(NAMES)
