"""Owns the words of the texts, one module per language. Imports nothing from the app.

Read first: `wording.py`, which says what a language must have. `app.domain.texts` makes the texts.
"""
