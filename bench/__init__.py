"""The benchmarks: `uv run python -m bench` prints one table, every figure next to a baseline of the same run."""
