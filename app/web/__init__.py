"""Owns HTTP: requests become commands, results become responses and problems. No rule, no adapter.

Never imports a rule, a store, the settings or the board. From the notifiers it takes what reads requests: signatures,
and in `routes/twilio.py` the forms of Twilio.
Read first: `application.py`, then `middleware.py` (what every request passes) and `routes/`.
"""
