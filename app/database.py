"""An in-memory key/value database with atomic updates and secondary indexes.

Generic over key and value: knows nothing of shifts and imports nothing of the app. For one event loop: no method
awaits, so no other task sees a method half done. Records should be immutable, so that what a caller has read does not
change later.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

#: Shared by all databases that have no index. There may be thousands of them; sharing this avoids an empty dictionary
#: in each.
_NO_INDEXES: Mapping[str, Any] = {}


class InMemoryKeyValueDatabase(Generic[K, V]):
    """A dictionary of records with secondary indexes.

    `indexes` maps the name of an index to a function of the record. The function returns the value under which
    `find` finds the record, or None to leave the record out. The functions of `multi_indexes` return all the values
    under which it is found. The keys under one value are kept in ascending order.
    """

    __slots__ = ("_indexes", "_records")

    def __init__(
        self,
        indexes: Mapping[str, Callable[[V], Hashable | None]] | None = None,
        multi_indexes: Mapping[str, Callable[[V], Iterable[Hashable]]] | None = None,
    ) -> None:
        self._records: dict[K, V] = {}
        self._indexes: Mapping[str, _Index[K, V] | _MultiIndex[K, V]] = _NO_INDEXES
        if indexes or multi_indexes:
            self._indexes = {
                **{name: _Index(value_of) for name, value_of in (indexes or {}).items()},
                **{name: _MultiIndex(values_of) for name, values_of in (multi_indexes or {}).items()},
            }

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, key: K) -> bool:
        return key in self._records

    def __iter__(self) -> Iterator[V]:
        """The records, in the order in which their keys were added."""
        return iter(self._records.values())

    def get(self, key: K) -> V | None:
        """The record under the key; None if there is none."""
        return self._records.get(key)

    def put(self, key: K, record: V) -> None:
        """Store the record under the key, replacing an earlier record."""
        if self._indexes:
            before = self._records.get(key)
            for index in self._indexes.values():
                index.move(key, before, record)
        self._records[key] = record

    def delete(self, key: K) -> V | None:
        """Remove the key. Returns its record; None if there was none."""
        record = self._records.pop(key, None)
        if record is not None:
            for index in self._indexes.values():
                index.move(key, record, None)
        return record

    def update(self, key: K, change: Callable[[V | None], V | None]) -> V | None:
        """Replace the record under the key by `change(record)` in one step, and return the new record.

        This is the compare-and-set of this database: `change` is a plain function, so nothing happens between the
        read and the write. It gets None if the key is not there. If it returns None the key is removed; if it raises,
        nothing changes and the exception is passed on.
        """
        record = change(self._records.get(key))
        if record is None:
            self.delete(key)
        else:
            self.put(key, record)
        return record

    def oldest(self) -> tuple[K, V] | None:
        """The key that was added first among those that are left, with its record; None if the database is empty."""
        key = next(iter(self._records), None)
        return None if key is None else (key, self._records[key])

    def find(self, index: str, value: Hashable, *, after: K | None = None, limit: int | None = None) -> list[V]:
        """The records with that value in the index, by ascending key: at most `limit`, with keys above `after`.

        The cost depends on the number of records returned, not on the number stored. Raises KeyError if there is no
        index of that name.
        """
        return [self._records[key] for key in self._indexes[index].keys_of(value, after, limit)]

    def count(self, index: str, value: Hashable) -> int:
        """How many records have that value in the index. Raises KeyError if there is no index of that name."""
        return self._indexes[index].count_of(value)


class _Keys(Generic[K]):
    """For each indexed value, the keys of its records in ascending order."""

    __slots__ = ("_keys",)

    def __init__(self) -> None:
        # Any: keys must be comparable with each other, and K cannot express that.
        self._keys: dict[Hashable, list[Any]] = {}

    def add(self, value: Hashable, key: K) -> None:
        keys = self._keys.setdefault(value, [])
        keys.insert(bisect_right(keys, key), key)

    def remove(self, value: Hashable, key: K) -> None:
        keys = self._keys[value]
        del keys[bisect_left(keys, key)]
        if not keys:
            del self._keys[value]

    def count_of(self, value: Hashable) -> int:
        return len(self._keys.get(value, ()))

    def keys_of(self, value: Hashable, after: K | None, limit: int | None) -> list[K]:
        keys = self._keys.get(value, [])
        start = 0 if after is None else bisect_right(keys, after)
        return keys[start : None if limit is None else start + limit]


class _Index(_Keys[K], Generic[K, V]):
    """An index under one value of each record."""

    __slots__ = ("_value_of",)

    def __init__(self, value_of: Callable[[V], Hashable | None]) -> None:
        super().__init__()
        self._value_of = value_of

    def move(self, key: K, before: V | None, after: V | None) -> None:
        old = None if before is None else self._value_of(before)
        new = None if after is None else self._value_of(after)
        if old == new:
            return
        if old is not None:
            self.remove(old, key)
        if new is not None:
            self.add(new, key)


class _MultiIndex(_Keys[K], Generic[K, V]):
    """An index under any number of values of each record."""

    __slots__ = ("_values_of",)

    def __init__(self, values_of: Callable[[V], Iterable[Hashable]]) -> None:
        super().__init__()
        self._values_of = values_of

    def move(self, key: K, before: V | None, after: V | None) -> None:
        old = frozenset(() if before is None else self._values_of(before))
        new = frozenset(() if after is None else self._values_of(after))
        for value in old - new:
            self.remove(value, key)
        for value in new - old:
            self.add(value, key)
