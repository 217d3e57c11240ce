"""How many contacts of a fanout have each status, as the decisions of a transaction see it. No SQL."""

from collections import Counter
from collections.abc import Iterable, Mapping

from app.domain.messages import Contact, ContactKey, ContactStatus, contact_key


def counts_after(
    loaded: Mapping[ContactStatus, int], before: Mapping[ContactKey, Contact], after: Iterable[Contact]
) -> Mapping[ContactStatus, int]:
    """The counts once the contacts `after` are written. `loaded`: those in the database, which count `before`."""
    counts = Counter(loaded)
    for contact in after:
        counts.update([contact.status])
        stored = before.get(contact_key(contact))
        counts.subtract([stored.status] if stored is not None else [])
    return counts
