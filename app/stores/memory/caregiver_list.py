"""Lists the caregivers of an organization."""

from app.domain.records import Caregiver
from app.stores.memory.tables import Tables


def list_caregivers(tables: Tables, after: str, limit: int, organization_id: str | None) -> list[Caregiver]:
    """See `Store.caregivers`."""
    if organization_id is None:
        return tables.caregivers.find("all", True, after=after, limit=limit)
    # Under None are those who work for all.
    groups = (organization_id, None)
    found = [
        one for group in groups for one in tables.caregivers.find("organization", group, after=after, limit=limit)
    ]
    return sorted(found, key=lambda caregiver: caregiver.id)[:limit]
