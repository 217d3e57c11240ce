"""Owns the rules: what follows from each command in a given state.

Never imports anything outside `app.domain`. Only `app.runtime` imports the rules; it passes `decide` to `transition`
of the store.
Read first: `decide.py`, the single entry point; then `fanouts.py`, the life of a fanout.
"""
