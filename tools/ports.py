"""Free ports of the loopback interface, for servers that tests and benchmarks start."""

import socket


def free_port() -> int:
    """A port that no process listens on. Another process may take it before the caller does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
