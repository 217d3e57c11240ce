"""Signatures of webhooks as the Standard Webhooks specification says (www.standardwebhooks.com, version 1)."""

from base64 import b64decode, b64encode
from hashlib import sha256
from hmac import digest


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
