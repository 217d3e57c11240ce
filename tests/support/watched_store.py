"""A store that knows whether a call of it is under way, so that a fake clock waits for a database."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

from app.ports.store import Store


class WatchedStore:
    """Passes every call on to a store, and counts the calls that have not returned."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._calls = 0

    def busy(self) -> bool:
        """Whether a call has not returned yet."""
        return self._calls > 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return self._watched(method) if iscoroutinefunction(method) else method

    def _watched(self, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def call(*arguments: Any, **named: Any) -> Any:
            self._calls += 1
            try:
                return await method(*arguments, **named)
            finally:
                self._calls -= 1

        return call
