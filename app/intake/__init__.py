"""Owns caregivers and shifts as people write them, in PUT bodies and in the data file: checks them, makes records.

Never imports a rule, a store, the runtime or a web framework.
Read first: `bodies.py`, the two shapes; then `data_file.py`.
"""
