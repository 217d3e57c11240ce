"""Signatures of webhooks as the Standard Webhooks specification says (www.standardwebhooks.com, version 1)."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from hmac import compare_digest, digest
from typing import NamedTuple

from app.ports.clock import Clock

#: A request counts if its timestamp is at most this many seconds away from our clock. Source: the specification.
TOLERANCE_S = 300
#: The least number of bytes of a secret. Source: the specification.
SHORTEST_SECRET = 24
#: A sender that changes its secret signs with the old one and the new one.
_MOST_SIGNATURES = 10
#: Ids that can be stored. The specification wants printable ones without a full stop, but some senders use it.
_IDS = re.compile(rb"[!-~]{1,128}")
_DIGITS = 12


def secret_bytes(secret: str) -> bytes:
    """The key in a secret: `whsec_`, then base64. Raises ValueError if it is not base64."""
    return b64decode(secret.removeprefix("whsec_"), validate=True)


def signed_headers(key: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that sign this body. `timestamp`: seconds since 1970, when it is sent."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = b64encode(digest(key, signed, sha256)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


class Signed(NamedTuple):
    """What a valid signature says about a request."""

    #: The sender's id of the request, the same on every try.
    message_id: str


class Verifier:
    """Checks the signatures of requests that come in."""

    def __init__(self, secrets: Iterable[str], clock: Clock) -> None:
        """`secrets`: each as `secret_bytes` takes it; a request may be signed with any of them."""
        self._keys = tuple(secret_bytes(one) for one in secrets)
        self._clock = clock

    def verify(self, headers: Mapping[bytes, bytes], body: bytes) -> Signed | None:
        """What the headers (names in lower case) say, if they sign this body and the time is right; else None.

        The specification allows several signatures with spaces between them, of which one must be right.
        """
        message_id = headers.get(b"webhook-id", b"")
        timestamp = headers.get(b"webhook-timestamp", b"")
        if not (_IDS.fullmatch(message_id) and timestamp.isdigit() and len(timestamp) <= _DIGITS):
            return None
        if abs(self._clock.now().timestamp() - int(timestamp)) > TOLERANCE_S:
            return None
        signed = b"%b.%b.%b" % (message_id, timestamp, body)
        given = headers.get(b"webhook-signature", b"").split(b" ")[:_MOST_SIGNATURES]
        right = [b"v1," + b64encode(digest(key, signed, sha256)) for key in self._keys]
        # No early end: the time that it takes must not say which of them is nearly right.
        matches = [compare_digest(one, other) for one in given for other in right]
        return Signed(message_id.decode()) if any(matches) else None
