"""What lists of caregivers are made of: those of an organization, and the numbers that no message may go to."""

from collections.abc import Iterable

from app.domain.messages import Silence
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


def silences(tables: Tables, phones: Iterable[str]) -> dict[str, Silence]:
    """See `Store.silent_numbers`."""
    found: dict[str, Silence] = {}
    for phone in phones:
        number = tables.number(phone)
        owner = tables.caregiver(number.wrong_number_of or "")
        if number.opted_out:
            found[phone] = Silence.OPTED_OUT
        elif owner is not None and owner.phone == phone:
            found[phone] = Silence.WRONG_NUMBER
    return found
