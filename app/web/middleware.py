"""What every request passes before FastAPI sees it: the key, the size of the body, the start of the service.

Plain ASGI. `POST /messages/inbound` is answered here: FastAPI's layers cost more than the answer itself (ADR 4).
"""

import asyncio
import logging
from collections.abc import Collection, Mapping

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access.keys import ANYBODY, SIGNING_GATEWAY, ApiKey
from app.errors import StoreUnavailable
from app.observability.current_request import current_request
from app.runtime.service import Service
from app.web.authentication import Authentication
from app.web.paths import path_in_app, protect_slashes
from app.web.problems import ProblemError, fault, problem_response, unavailable
from app.web.query import check_parameters
from app.web.routes.bulk import LIST_PATHS
from app.web.routes.docs import DOCS_PATH, docs_page_without_key
from app.web.routes.messages import INBOUND_PATH, answer_inbound
from app.web.routes.operations import ENGINE_PATH, METRICS_PATH
from app.web.routes.probes import HEALTH_PATH, READY_PATH

log = logging.getLogger("shift_fanout.http")

LONGEST_BODY_BYTES = 64 * 1024
#: For a list of records.
LONGEST_LIST_BYTES = 1024 * 1024
#: Seconds. A request that is never finished must not keep the process from stopping.
BODY_WITHIN_S = 5.0

_PROBES = frozenset({HEALTH_PATH, READY_PATH})
#: The paths that a worker process answers.
_OF_A_WORKER = _PROBES | {ENGINE_PATH, METRICS_PATH}
#: The methods that pages and their files have.
_READING = frozenset({"GET", "HEAD"})


class RequestGate:
    """Lets requests through to the application behind it, and answers those that may not pass."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: Service,
        authentication: Authentication,
        public_paths: Collection[str],
        signed_paths: Collection[str] = (),
        probes_only: bool = False,
        body_within_s: float = BODY_WITHIN_S,
    ) -> None:
        """Requests that read `public_paths`, and probes, never need a key.

        `signed_paths`: requests to these are signed, and need no key. Their routes check the signature.

        `probes_only`: requests for anything but the probes, the health of the engine and the figures get a 404.
        `body_within_s`: the time in which the body must come.
        """
        self._app = app
        self._service = service
        self._probes_only = probes_only
        self._body_within_s = body_within_s
        self._public_paths = frozenset(public_paths)
        self._signed_paths = frozenset(signed_paths)
        self._authentication = authentication

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = path_in_app(scope)
        if scope["method"] == "HEAD":
            send = _without_body(send)
        body: bytes | None = None
        # If a name comes twice, the last one counts.
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            key = self._check(path, scope, headers)
            body = await _read_body(receive, self._body_within_s, _longest_body(path, scope))
            signed = self._authentication.check_signature(headers, body) if key is SIGNING_GATEWAY else None
            _name_sender(scope, key, logged=not self._is_public(path, scope))
            await self._start_service(path)
            # A request with an Idempotency-Key may get a stored answer, which only its route can find.
            keyed = b"idempotency-key" in headers and signed is None
            if path == INBOUND_PATH and scope["method"] == "POST" and not keyed:
                if scope["query_string"]:
                    check_parameters(scope["query_string"])
                response = await answer_inbound(self._service, body, key, signed)
            else:
                response = None
        except ClientDisconnect:
            return
        except ProblemError as exc:
            response = self._refuse(exc, path, scope)
            if body is None and _has_body(scope):
                # Otherwise the server reads on for as long as the client sends.
                response.headers["connection"] = "close"
        except StoreUnavailable as exc:
            response = problem_response(unavailable(exc.reason))
        except Exception:
            log.exception("request.fault")
            response = problem_response(fault())
        if response is not None:
            await response(scope, receive, send)
        else:
            await self._app(protect_slashes(scope), _body_first(body or b"", receive), send)

    def _check(self, path: str, scope: Scope, headers: Mapping[bytes, bytes]) -> ApiKey:
        """Who sends the request: anybody, where no key is needed.

        Raises ProblemError if the head of the request is enough to refuse it.
        """
        if self._probes_only and path not in _OF_A_WORKER:
            raise ProblemError(
                404, "this process is a worker (FANOUT_ROLE): it answers /health, /health/engine, /ready and /metrics"
            )
        key = ANYBODY if self._is_public(path, scope) else self._authentication.sender(path, scope, headers)
        length = headers.get(b"content-length", b"")
        longest = _longest_body(path, scope)
        if length.isdigit() and int(length[:20]) > longest:
            raise _too_large(longest)
        encoding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
        if encoding not in ("", "identity") and _has_body(scope):
            detail = f"a body with Content-Encoding {encoding[:40]!r} is not read: send it without an encoding"
            # The answer says which ones would do (RFC 9110, 15.5.16).
            raise ProblemError(415, detail, headers={"accept-encoding": "identity"})
        return key

    def _is_public(self, path: str, scope: Scope) -> bool:
        """Whether nobody needs a key for the request."""
        read = path in self._public_paths and scope["method"] in _READING
        return path in _PROBES or path in self._signed_paths or read

    def _refuse(self, error: ProblemError, path: str, scope: Scope) -> Response:
        """The response to a refused request: a problem, or the page that asks a browser for the key to /docs."""
        if error.status_code == 401 and path == DOCS_PATH and scope["method"] in _READING:
            accepted = b",".join(value for name, value in scope["headers"] if name == b"accept")
            if b"text/html" in accepted:
                return docs_page_without_key()
        return problem_response(error)

    async def _start_service(self, path: str) -> None:
        """Start the service unless it has started. Raises StoreUnavailable, except for the health check."""
        try:
            await self._service.start()
        except StoreUnavailable:
            if path != HEALTH_PATH:
                raise


def _name_sender(scope: Scope, key: ApiKey, *, logged: bool) -> None:
    """Let the routes know who sends the request; and the lines of the log, unless it is somebody without a key."""
    scope.setdefault("state", {})["key"] = key
    request = current_request.get()
    if request is not None and logged:
        request.actor = key.name


def _has_body(scope: Scope) -> bool:
    """Whether the head of the request announces a body (RFC 9112, section 6)."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0") != b"")
        for name, value in scope["headers"]
    )


def _longest_body(path: str, scope: Scope) -> int:
    """The bytes that a body may have: more if it is a list of records."""
    return LONGEST_LIST_BYTES if path in LIST_PATHS and scope["method"] == "PUT" else LONGEST_BODY_BYTES


async def _read_body(receive: Receive, within_s: float, longest: int) -> bytes:
    """The whole body.

    Raises ProblemError if it is too large, whatever length it claimed, or if it does not come in time, and
    ClientDisconnect if the client goes away before its end.
    """
    body = b""
    more = True
    try:
        async with asyncio.timeout(within_s):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                body += message.get("body", b"")
                if len(body) > longest:
                    raise _too_large(longest)
                more = message.get("more_body", False)
    except TimeoutError:
        detail = f"the body did not come within {within_s:g} s"
        raise ProblemError(408, detail) from None
    return body


def _too_large(longest: int) -> ProblemError:
    return ProblemError(413, f"the body is larger than {longest} bytes")


def _body_first(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body, which has been read, and then whatever comes after it."""
    given = False

    async def receive_body_first() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_body_first


def _without_body(send: Send) -> Send:
    """A `send` that leaves out the content, as the answer to a HEAD must (RFC 9110, 9.3.2)."""

    async def send_head(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return send_head
