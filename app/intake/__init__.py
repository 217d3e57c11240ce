"""Checks the organizations, caregivers and shifts in PUT bodies and data files, and turns them into records.

Never imports a rule, a store, the runtime or a web framework.
Read first: `bodies.py`, the three shapes; then `data_file.py`.
"""
