"""Owns the stores: `memory` (the default) and `postgres` (an extra), behind `app.ports.store.Store`.

Never imports a rule, the runtime or HTTP; the two stores never import each other.
Read first: `app/ports/store.py`, the contract; then `memory/store.py`.
"""
