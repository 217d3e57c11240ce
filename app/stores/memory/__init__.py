"""Owns the memory store: the records in key/value databases, and the queue of messages to send.

Never imports a rule, the runtime, HTTP or the PostgreSQL store.
Read first: `store.py`.
"""
