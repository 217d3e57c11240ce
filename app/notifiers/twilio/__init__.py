"""Owns all that is known about Twilio, and about providers that speak its language (SignalWire, Telnyx TeXML).

Never imports a rule, a store, the runtime, a web framework or Twilio's own library.
Read first: `notifier.py`, which implements the port; `client.py` makes its requests.
"""
