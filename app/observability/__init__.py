"""Owns what operators can see of the running process: its log, its figures and its traces.

Never imports anything from `app` except records of `app.domain` and the ports `Meter` and `Tracer`.
Read first: `logs.py`.
"""
