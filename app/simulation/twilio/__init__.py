"""Owns a simulated telephone company that speaks Twilio's API: texts, calls, TwiML and signed webhooks.

Never imports the service itself: it knows it by its webhooks only. The demo, the tests and `fake-twilio` use it.
Read first: `company.py` (what it does with texts and calls); then `calls.py` (one call) and `api.py` (its HTTP).
"""
