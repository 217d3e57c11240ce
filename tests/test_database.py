"""The in-memory key/value database: single operations, indexes, and agreement with a plain dictionary."""

import copy
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.database import InMemoryKeyValueDatabase


@dataclass(frozen=True)
class Pet:
    """A record with two fields to index. Without a colour it is left out of that index."""

    kind: str
    colour: str | None = None


Pets = InMemoryKeyValueDatabase[str, Pet]


class Refused(Exception):
    """The exception that a change raises in these tests."""


def pets(**records: Pet) -> Pets:
    """A database with these records, indexed by kind and by colour."""
    database: Pets = InMemoryKeyValueDatabase({"kind": lambda pet: pet.kind, "colour": lambda pet: pet.colour})
    for key, pet in records.items():
        database.put(key, pet)
    return database


def test_what_was_put_is_there() -> None:
    """A value is found under its key and under no other."""
    database = pets(a=Pet("cat"))
    assert database.get("a") == Pet("cat")
    assert "a" in database
    assert database.get("b") is None
    assert "b" not in database
    assert len(database) == 1


def test_put_replaces() -> None:
    """A second put under a key leaves only the second value, also in every index."""
    database = pets(a=Pet("cat", "red"))
    database.put("a", Pet("dog"))
    assert list(database) == [Pet("dog")]
    assert database.find("kind", "cat") == []
    assert database.find("kind", "dog") == [Pet("dog")]
    assert database.find("colour", "red") == []


def test_delete_removes_the_key() -> None:
    """Delete returns the value and removes it from every index; a second delete returns None."""
    database = pets(a=Pet("cat"), b=Pet("cat"))
    assert database.delete("a") == Pet("cat")
    assert database.delete("a") is None
    assert database.find("kind", "cat") == [Pet("cat")]
    assert len(database) == 1


def test_update_sees_the_current_value() -> None:
    """Update calls the change with the current value, or None for a new key, and stores and returns the result."""
    database = pets(a=Pet("cat"))
    seen: list[Pet | None] = []

    def dog(pet: Pet | None) -> Pet:
        seen.append(pet)
        return Pet("dog")

    assert database.update("a", dog) == Pet("dog")
    assert database.update("b", dog) == Pet("dog")
    assert seen == [Pet("cat"), None]
    assert len(database.find("kind", "dog")) == 2


def test_update_to_none_deletes() -> None:
    """A change that returns None removes the key, and does nothing if there is none."""
    database = pets(a=Pet("cat"))
    assert database.update("a", lambda _: None) is None
    assert database.update("b", lambda _: None) is None
    assert len(database) == 0
    assert database.find("kind", "cat") == []


@pytest.mark.parametrize("key", ["a", "new"])
def test_a_change_that_raises_changes_nothing(key: str) -> None:
    """The exception is passed on, and records and indexes are as before."""
    database = pets(a=Pet("cat", "red"))

    def refuse(_: Pet | None) -> Pet:
        raise Refused

    with pytest.raises(Refused):
        database.update(key, refuse)
    assert list(database) == [Pet("cat", "red")]
    assert database.find("kind", "cat") == database.find("colour", "red") == [Pet("cat", "red")]


def test_update_is_a_compare_and_set() -> None:
    """Of many changes that take a free key only the first succeeds."""
    database: InMemoryKeyValueDatabase[str, int] = InMemoryKeyValueDatabase()
    winners = []
    for taker in range(50):

        def take(holder: int | None, taker: int = taker) -> int:
            return taker if holder is None else holder

        if database.update("shift", take) == taker:
            winners.append(taker)
    assert winners == [0]


def test_a_record_may_have_several_values_in_an_index() -> None:
    """It is found under each of them, once, and no longer under those that a put or a delete takes away."""
    database: InMemoryKeyValueDatabase[str, str] = InMemoryKeyValueDatabase(
        multi_indexes={"letter": lambda text: text}
    )
    database.put("b", "abba")
    database.put("a", "ac")
    assert database.find("letter", "a") == ["ac", "abba"]
    assert database.find("letter", "b") == ["abba"]
    database.put("b", "ca")
    assert [database.find("letter", letter) for letter in "abc"] == [["ac", "ca"], [], ["ac", "ca"]]
    database.delete("a")
    assert [database.find("letter", letter) for letter in "abc"] == [["ca"], [], ["ca"]]


