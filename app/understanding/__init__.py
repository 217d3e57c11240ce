"""Owns how the text of a reply becomes an intent: spelling, phrases, and the ordered rules.

Never imports I/O, asyncio, a clock, HTTP, a store or a port: reading a reply is a pure function.
Read first: `rules.py`; then `tokens.py` (words) and `labelling.py` (phrases).
"""
