"""Owns the command line, `shift-fanout`. The table `COMMANDS` in `main.py` lists the subcommands.

Never imports psycopg or a store at the top of `main.py`, so that the extra stays optional and `--help` is quick.
Read first: `main.py`.
"""
