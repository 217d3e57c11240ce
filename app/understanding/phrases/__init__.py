"""Owns the phrases that the rules know, in the notation of `app.understanding.notation`, one table for each purpose.

Never imports anything but the notation: `app.understanding.rules` decides what a phrase means.
Read first: `acceptances.py`.
"""
