"""The shift-fanout service."""

__version__ = "0.1.0"
