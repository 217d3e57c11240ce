"""The parts of the schema, and whether a database has them.

A version number alone says little: a migration may have been changed after it was applied, or somebody may have
changed a table by hand. Then writes would fail.
"""

from collections.abc import Iterable
from importlib.resources import files

#: One row per part: columns, indexes, triggers and functions; first the version. Constraints are left out:
#: PostgreSQL 18 lists more of them than 15.
PARTS = """
WITH ours AS (
    SELECT c.oid, c.relname FROM pg_class c
    WHERE c.relkind = 'r' AND pg_table_is_visible(c.oid)
        AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
)
SELECT 'version' AS kind, coalesce(max(version), 0)::text AS name,
    coalesce(max(coalesce(works_with, version)), 0)::text AS description
FROM schema_migrations
UNION ALL
SELECT 'column', ours.relname || '.' || a.attname,
    format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN a.atthasdef THEN ' default' ELSE '' END
FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'index', i.relname, 'on ' || ours.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END
FROM ours JOIN pg_index x ON x.indrelid = ours.oid JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indisvalid
UNION ALL
SELECT 'trigger', t.tgname, 'on ' || ours.relname FROM ours JOIN pg_trigger t ON t.tgrelid = ours.oid
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
UNION ALL
SELECT 'function', proname, '' FROM pg_proc
WHERE proname IN ('expect_rows', 'next_update', 'next_updates') AND pg_function_is_visible(oid)
"""

#: Kind, name, description.
Part = tuple[str, str, str]


def expected_parts() -> set[Part]:
    """The parts that the schema of this program's version has: the lines of `schema.txt`."""
    text = (files("app.stores.postgres") / "schema.txt").read_text(encoding="utf-8")
    return {(kind, name, description) for kind, name, description in (line.split("\t") for line in text.splitlines())}


def wrong_part(rows: Iterable[tuple[object, ...]]) -> str | None:
    """The first part that is missing, is of another kind, or makes writes fail; None if there is none.

    `rows`: those of PARTS. Further indexes, tables and columns do no harm, unless a column must be given a value.
    """
    found = {(str(kind), str(name), str(description)) for kind, name, description in rows}
    wanted = expected_parts()
    tables = {name.partition(".")[0] for kind, name, _ in wanted if kind == "column"}
    needs_a_value = {
        part
        for part in found - wanted
        if part[0] == "column" and part[1].partition(".")[0] in tables and part[2].endswith(" not null")
    }
    wrong = (wanted - found) | needs_a_value
    return " ".join(min(wrong)[:2]) if wrong else None
