"""What a store promises about requests that carry an `Idempotency-Key`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from app.domain.messages import KEYS_COUNT_FOR

#: An answer is kept for this long.
KEPT_FOR = KEYS_COUNT_FOR
#: A request that has no answer after this time has died with its process: the next one of its key is carried out.
UNDER_WAY_FOR = timedelta(minutes=1)


class RequestKey(NamedTuple):
    """Identifies a request: clients choose their keys, so a key belongs to the sender that this text identifies."""

    sender: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """A response as it was sent. `etag` None: it had none."""

    status: int
    body: str
    etag: str | None


class EarlierRequest(NamedTuple):
    """A request of the same key. `response` None: it is still under way."""

    #: Of its method, path, query and body.
    fingerprint: str
    response: StoredResponse | None


class KeyedRequests(Protocol):
    """Keeps the answers of requests by their key. Any method may raise StoreUnavailable."""

    async def begin(self, key: RequestKey, fingerprint: str, now: datetime) -> EarlierRequest | None:
        """Record that a request begins, and return None; or return the earlier request of the key, if there is one.

        Of requests that begin at the same time, one gets None. An answer older than `KEPT_FOR` counts no more, and
        neither does a request that has been under way for `UNDER_WAY_FOR`. Calls also delete what is too old.
        """

    async def end(self, key: RequestKey, response: StoredResponse | None) -> None:
        """Store the answer of the request. None: nothing was done, so the key is free again."""
