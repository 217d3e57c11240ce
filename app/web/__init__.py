"""Owns HTTP: requests become commands, results become responses and problems. No rule, no adapter.

Never imports a rule, a store, a notifier, the settings or the board.
Read first: `application.py`, then `middleware.py` (what every request passes) and `routes/`.
"""
