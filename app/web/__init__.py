"""Owns HTTP: requests become commands, results become responses and problems. No rule, no adapter.

Never imports a rule, a store, the settings or the board. Only `routes/twilio.py` imports a notifier: it speaks
Twilio's language.
Read first: `application.py`, then `middleware.py` (what every request passes) and `routes/`.
"""
