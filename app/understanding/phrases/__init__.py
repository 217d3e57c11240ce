"""Owns the phrases that the rules know, in the notation of `app.understanding.notation`, one table for each purpose.

Never imports anything but the notation: what follows from a phrase is decided in `app.understanding.rules`.
Read first: `acceptances.py`.
"""
