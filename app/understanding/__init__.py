"""Owns the way from a reply's words to a `Reading`: spelling, phrases, and the ordered rules.

Never imports I/O, asyncio, a clock, HTTP, a store or a port: reading a reply is a pure function.
Read first: `rules.py`, the rules in their order; then `tidying`, `tokens` and `cover`, the steps from text to
labelled phrases; and `weighing`, which says what they mean, with `named_facts` for the days, hours and places.
`phrases/` holds the tables.
"""
