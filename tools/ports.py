"""Free ports of the loopback interface, for servers that tests and benchmarks start."""

import random
import socket

#: Systems give no port below 32,768 to a connection that somebody opens meanwhile.
_PORTS = range(16_384, 32_768)
#: Hypothesis gives `random` the same seed in each process of the tests.
_RANDOM = random.SystemRandom()


def free_port() -> int:
    """A port that no process listens on. Another process may take it before the caller does."""
    while True:
        port = _RANDOM.choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
