"""Signatures of webhooks: they prove that a request comes from the provider. Pure.

Source: https://www.twilio.com/docs/usage/security#validating-requests and Twilio's own libraries. A signature has no
time, so a recorded request stays valid: drop repeats by the id of the message or call.
"""

import hmac
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha1, sha256
from urllib.parse import parse_qs, parse_qsl, urlsplit

Pairs = Sequence[tuple[str, str]]

FORM = "application/x-www-form-urlencoded"
#: Anybody can send a form, and it is sorted before it is known to be signed. Providers send fewer than 100 fields.
_MOST_FIELDS = 500
#: The scheme, user and host of a URL; its port; the rest. A host may be an IPv6 address in brackets.
_URL = re.compile(r"(https?://(?:[^/?#@]*@)?(?:\[[^]]*\]|[^/?#@:]*))(:[0-9]*)?([/?#].*)?", re.DOTALL | re.IGNORECASE)


def sign(token: str, url: str, pairs: Pairs = ()) -> str:
    """The signature of a request, in base64.

    `pairs`: name and value of every form field. The order does not matter.
    """
    text = url + "".join(name + value for name, value in sorted(pairs))
    return b64encode(hmac.digest(token.encode(), text.encode(), sha1)).decode()


def signed_url(public_url: str, path: str, query: str) -> str:
    """The URL that the provider signed: ours as it knows it, not as a proxy passed the request on.

    `public_url`: what the provider sees in front of our paths, from the settings. `path` and `query`: as they came in
    the request, still percent-encoded, because the signature covers their spelling.
    """
    return public_url.rstrip("/") + path + (f"?{query}" if query else "")


def is_signed(given: str | None, *, tokens: Iterable[str], url: str, content_type: str | None, body: bytes) -> bool:
    """Whether `given`, the value of the signature header, is a signature of the request by one of the tokens.

    `tokens`: more than one while the operator replaces a token by another. `url`: see `signed_url`. A form is covered
    field by field, also those without a value. Any other body is covered if the query has its SHA-256 as
    `bodySHA256`; without that it is refused.
    """
    pairs = _covered(url, content_type, body)
    if given is None or pairs is None:
        return False
    accepted = False
    for token in tokens:
        for spelling in _spellings(url):
            # If a field is repeated with the same value, some of Twilio's own libraries sign it once, others twice.
            for fields in (pairs, tuple(set(pairs))):
                expected = sign(token, spelling, fields)
                # Compare with all of them, so that the time does not depend on which one is right.
                accepted |= hmac.compare_digest(expected.encode(), given.encode(errors="replace"))
    return accepted


def _covered(url: str, content_type: str | None, body: bytes) -> Pairs | None:
    """The form fields that the signature covers; None if the body is not covered."""
    if not body:
        return ()
    if (content_type or "").partition(";")[0].strip().lower() == FORM:
        try:
            return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            # Not UTF-8, or more fields than any provider sends.
            return None
    given = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    return () if hmac.compare_digest(sha256(body).hexdigest().encode(), given.encode(errors="replace")) else None


def _spellings(url: str) -> Iterator[str]:
    """The URL as it is, and with its port left out or its default port added: Twilio signs either."""
    yield url
    if found := _URL.fullmatch(url):
        host, port, rest = found.groups(default="")
        yield host + ("" if port else ":443" if url.lower().startswith("https") else ":80") + rest
