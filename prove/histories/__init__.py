"""Histories of the whole service, seen from outside: processes on one database, clients, and faults.

Owns how such a history is made, written to a file and checked. Read `run.py` first.
"""
