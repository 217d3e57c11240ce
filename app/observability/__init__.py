"""Owns what an operator sees of the process: its log.

Never imports anything of the app but `app.domain.phone_numbers`, which masks numbers.
Read first: `logs.py`.
"""
