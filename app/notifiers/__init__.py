"""Owns the ways to a provider: one module for each, all behind the port `Notifier`. The stub is `app/notifier.py`.

Never imports a rule, a store, the runtime or a web framework.
Read first: `app/ports/notifier.py`, which says what a notifier promises; then `webhook.py`.
"""
