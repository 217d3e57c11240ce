"""Migrations that have landed never change, and a schema that is not what its version says is noticed."""

import hashlib
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from fakes import FakeClock
from store_driver import POLICY, Driver

from app.domain.commands import DeleteCaregiver, PutCaregiver
from app.domain.records import Caregiver
from app.domain.rules.decide import decide
from app.errors import StartRefused, StoreUnavailable
from app.stores.postgres import schema
from app.stores.postgres.migrate import check_schema, migrate, migrations
from app.stores.postgres.store import PostgresStore
from tools.list_schema import lines_for
from tools.postgres import Server

#: Of each migration that has landed. Databases have it: another change needs another file.
FROZEN = {
    1: "81f4699f9e3e194849f7339de0313218c3c024e5522ba0ffc7e36aa979e7e1af",
    2: "a3fc4fec8252d9f44d87e3eb4925618405baba5b723b396fcb1b8bdcd64c9066",
    3: "c3dd6603700d0345debf37e165e5c41e716935df099a105f1a58c939b4d1022b",
    4: "3d8112584f62775df8d56c06abab60aaebc87924a12d6e49e518d0d0883931e8",
    5: "5b1ad201abd40d17e59ae4f8e838fcac8dc6dbf841550cbaf9eaa896307798b2",
    6: "12b4ead78de57269ffc9ad5f3c71fceda5d6ab90feecd889b9340f3d97df3b40",
    7: "7a0d0aacf41d786740373e51cadaa6d794f79833732d73cc220338708dabd37f",
    8: "80c8d5ca4d86771801e426722d5a5d6b47d3d2d489dd200859d6e031b16a93b8",
    9: "85a090710ec7b355969db36759e557c667543d033ccc95dafe4fc724e81129ec",
    10: "f18478b2927cbe0c7776e32e2725da7bbaeb0edb65147ba143cd91279b117883",
    11: "86233eb89e9a841f731bead114be1af7f424a0c121c36e81ef9994639bc7526d",
    12: "a64fb7862aa11f116309ae5c5828fc59b4e16b6f3b53606e32634b8a3c400ce7",
    13: "afd938983a83d388566040c62aaecef9b69c9d8dcf08681ddd316140556aa557",
    14: "96394a4fbaf2c07e5c79323165ff86b9fec72791c0fc8c75622eaa6a9b12b23b",
    15: "ebbb44e8158f15b13cfae45810aeafe89c3d437d2822cf493d3708b2c95e0cbd",
    16: "6ce6de9d6804f465ccd4960b53b11e9f3e3610f55481020fa098b705b6ec72b1",
    17: "e6ef06c2614835d8b71149a199d4c16e901af673a85aa94f3a4905caadee50a9",
    18: "a6cc876dfd459827ad6f8244b1d5c07ad5ddfeb8d2c06d0a9ffd208223f2480d",
    19: "4e43ea43fa43c22e04afefb433a088e1fee33f025ac07aa7cd73fcd5a81b371e",
    20: "8a049e8f305848a6048197dd0d78028cede7237662bfc3eee960d6ffd0b8a81c",
    21: "4a1c2771ebb891597b40053fe12e0d27442826c2f2fab688197dbe35f3fdcb39",
    22: "bdafd312fa084e2029b1752da8266322655720c9de574e7fc9a85b8280c05b7d",
}


def test_a_migration_that_has_landed_is_not_changed() -> None:
    """Its script is the one that was applied. Only the last migration may still be in the making."""
    hashes = {one.version: hashlib.sha256(one.script.encode()).hexdigest() for one in migrations()}
    assert {version: hashes[version] for version in FROZEN} == FROZEN
    assert len(hashes) - len(FROZEN) <= 1


def test_the_list_of_parts_is_that_of_the_migrations(database_url: str) -> None:
    """After a change of a migration, `python -m tools.list_schema` writes the list again."""
    assert (Path(schema.__file__).parent / "schema.txt").read_text(encoding="utf-8") == lines_for(database_url)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("ALTER TABLE notices DROP COLUMN handed_over_at", "column notices.handed_over_at"),
        ("ALTER TABLE contacts ALTER COLUMN attempts TYPE bigint", "column contacts.attempts"),
        ("ALTER TABLE offers ADD COLUMN listed boolean NOT NULL", "column offers.listed"),
        ("ALTER TABLE inbound_messages DROP CONSTRAINT inbound_messages_pkey", "index inbound_messages_pkey"),
        ("DROP INDEX contacts_queued", "index contacts_queued"),
        ("DROP TRIGGER index_caregiver_roles ON caregivers", "trigger index_caregiver_roles"),
        ("ALTER TABLE caregivers DISABLE TRIGGER fill_caregiver_lists", "trigger fill_caregiver_lists"),
        ("DROP FUNCTION expect_rows", "function expect_rows"),
        ("DROP TABLE exclusions", "column exclusions.caregiver_id"),
    ],
)
async def test_another_schema_under_the_same_version_is_noticed(database_url: str, change: str, part: str) -> None:
    """The start is refused, and a process that runs is not ready; both name the part."""
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    await store.check()
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(change.encode())
    with pytest.raises(StartRefused, match=f"not that of version [0-9]+: see {part}"):
        check_schema(database_url)
    with pytest.raises(StoreUnavailable, match=part):
        await store.check()
    await store.aclose()


