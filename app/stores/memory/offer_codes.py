"""The codes of each caregiver's offers, such as the 2 of "YES 2". Holds shift ids, not the offers. Does no I/O."""

from collections.abc import Callable, Iterator

#: When a caregiver has this many codes, and at each doubling after that, the codes that are free again are deleted.
_CODES_BEFORE_DROPPING = 32


class OfferCodes:
    """For each caregiver the codes that are in use, and the last one given out."""

    def __init__(self) -> None:
        #: Caregiver id -> code -> shift id. The code given out last is last.
        self._codes: dict[str, dict[str, str]] = {}
        self._last: dict[str, int] = {}

    def shifts_of(self, caregiver_id: str) -> Iterator[str]:
        """The shift ids of the caregiver's codes, the code given out last first."""
        return reversed(self._codes.get(caregiver_id, {}).values())

    def shift_of(self, caregiver_id: str, code: str) -> str | None:
        """The shift id of that code."""
        return self._codes.get(caregiver_id, {}).get(code)

    def last(self, caregiver_id: str) -> int:
        """The last code given to the caregiver, 0 if there was none."""
        return self._last.get(caregiver_id, 0)

    def give(self, caregiver_id: str, code: str, shift_id: str, is_free: Callable[[str], bool]) -> None:
        """Give the caregiver's offer of that shift a new code.

        `is_free` says of a shift id whether its code is free again. It is asked only when the number of the codes
        reaches a power of two, so that they stay few and the cost of a new code stays small.
        """
        codes = self._codes.setdefault(caregiver_id, {})
        if len(codes) >= _CODES_BEFORE_DROPPING and len(codes).bit_count() == 1:
            for old in [old for old, about in codes.items() if is_free(about)]:
                del codes[old]
        # Removed first, so that the new entry is the last one.
        codes.pop(code, None)
        codes[code] = shift_id
        self._last[caregiver_id] = int(code)

    def take_back(self, caregiver_id: str, code: str, shift_id: str) -> None:
        """Delete the code, if it still belongs to that shift's offer."""
        codes = self._codes.get(caregiver_id, {})
        if codes.get(code) == shift_id:
            del codes[code]
        if not codes:
            self._codes.pop(caregiver_id, None)

    def forget_last(self, caregiver_id: str) -> None:
        """Forget which code the caregiver got last: they were deleted."""
        self._last.pop(caregiver_id, None)
