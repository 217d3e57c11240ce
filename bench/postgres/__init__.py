"""Owns the benchmarks with PostgreSQL: the service, and raw statements as a baseline, on a server of their own."""
