"""What lists of caregivers are made of, by id or by last change, and the numbers that no message may go to."""

from collections.abc import Iterable
from datetime import datetime

from app.domain.messages import NOT_AN_OFFICE, Silence
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


def silences(tables: Tables, phones: Iterable[str]) -> dict[str, Silence]:
    """See `Store.silent_numbers`."""
    found: dict[str, Silence] = {}
    for phone in phones:
        number = tables.number(phone)
        owner = tables.caregiver(number.wrong_number_of or "")
        if number.opted_out:
            found[phone] = Silence.OPTED_OUT
        elif number.silent_for(NOT_AN_OFFICE) or (owner is not None and owner.phone == phone):
            found[phone] = Silence.WRONG_NUMBER
    return found
