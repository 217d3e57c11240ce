"""The store in PostgreSQL, for as many processes as one database carries. Needs the extra `postgres`.

Imported by `app.bootstrap` and `app.cli` only, and only where a database is asked for.
"""
