"""Owns what runs: the engine that applies commands, the worker that sends, their start and stop.

Never imports an adapter (a store, a notifier), HTTP, or the settings.
Read first: `engine.py`, then `worker.py`.
"""
