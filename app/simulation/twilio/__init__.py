"""Owns a simulated telephone company that speaks Twilio's API: texts, calls, TwiML and signed webhooks.

Never imports the service that it calls (`app.api`, the runtime, a store): it knows its webhooks only. The demo, the
tests and `fake-twilio` use it.
Read first: `company.py` (what it does with texts and calls); then `calls.py` (one call) and `api.py` (its HTTP).
"""
