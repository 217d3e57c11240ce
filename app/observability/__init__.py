"""Owns what operators can see of the running process: its log.

Never imports anything from `app` except `app.domain.phone_numbers`, which masks phone numbers.
Read first: `logs.py`.
"""
