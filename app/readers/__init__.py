"""Owns the readers that read replies beside the rules, and what is taken out of a reply before one of them sees it.

Never imports a store, a rule of the domain, the runtime or HTTP routes.
Read first: `model.py`; `app/understanding/vetoes.py` says what such a reader may decide.
"""
