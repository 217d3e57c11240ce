"""Owns the ports: what a store, a notifier, a reader of replies, a clock and others promise. Specifications only.

Never imports an adapter, a rule, the runtime or HTTP.
Read first: `store.py`; the suites in `tests/stores` check both stores against it.
"""
