"""One hub for each organization that has viewers of its own, and one for those who see everything. No HTTP."""

from collections.abc import Callable

from app.board.hub import Hub
from app.ports.store import Store


class Boards:
    """Makes the hubs. There are at most as many as organizations that have keys, and one without viewers is small."""

    def __init__(self, store: Store, new_hub: Callable[[str | None], Hub]) -> None:
        """`new_hub` makes the hub of an organization; for None, that of everything."""
        self._new_hub = new_hub
        self._hubs: dict[str | None, Hub] = {}
        self._closed = False
        store.on_change(self._on_write)

    def of(self, organization_id: str | None) -> Hub:
        """The hub for viewers who see only that organization; None: for those who see everything."""
        hub = self._hubs.get(organization_id)
        if hub is None:
            hub = self._hubs[organization_id] = self._new_hub(organization_id)
            if self._closed:
                hub.close()
        return hub

    @property
    def viewer_count(self) -> int:
        """How many streams are open."""
        return sum(hub.viewer_count for hub in self._hubs.values())

    def open(self) -> None:
        """Let viewers join. Also reopens the hubs after `close`."""
        self._closed = False
        for hub in self._hubs.values():
            hub.open()

    def close(self) -> None:
        """End every stream, because a server that shuts down waits for open responses."""
        self._closed = True
        for hub in self._hubs.values():
            hub.close()

    async def stop(self) -> None:
        """Close the hubs, and return once they read nothing any more: then the store may be closed."""
        self.close()
        for hub in self._hubs.values():
            await hub.stop()

    def _on_write(self, shift_id: str | None) -> None:
        for hub in self._hubs.values():
            hub.on_write(shift_id)
