"""The rows about PostgreSQL: the service on a server of its own, next to raw statements on the same server."""
