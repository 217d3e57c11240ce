"""Owns the routes: a module and a router for each resource.

Never imports a rule or a store: a route builds a command and renders the result.
Read first: `fanouts.py`; `messages.py` is the hot path.
"""
