"""What all tests share: how long Hypothesis searches, and one PostgreSQL server."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tools.postgres import WHY_NOT, Server, binaries, running

# The gate must not fail by chance on a change that has nothing to do with it: there the search is the same
# every time. On a contributor's machine it goes on looking.
settings.register_profile("gate", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("dev", deadline=None, print_blob=True)
settings.register_profile("long", deadline=None, print_blob=True, max_examples=2000, stateful_step_count=60)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the whole session."""
    bin_ = binaries()
    if bin_ is None:
        pytest.skip(WHY_NOT)
    with running(bin_) as server:
        yield server


@pytest.fixture
def database_url(postgres: Server) -> Iterator[str]:
    """A database of the test's own, with the schema."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)
