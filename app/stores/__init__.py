"""Owns the two stores, `memory` (the default) and `postgres` (an extra), and what they share.

Never imports a rule, the runtime or HTTP. The two stores never import each other.
Read first: `app/ports/store.py`, which specifies a store; then `memory/store.py`.
"""
