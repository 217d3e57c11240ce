"""Counts requests with a wrong key, and limits them for each client."""

import logging
from datetime import datetime, timedelta

log = logging.getLogger("shift_fanout.keys")

#: A client that has sent this many wrong keys within a minute is told to wait.
MOST_PER_MINUTE = 60
_MINUTE = timedelta(minutes=1)
#: Clients that are remembered. Beyond that the one whose minute began first is forgotten.
_MOST_CLIENTS = 1000


class WrongKeys:
    """Wrong keys of all clients. A right key is never held up, so the limit does not make a short key safe."""

    def __init__(self, most_clients: int = _MOST_CLIENTS) -> None:
        #: How many there were since the start.
        self.count = 0
        self._most_clients = most_clients
        #: Client to the begin of its minute and its wrong keys since. The earliest begin is first.
        self._clients: dict[str, tuple[datetime, int]] = {}
        self._logged_at: datetime | None = None
        self._logged_count = 0

    def add(self, client: str, now: datetime) -> timedelta | None:
        """Count a wrong key of that client. Returns how long it should wait; None: it may try again at once."""
        self.count += 1
        begin, wrong = self._clients.get(client, (now, 0))
        if not begin <= now < begin + _MINUTE:
            begin, wrong = now, 0
        if wrong == 0:
            self._clients.pop(client, None)
            if len(self._clients) >= self._most_clients:
                del self._clients[next(iter(self._clients))]
        self._clients[client] = begin, wrong + 1
        self._log(client, now)
        return begin + _MINUTE - now if wrong >= MOST_PER_MINUTE else None

    def _log(self, client: str, now: datetime) -> None:
        """One line a minute at most, with all that were counted since the line before."""
        if self._logged_at is not None and self._logged_at <= now < self._logged_at + _MINUTE:
            return
        new = self.count - self._logged_count
        self._logged_at, self._logged_count = now, self.count
        log.warning("keys.wrong wrong keys since the last line like this: %d, the last from %s", new, client)
