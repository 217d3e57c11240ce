"""The proof of one winner: programs that look for a way to break the rules, and the mutants that show they can.

Owns what `just prove` runs. Nothing in `app` imports it. `docs/one-winner.md` says what each part shows and what it
does not. Read `states.py` first.
"""
