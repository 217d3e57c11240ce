"""Owns caregivers and shifts as people write them: PUT bodies and the data file, checked and turned into records.

Never imports a rule, a store, the runtime or HTTP.
Read first: `data_file.py`.
"""
