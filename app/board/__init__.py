"""Owns the live board: what its viewers see, when they are told, and the page itself (`static/`).

Never imports a rule, a store or a notifier; `hub.py` and `rows.py` know no HTTP either.
Read first: `hub.py`.
"""
