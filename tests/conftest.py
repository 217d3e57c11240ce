"""What all tests share: which of them run, how long each may take, how far Hypothesis searches, one PostgreSQL."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from hypothesis import Phase

from tools.postgres import MISSING_MESSAGE, Server, binaries, running

pytest_plugins = ["time_limits"]

_TESTS = Path(__file__).parent
#: Folders whose tests get a mark of the same name.
_SLOW_FOLDERS = ("process", "browser")

# Hypothesis may take five minutes to shrink a history of the whole service. So shrinking is off: a failure
# shows the first failing example, unshrunk. HYPOTHESIS_PROFILE=long starts with the failures of earlier runs and
# shrinks them.
_FIND_ONLY = [phase for phase in Phase if phase is not Phase.shrink]
_COMMON = hypothesis.settings(deadline=None, print_blob=True)
# The gate must not fail by chance on a change that has nothing to do with it: its search is the same every time.
hypothesis.settings.register_profile("gate", _COMMON, derandomize=True, phases=_FIND_ONLY)
# On a contributor's machine Hypothesis tries fewer examples, and different ones in each run.
hypothesis.settings.register_profile("dev", _COMMON, max_examples=12, phases=_FIND_ONLY)
# `just search`.
hypothesis.settings.register_profile("long", _COMMON, max_examples=2000, stateful_step_count=60)
_PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "gate" if os.environ.get("CI") else "dev")
hypothesis.settings.load_profile(_PROFILE)


def _has_all_files(config: pytest.Config) -> bool:
    """Whether this is `pytest` without a path and -k."""
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Use a worker process per core for all files, else none: a few tests end before workers have started."""
    return None if _has_all_files(config) else 0


def _keep_bytecode(folder: Path) -> None:
    """Keep compiled modules in the folder, where PYTHONDONTWRITEBYTECODE forbids other places, as in many containers.

    Else each worker of a run, and each process of the service that a test starts, compiles all modules for seconds.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(folder)
        sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    """Without -m, leave the slow folders, and the acceptance tests on PostgreSQL, out of a run of all files."""
    _keep_bytecode(config.rootpath / ".pytest_cache" / "bytecode")
    if _has_all_files(config) and not config.option.markexpr:
        config.option.markexpr = " and ".join(f"not {mark}" for mark in (*_SLOW_FOLDERS, "database"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the slow folders, and lift all limits for a long search."""
    for item in items:
        folder = item.path.relative_to(_TESTS).parts[0]
        if folder in _SLOW_FOLDERS:
            item.add_marker(folder)
        if _PROFILE == "long":
            item.add_marker(pytest.mark.timeout(0), append=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the whole session."""
    bin_ = binaries()
    if bin_ is None:
        pytest.skip(MISSING_MESSAGE)
    with running(bin_) as server:
        yield server


@pytest.fixture
def database_url(postgres: Server) -> Iterator[str]:
    """A database of the test's own, with the schema."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture
def emptied_database_url(postgres: Server) -> str:
    """A database with the schema and no rows, for a test that changes nothing but rows."""
    return postgres.emptied_database()
