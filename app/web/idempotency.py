"""`Idempotency-Key`: a POST that is sent again gets the answer of the first one, and nothing is done twice.

Source: draft-ietf-httpapi-idempotency-key-header. Only answers that say that something was done are kept: a request
that was refused has changed nothing.
"""

from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from app.access.keys import ApiKey
from app.ports.requests import EarlierRequest, RequestKey, StoredResponse
from app.runtime.service import Service
from app.web.permissions import key_of
from app.web.problems import ProblemError, invalid

IDEMPOTENCY_KEY = "idempotency-key"
_LONGEST_KEY = 255

#: How the OpenAPI description lists the header.
DESCRIPTION: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": _LONGEST_KEY},
    "description": "Any text that no other request has, such as a UUID. The same request with the same key gets the "
    "first answer again for a day, and does nothing. 409 while the first one is under way, 422 for another request",
}


async def answer_once(request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
    """The answer to the request, or to an earlier one of the same key.

    Raises ProblemError: 409 if that is still under way, 422 if it was another request or if the key is none.
    """
    given = request.headers.get(IDEMPOTENCY_KEY)
    if given is None:
        return await answer()
    service: Service = request.app.state.service
    requests = service.store.requests
    key = RequestKey(_sender(key_of(request)), _key(given))
    fingerprint = await _fingerprint(request)
    earlier = await requests.begin(key, fingerprint, service.clock.now())
    if earlier is not None:
        return _again(earlier, fingerprint)
    request.state.keyed_id = _digest(*key, fingerprint)
    stored: StoredResponse | None = None
    try:
        response = await answer()
        if response.status_code < 300:
            body = bytes(response.body).decode()
            stored = StoredResponse(status=response.status_code, body=body, etag=response.headers.get("etag"))
    finally:
        await requests.end(key, stored)
    return response


def keyed_id(request: Request) -> str | None:
    """An id that a repeat of the request has too; None if it has no `Idempotency-Key`.

    A request may have been carried out although its sender got a 503 or nothing. Then there is no answer to give
    again, so what must not be done twice has this id.
    """
    found: str | None = getattr(request.state, "keyed_id", None)
    return found


KeyedIdDep = Annotated[str | None, Depends(keyed_id)]


def _sender(key: ApiKey) -> str:
    """Identifies the key of the request, and what it may do.

    A new key with the name of an earlier one must not get the answers to that one. A key that may do less than before
    must not get answers that it may no longer see.
    """
    return _digest(key.id, key.may, key.organization_id or "")


def _key(given: str) -> str:
    if not 1 <= len(given) <= _LONGEST_KEY or not given.isprintable():
        raise _wrong_key(f"must be 1 to {_LONGEST_KEY} printable characters")
    return given


def _wrong_key(message: str) -> ProblemError:
    return invalid([{"type": "key", "loc": ("header", "Idempotency-Key"), "msg": message}])


async def _fingerprint(request: Request) -> str:
    url = request.url
    return _digest(request.method, url.path, url.query, (await request.body()).hex())


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _again(earlier: EarlierRequest, fingerprint: str) -> Response:
    if earlier.fingerprint != fingerprint:
        detail = "Idempotency-Key: another request has this key"
        raise ProblemError(
            422, detail, errors=[{"field": "Idempotency-Key", "message": "another request has this key"}]
        )
    if earlier.response is None:
        detail = "the first request with this Idempotency-Key is still under way"
        raise ProblemError(409, detail, headers={"retry-after": "1"})
    stored = earlier.response
    headers = {} if stored.etag is None else {"etag": stored.etag}
    return Response(stored.body, stored.status, headers, media_type="application/json")
