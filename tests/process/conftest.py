"""Two processes that several modules share: one answers requests and one sends, on one database."""

import signal
from collections.abc import Iterator

import pytest
from fleet import Fleet, fleet_of
from gateway import Gateway, listening

from tools.postgres import Server


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_reaches_processes() -> None:
    """A shell starts background jobs with SIGINT ignored, and a process inherits that; a handler ends it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def pair_gateway() -> Gateway:
    """The gateway to which the worker of `pair` posts."""
    return Gateway()


@pytest.fixture(scope="session")
def pair(pair_gateway: Gateway, postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """An `api` and a `worker` process, with a lease of one second."""
    with (
        listening(pair_gateway) as url,
        fleet_of(
            *("api", "worker"),
            folder=tmp_path_factory.mktemp("pair"),
            database_url=postgres.new_database(),
            gateway_url=url,
            FANOUT_LEASE="1",
        ) as running,
    ):
        yield running
