"""Owns the providers: each module hands a message to one of them, behind `app.ports.notifier.Notifier`.

Never imports a rule, a store, the runtime or HTTP serving. (The brief's stub, which logs, is `app/notifier.py`.)
Read first: `app/ports/notifier.py`, the contract; then `webhook.py`.
"""
