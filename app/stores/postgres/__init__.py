"""Owns the PostgreSQL store, which any number of processes may share. Needs the extra `postgres`.

Never imports a rule, the runtime, HTTP or the memory store; only `app.bootstrap` and `app.cli` import it.
Read first: `store.py`; then `prefetch.py` (what a decision reads and locks), `loading.py` and `saving.py`.
"""
