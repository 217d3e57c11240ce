"""Owns the command line, `shift-fanout`: serve, demo, migrate, purge.

Never imports psycopg or a store at the top of a module: an extra stays an extra, and `--help` is quick.
Read first: `main.py`.
"""
