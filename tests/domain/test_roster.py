"""What the rules write when records are put that are there already."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import START

from app.domain.commands import Advance, Command, PutCaregiver, PutOrganization, PutShift, StartFanout
from app.domain.decisions import Decision
from app.domain.policy import Policy
from app.domain.records import Caregiver, Language, Organization, Shift
from app.domain.rules.decide import Result, decide
from app.stores.memory.tables import Tables

_CAREGIVER = Caregiver(id="ann", name="Ann", roles=("RN",), phone="+15550001", organization_ids=("org",))
_ORGANIZATION = Organization(id="org", name="Org")
_SHIFT = Shift(
    id="s1",
    organization_id="org",
    role_required="CNA",
    start_time=START + timedelta(days=1),
    end_time=START + timedelta(days=1, hours=8),
)
_PUTS: list[Command] = [
    PutCaregiver(caregiver=_CAREGIVER, now=START),
    PutShift(shift=_SHIFT, now=START),
    PutOrganization(organization=_ORGANIZATION, now=START),
]
_CHANGES: list[Command] = [
    PutCaregiver(caregiver=replace(_CAREGIVER, language=Language.SPANISH), now=START),
    PutShift(shift=replace(_SHIFT, time_zone="Asia/Tokyo"), now=START),
    PutOrganization(organization=replace(_ORGANIZATION, name="Another"), now=START),
]


def _do(tables: Tables, command: Command) -> Decision[Result]:
    """Decide the command, write, and return the decision."""
    decision: Decision[Result] = decide(tables, command, Policy())
    for write in decision.writes:
        tables.put(write)
    return decision


@pytest.mark.parametrize("with_fanout", [False, True])
@pytest.mark.parametrize(("put", "change"), list(zip(_PUTS, _CHANGES, strict=True)))
def test_a_record_that_is_the_same_as_before_is_not_written(put: Command, change: Command, with_fanout: bool) -> None:
    """A system that sends all of its records every night writes those that have changed."""
    tables = Tables(3600)
    for one in _PUTS:
        assert _do(tables, one).result is True
    if with_fanout:
        # Nobody has the role, so the fanout is exhausted, and the shift may be put again.
        _do(tables, StartFanout(shift_id="s1", now=START))
        _do(tables, Advance(shift_id="s1", generation=1, now=START))
    assert _do(tables, put) == Decision(False)
    changed = _do(tables, change)
    assert changed.result is False
    assert len(changed.writes) == 2
    assert _do(tables, change) == Decision(False)
