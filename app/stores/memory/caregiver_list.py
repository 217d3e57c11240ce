"""Lists caregivers, by id or by last change."""

from datetime import datetime

from app.domain.records import Caregiver
from app.stores.memory.tables import Tables
from app.stores.memory.updates import Updates


async def list_caregivers(
    tables: Tables, updates: Updates, after: str | datetime, limit: int, organization_id: str | None
) -> list[Caregiver]:
    """See `Store.caregivers`."""
    if isinstance(after, str):
        return _by_id(tables, after, limit, organization_id)

    def listed(caregiver_id: str) -> Caregiver | None:
        caregiver = tables.caregiver(caregiver_id)
        works = caregiver is not None and (organization_id is None or caregiver.works_for(organization_id))
        return caregiver if works else None

    return await updates.find("caregiver", after, limit, listed)


def _by_id(tables: Tables, after: str, limit: int, organization_id: str | None) -> list[Caregiver]:
    if organization_id is None:
        return tables.caregivers.find("all", True, after=after, limit=limit)
    # Under None are those who work for all.
    groups = (organization_id, None)
    found = [
        one for group in groups for one in tables.caregivers.find("organization", group, after=after, limit=limit)
    ]
    return sorted(found, key=lambda caregiver: caregiver.id)[:limit]
