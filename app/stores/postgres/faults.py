"""How the database can be out of reach."""

from app.errors import StoreUnavailable


class NoConnection(StoreUnavailable):
    """There is no connection to be had."""


class ConnectionLost(StoreUnavailable):
    """A connection that was there is not any more; there may be another."""
