"""Owns the simulated world around the service: telephones, the caregivers who hold them, and time.

The demo and the tests run the real service in it, without a provider. Only `app.cli` and the tests import it.
Read first: `phones.py` (what happens to a message); then `clock.py` (how time passes) and `demo.py`. The package
`twilio` is a telephone company that is called over HTTP, as the real one is.
"""
