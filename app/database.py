"""An in-memory key/value database with atomic updates and secondary indexes.

Generic over key and value; knows nothing of shifts and imports nothing of the app. It is meant for one event
loop: no method awaits, so each is atomic to every other task. Values should be immutable; what a reader got
does not change under it then.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

#: Shared by all databases without an index, of which there may be very many.
_NONE: Mapping[str, Any] = {}


class InMemoryKeyValueDatabase(Generic[K, V]):
    """A dictionary of records that also finds them by what they say.

    `indexes` names secondary indexes: each function gives the value under which a record is found, or None
    to leave the record out of that index. Keys of one index value are kept in ascending order.
    """

    __slots__ = ("_indexes", "_records")

    def __init__(self, indexes: Mapping[str, Callable[[V], Hashable | None]] | None = None) -> None:
        self._records: dict[K, V] = {}
        self._indexes: Mapping[str, _Index[K, V]] = _NONE
        if indexes:
            self._indexes = {name: _Index(value_of) for name, value_of in indexes.items()}

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, key: K) -> bool:
        return key in self._records

    def __iter__(self) -> Iterator[V]:
        """The values, in the order in which their keys were first put."""
        return iter(self._records.values())

    def get(self, key: K) -> V | None:
        """The value of the key, None if there is none."""
        return self._records.get(key)

    def put(self, key: K, value: V) -> None:
        """Store the value under the key, in place of what was there."""
        if self._indexes:
            before = self._records.get(key)
            for index in self._indexes.values():
                index.move(key, before, value)
        self._records[key] = value

    def delete(self, key: K) -> V | None:
        """Take the key out; returns its value, None if there was none."""
        value = self._records.pop(key, None)
        if value is not None:
            for index in self._indexes.values():
                index.move(key, value, None)
        return value

    def update(self, key: K, change: Callable[[V | None], V | None]) -> V | None:
        """Put what `change` makes of the current value (None: there is none), as one step; returns it.

        `change` is a plain function, so nothing can come between the read and the write: the compare-and-set
        of this database. If it returns None the key is deleted; if it raises, nothing has changed.
        """
        value = change(self._records.get(key))
        if value is None:
            self.delete(key)
        else:
            self.put(key, value)
        return value

    def oldest(self) -> tuple[K, V] | None:
        """The key put first of those still there, with its value."""
        key = next(iter(self._records), None)
        return None if key is None else (key, self._records[key])

    def find(self, index: str, value: Hashable, *, after: K | None = None, limit: int | None = None) -> list[V]:
        """The records with that value in the index, by ascending key; at most `limit`, keys above `after`.

        Costs the records it returns, however many there are. Raises KeyError if no index has that name.
        """
        return [self._records[key] for key in self._indexes[index].keys_of(value, after, limit)]


class _Index(Generic[K, V]):
    """Sorted keys per indexed value."""

    __slots__ = ("_keys", "_value_of")

    def __init__(self, value_of: Callable[[V], Hashable | None]) -> None:
        self._value_of = value_of
        # Any: keys must be ordered among themselves, which the type of a key cannot say.
        self._keys: dict[Hashable, list[Any]] = {}

    def move(self, key: K, before: V | None, after: V | None) -> None:
        old = None if before is None else self._value_of(before)
        new = None if after is None else self._value_of(after)
        if old == new:
            return
        if old is not None:
            keys = self._keys[old]
            del keys[bisect_left(keys, key)]
            if not keys:
                del self._keys[old]
        if new is not None:
            keys = self._keys.setdefault(new, [])
            keys.insert(bisect_right(keys, key), key)

    def keys_of(self, value: Hashable, after: K | None, limit: int | None) -> list[K]:
        keys = self._keys.get(value, [])
        start = 0 if after is None else bisect_right(keys, after)
        return keys[start : None if limit is None else start + limit]
