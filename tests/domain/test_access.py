"""What somebody who acts for one organization may touch, as far as the rule itself goes."""

from dataclasses import dataclass
from typing import Any

import pytest

from app.domain.rules.access import refusal_of_outsider
from app.stores.memory.tables import Tables


@dataclass(frozen=True)
class _NewCommand:
    """A command that the rule does not know."""

    within: str = "north"


def test_a_command_that_the_rule_does_not_know_is_not_allowed_to_everybody() -> None:
    """Somebody who adds a command must say what those of one organization may do with it."""
    unknown: Any = _NewCommand()
    with pytest.raises(AssertionError, match="_NewCommand"):
        refusal_of_outsider(Tables(retention_s=60.0), unknown)
