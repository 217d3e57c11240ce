"""The offers that a transaction has loaded, and their codes, with its writes so far. No SQL, no awaits."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.domain.fanout_records import Offer
from app.stores.postgres.loaded import Loaded


class LoadedOffers:
    """Finds offers by shift, caregiver and code. `WorkingSet` says which were looked up."""

    def __init__(self, loaded: Loaded) -> None:
        #: As they were loaded, by (shift id, caregiver id).
        self.before = {(offer.shift_id, offer.caregiver_id): offer for offer in loaded.offers}
        self._offers = dict(self.before)
        #: Caregiver id -> code -> shift id. The code given out last is last.
        self._codes: dict[str, dict[str, str]] = defaultdict(dict)
        with_code = set(loaded.offers_with_code)
        for offer in loaded.offers:
            if (offer.shift_id, offer.caregiver_id) in with_code:
                self._codes[offer.caregiver_id][offer.code] = offer.shift_id
        self._last_codes = dict(loaded.last_codes)

    def get(self, shift_id: str, caregiver_id: str) -> Offer | None:
        """The caregiver's offer of the shift."""
        return self._offers.get((shift_id, caregiver_id))

    def of(self, caregiver_id: str) -> list[Offer]:
        """The caregiver's offers that own a code, newest first."""
        return [self._offers[shift_id, caregiver_id] for shift_id in reversed(self._codes[caregiver_id].values())]

    def by_code(self, caregiver_id: str, code: str) -> Offer | None:
        """The caregiver's offer with that code."""
        shift_id = self._codes[caregiver_id].get(code)
        return None if shift_id is None else self._offers[shift_id, caregiver_id]

    def last_code(self, caregiver_id: str) -> int:
        """The last code given to the caregiver, 0 if there was none."""
        return self._last_codes.get(caregiver_id, 0)

    def shifts_offered_to(self, caregiver_id: str) -> Iterable[str]:
        """The ids of the shifts of which there is an offer to the caregiver."""
        return [shift_id for shift_id, offered_to in self._offers if offered_to == caregiver_id]

    def caregivers_offered(self, shift_id: str) -> set[str]:
        """The ids of the caregivers who have an offer of that shift."""
        return {caregiver_id for offered, caregiver_id in self._offers if offered == shift_id}

    def accepted_late(self, shift_id: str, limit: int) -> Sequence[Offer]:
        """At most `limit` of the shift's offers with `accepted_late_at`, by that time, then by caregiver id."""
        late = [
            (offer.accepted_late_at, offer.caregiver_id, offer)
            for offer in self._offers.values()
            if offer.shift_id == shift_id and offer.accepted_late_at is not None
        ]
        return [offer for _, _, offer in sorted(late, key=lambda one: one[:2])[:limit]]

    def put(self, offer: Offer) -> None:
        """Store an offer that was written. A new code is the caregiver's last one."""
        before = self.get(offer.shift_id, offer.caregiver_id)
        self._offers[offer.shift_id, offer.caregiver_id] = offer
        if before is None or before.code != offer.code:
            codes = self._codes[offer.caregiver_id]
            codes.pop(offer.code, None)
            codes[offer.code] = offer.shift_id
            self._last_codes[offer.caregiver_id] = int(offer.code)

    def forget_last_code(self, caregiver_id: str) -> None:
        """Forget which code the caregiver got last: they were deleted."""
        self._last_codes.pop(caregiver_id, None)
