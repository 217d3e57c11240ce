"""Owns the way from a reply's words to a `Reading`: spelling, phrases, and the ordered rules.

Never imports I/O, asyncio, a clock, HTTP, a store or a port: reading a reply is a pure function.
Read first: `rules.py`, the rules in their order; then `tidying`, `tokens`, `clauses` and `evidence`, the steps from
text to labelled phrases; and `weighing`, which says what they come to.
`phrases/` holds the tables.
"""
