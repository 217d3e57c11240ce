"""Owns what is said on calls, one module per language. Pure.

Read first: `spoken.py`, which says what a language must have. The texts themselves are in `app.domain.languages`.
"""
