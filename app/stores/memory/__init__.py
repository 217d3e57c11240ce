"""Owns the store in memory: records in the key/value database, and the queue of messages to send.

Never imports a rule, the runtime, HTTP or the PostgreSQL store.
Read first: `store.py`.
"""
