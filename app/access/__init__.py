"""Owns who may use the API: the keys, what each may do, the file that lists them, and the limit on wrong ones.

Knows no HTTP and no rule: `app/web/permissions.py` and the gate ask here.
Read first: `keys.py`.
"""
