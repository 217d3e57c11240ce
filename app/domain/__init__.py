"""Owns every noun and every rule of filling a shift: records, commands, texts, and what follows from a command.

Never imports a port, an adapter, asyncio, HTTP, a clock or randomness: a decision is a pure function.
Read first: `rules/decide.py`.
"""