def test_find_goes_by_ascending_key() -> None:
    """Records found in an index come by key, and iteration goes by the order of putting."""
    database = pets(c=Pet("cat", "3"), a=Pet("cat", "1"), b=Pet("dog"), B=Pet("cat", "0"))
    assert [pet.colour for pet in database.find("kind", "cat")] == ["0", "1", "3"]
    assert [pet.colour for pet in database] == ["3", "1", None, "0"]


@pytest.mark.parametrize(
    ("after", "limit", "expected"),
    [
        (None, None, "abcde"),
        (None, 2, "ab"),
        ("b", 2, "cd"),
        ("b", None, "cde"),
        ("bb", 2, "cd"),
        ("", 1, "a"),
        ("d", 2, "e"),
        ("e", 2, ""),
        ("z", None, ""),
        (None, 0, ""),
        (None, 99, "abcde"),
    ],
)
def test_pages(after: str | None, limit: int | None, expected: str) -> None:
    """A page has at most `limit` records with keys above `after`, which need not exist."""
    database = pets(**{key: Pet("cat", key) for key in "ecadb"})
    assert "".join(pet.colour or "" for pet in database.find("kind", "cat", after=after, limit=limit)) == expected


def test_a_record_without_an_index_value_is_in_no_page() -> None:
    """A record whose index value is None is left out of that index and of no other."""
    database = pets(a=Pet("cat"))
    assert database.find("colour", None) == []
    assert database.find("kind", "cat") == [Pet("cat")]


def test_an_index_that_does_not_exist() -> None:
    """Finding in an unknown index raises KeyError and does not return an empty page."""
    with pytest.raises(KeyError, match="size"):
        pets().find("size", "big")


def test_a_page_does_not_change_later() -> None:
    """A page that was read does not change when the database does."""
    database = pets(a=Pet("cat"), b=Pet("cat"))
    page = database.find("kind", "cat")
    database.delete("a")
    database.put("b", Pet("dog"))
    assert page == [Pet("cat"), Pet("cat")]


def test_the_oldest_is_the_one_put_first() -> None:
    """The oldest key is the one added first among those left, and replacing its value does not change that."""
    database = pets(b=Pet("cat"), a=Pet("dog"))
    database.put("b", Pet("cow"))
    assert database.oldest() == ("b", Pet("cow"))
    database.delete("b")
    assert database.oldest() == ("a", Pet("dog"))
    database.delete("a")
    assert database.oldest() is None


class Agreement(RuleBasedStateMachine):
    """The database and a plain dictionary, which must agree after every operation."""

    keys = st.sampled_from("abcdefgh")
    values = st.builds(Pet, st.sampled_from(["cat", "dog"]), st.sampled_from([None, "red", "blue"]))

    def __init__(self) -> None:
        super().__init__()
        self.database = pets()
        self.model: dict[str, Pet] = {}

    @rule(key=keys, value=values)
    def put(self, key: str, value: Pet) -> None:
        self.database.put(key, value)
        self.model[key] = value

    @rule(key=keys)
    def delete(self, key: str) -> None:
        assert self.database.delete(key) == self.model.pop(key, None)

    @rule(key=keys, value=st.none() | values)
    def update(self, key: str, value: Pet | None) -> None:
        def change(before: Pet | None) -> Pet | None:
            assert before == self.model.get(key)
            return value

        assert self.database.update(key, change) == value
        if value is None:
            self.model.pop(key, None)
        else:
            self.model[key] = value

    @rule(key=keys)
    def refused_update(self, key: str) -> None:
        before = copy.copy(self.model)

        def refuse(_: Pet | None) -> Pet:
            raise Refused

        with pytest.raises(Refused):
            self.database.update(key, refuse)
        assert self.model == before

    @rule(kind=st.sampled_from(["cat", "dog", "cow"]), after=st.none() | keys, limit=st.none() | st.integers(0, 4))
    def find(self, kind: str, after: str | None, limit: int | None) -> None:
        found = self.database.find("kind", kind, after=after, limit=limit)
        ordered = sorted(self.model.items())
        expected = [pet for key, pet in ordered if pet.kind == kind and (after is None or key > after)]
        assert found == expected[:limit]

    @invariant()
    def agree(self) -> None:
        assert list(self.database) == list(self.model.values())
        assert len(self.database) == len(self.model)
        assert self.database.oldest() == next(iter(self.model.items()), None)
        for key in "abcdefgh":
            assert self.database.get(key) == self.model.get(key)
            assert (key in self.database) == (key in self.model)
        for colour in ("red", "blue"):
            expected = [pet for _, pet in sorted(self.model.items()) if pet.colour == colour]
            assert self.database.find("colour", colour) == expected


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
