"""Which of very many cases a run tries: in the gate all of them, else a part, and another part in each run."""

from collections.abc import Iterable
from itertools import islice
from random import randrange

from hypothesis import settings

#: Outside of the gate one case of so many is tried.
_ONE_OF = 5
#: The profile with which tests/conftest.py searches least.
_QUICK = "dev"


def sample(cases: Iterable[str]) -> list[str]:
    """All cases, or with the profile of Hypothesis for a contributor's machine every fifth from a random one on."""
    if settings.get_current_profile_name() != _QUICK:
        return list(cases)
    return list(islice(cases, randrange(_ONE_OF), None, _ONE_OF))
