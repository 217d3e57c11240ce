"""Finds out what an office has not heard: what began to need a person before it had the number that it has now."""

from datetime import datetime

from app.domain.attention import attention_of
from app.domain.commands import TellOffice
from app.domain.policy import Policy
from app.domain.records import Organization
from app.ports.store import Store
from app.runtime.figures import listed_overviews


async def alerts_to_check(
    store: Store, policy: Policy, organization: Organization, now: datetime
) -> list[TellOffice]:
    """A command for each shift of the organization that needs a person, of those that the board lists.

    To be carried out after every PUT: one that was broken off can be repeated, and an office that has been told gets
    nothing.
    """
    if organization.office_phone is None:
        return []
    found: list[TellOffice] = []
    async for overview in listed_overviews(store, now, organization.id):
        attention = () if overview.report is None else attention_of(overview.report, now)
        reasons = tuple((one.reason, one.caregiver_id) for one in attention if one.reason in policy.alerts)
        if reasons:
            found.append(TellOffice(shift_id=overview.shift.id, reasons=reasons, now=now))
    return found