async def test_what_does_no_harm_is_allowed(database_url: str) -> None:
    """An operator's own table, index and column, and a later version that works with this program."""
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute("CREATE TABLE own (id integer PRIMARY KEY)")
        server.execute("CREATE INDEX own_index ON contacts (updated_at)")
        server.execute("ALTER TABLE contacts ADD COLUMN own text, ADD COLUMN more integer NOT NULL DEFAULT 0")
    check_schema(database_url)
    last = migrations()[-1].version
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute("INSERT INTO schema_migrations VALUES (%s, %s)", (last + 1, last))
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    await store.check()
    await store.aclose()


async def test_caregivers_of_the_schema_before_have_lists(postgres: Server) -> None:
    """The migration fills the lists from the single fields, which a program of the version before goes on writing."""
    url = postgres.new_database(empty=True)
    migrate(url, [step for step in migrations() if step.version < 7])
    put = (
        "INSERT INTO caregivers (id, name, role, phone, organization_id, role_key) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET role = excluded.role, phone = excluded.phone,"
        " organization_id = excluded.organization_id, role_key = excluded.role_key"
    )
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(put, ("ann", "Ann", "RN", "+15550001", None, "rn"))
        server.execute(put, ("bob", "Bob", "CNA", "+15550002", "org", "cna"))
    migrate(url)
    store = PostgresStore(url, FakeClock())
    await store.open()
    driver = Driver(store)

    async def found() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        return [(one.id, one.roles, one.organization_ids) for one, _ in await store.caregivers("", 9)]

    async def nurses() -> list[str]:
        return [one.id for one in await driver.read(lambda state: state.roster("rn", "", 9))]

    assert await found() == [("ann", ("RN",), ()), ("bob", ("CNA",), ("org",))]
    assert await nurses() == ["ann"]
    both = Caregiver(id="bob", name="Bob", roles=("CNA", "RN"), phone="+15550002", organization_ids=("org", "b"))
    await driver.put_caregivers(both)
    assert await nurses() == ["ann", "bob"]
    with psycopg.connect(url, autocommit=True) as server:
        # The same single values as before: the lists stay. Other values: they replace the lists.
        server.execute(put, ("bob", "Bob", "CNA", "+15550002", "org", "cna"))
        assert await found() == [("ann", ("RN",), ()), ("bob", ("CNA", "RN"), ("org", "b"))]
        server.execute(put, ("bob", "Bob", "LPN", "+15550002", None, "lpn"))
        server.execute(put, ("cat", "Cat", "RN", "+15550003", "b", "rn"))
    assert await found() == [("ann", ("RN",), ()), ("bob", ("LPN",), ()), ("cat", ("RN",), ("b",))]
    assert await nurses() == ["ann", "cat"]
    await store.aclose()
    postgres.drop(url)


_LISTED = """
SELECT caregiver_id || ' ' || role_key FROM caregiver_roles
UNION ALL SELECT caregiver_id || ' of ' || organization_id FROM caregiver_organizations ORDER BY 1
"""


async def test_the_lists_of_roles_and_organizations_follow_the_caregivers(database_url: str) -> None:
    """Caregivers that are added in one statement, changed and deleted: no row is missing, and none is left."""
    store = PostgresStore(database_url, FakeClock())
    await store.open()
    driver = Driver(store)
    ann = Caregiver(id="ann", name="Ann", roles=("RN", "CNA"), phone="+15550001", organization_ids=("a", "b"))
    bob = Caregiver(id="bob", name="Bob", roles=("RN",), phone="+15550002")
    puts = [PutCaregiver(caregiver=one, now=driver.now) for one in (ann, bob)]
    await store.transitions(puts, lambda state, command: decide(state, command, POLICY))
    with psycopg.connect(database_url, autocommit=True) as server:

        def listed() -> list[str]:
            return [str(row[0]) for row in server.execute(_LISTED)]

        assert listed() == ["ann cna", "ann of a", "ann of b", "ann rn", "bob of ", "bob rn"]
        await driver.put_caregivers(replace(ann, roles=("LPN", "CNA"), organization_ids=()))
        assert listed() == ["ann cna", "ann lpn", "ann of ", "bob of ", "bob rn"]
        await driver.do(DeleteCaregiver(caregiver_id="ann", now=driver.now))
        assert listed() == ["bob of ", "bob rn"]
    await store.aclose()


async def test_a_missing_schema_is_named(postgres: Server) -> None:
    """Both say what to run."""
    url = postgres.new_database(empty=True)
    with pytest.raises(StartRefused, match="run `shift-fanout migrate`"):
        check_schema(url)
    store = PostgresStore(url, FakeClock())
    await store.open()
    with pytest.raises(StoreUnavailable, match="run `shift-fanout migrate`"):
        await store.check()
    await store.aclose()
    migrate(url)
    check_schema(url)
    postgres.drop(url)
