"""The answers of requests by their key, in memory. No I/O, no awaits."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.ports.requests import KEPT_FOR, UNDER_WAY_FOR, EarlierRequest, KeyedRequests, RequestKey, StoredResponse

#: Each new request deletes at most this many that are too old.
_DROPPED_PER_REQUEST = 4


@dataclass(slots=True)
class _Request:
    fingerprint: str
    began_at: datetime
    response: StoredResponse | None = None


class MemoryRequests:
    """Implements `KeyedRequests`."""

    def __init__(self) -> None:
        #: In the order in which they began.
        self._requests: dict[RequestKey, _Request] = {}

    async def begin(self, key: RequestKey, fingerprint: str, now: datetime) -> EarlierRequest | None:
        """See `KeyedRequests`."""
        for _ in range(_DROPPED_PER_REQUEST):
            oldest = next(iter(self._requests), None)
            if oldest is None or self._requests[oldest].began_at + KEPT_FOR > now:
                break
            del self._requests[oldest]
        earlier = self._requests.get(key)
        if earlier is not None:
            lasts = UNDER_WAY_FOR if earlier.response is None else KEPT_FOR
            if earlier.began_at + lasts > now:
                return EarlierRequest(earlier.fingerprint, earlier.response)
            del self._requests[key]
        self._requests[key] = _Request(fingerprint, now)
        return None

    async def end(self, key: RequestKey, response: StoredResponse | None) -> None:
        """See `KeyedRequests`."""
        if response is None:
            self._requests.pop(key, None)
        elif key in self._requests:
            self._requests[key].response = response


if TYPE_CHECKING:
    _: KeyedRequests = MemoryRequests()
