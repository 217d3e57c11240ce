"""Owns the benchmarks: `uv run python -m bench` prints one table, each figure next to a baseline of the same run.

No module of the service imports it. Read first: `__main__.py` (what is measured) and `throughput.py` (how).
"""
