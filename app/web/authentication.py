"""Who sends a request: the owner of its key, or a gateway that signs what it posts. No routes."""

from collections.abc import Collection, Mapping

from starlette.types import Scope

from app.access.keyring import Keyring
from app.access.keys import ANYBODY, SIGNING_GATEWAY, ApiKey
from app.access.wrong_keys import WrongKeys
from app.notifiers.standard_webhooks import Signed, Verifier
from app.ports.clock import Clock
from app.web.problems import ProblemError


class Authentication:
    """Finds out who sends a request, by its head and its body."""

    def __init__(
        self,
        keyring: Keyring,
        clock: Clock,
        *,
        signing_secrets: Collection[str] = (),
        signed_paths: Collection[str] = (),
    ) -> None:
        """`signing_secrets`: each of them may sign what is posted to `signed_paths`, which then needs no key."""
        self._keyring = keyring
        self._clock = clock
        self._verifier = Verifier(signing_secrets, clock) if signing_secrets else None
        self._signed_paths = frozenset(signed_paths)
        self.wrong_keys = WrongKeys()

    def sender(self, path: str, scope: Scope, headers: Mapping[bytes, bytes]) -> ApiKey:
        """The owner of the key in the head of a request.

        SIGNING_GATEWAY if the request should be signed instead: then the caller must call `check_signature` once the
        body is there. Raises ProblemError: 401 if there is no key or a wrong one, 429 after too many wrong ones.
        """
        signed = self._verifier is not None and path in self._signed_paths and scope["method"] == "POST"
        credentials = headers.get(b"authorization")
        if signed and (b"webhook-signature" in headers or not self._keyring.needed or credentials is None):
            return SIGNING_GATEWAY
        if not self._keyring.needed:
            return ANYBODY
        if credentials is None:
            raise _without_key()
        found = self._keyring.find(_bearer_of(credentials))
        if found is None:
            self._refuse_wrong_key(scope)
            raise _without_key()
        return found

    def still_belongs_to(self, sender: ApiKey, credentials: bytes | None) -> bool:
        """Whether a request of that sender with these credentials would be let in as theirs now.

        An answer that does not end must ask again: its key may have been revoked, or may do less than before.
        """
        if not self._keyring.needed:
            return True
        return credentials is not None and self._keyring.find(_bearer_of(credentials)) == sender

    def check_signature(self, headers: Mapping[bytes, bytes], body: bytes) -> Signed:
        """The id and the time that the gateway has signed with this body.

        Raises ProblemError (401) if the signature is missing, wrong or too old.
        """
        signed = None if self._verifier is None else self._verifier.verify(headers, body)
        if signed is None:
            raise _without_key("send a valid webhook-id, webhook-timestamp and webhook-signature, or a key")
        return signed

    def _refuse_wrong_key(self, scope: Scope) -> None:
        """Count it. Raises ProblemError (429) if the client has sent too many."""
        client = scope.get("client")
        wait = self.wrong_keys.add(client[0] if client else "unknown", self._clock.now())
        if wait is not None:
            retry_after = {"retry-after": str(int(wait.total_seconds()) + 1)}
            raise ProblemError(429, "too many requests with a wrong key", headers=retry_after)


def _bearer_of(credentials: bytes) -> bytes:
    """The key in an Authorization header; if there is none, a text that is no key."""
    scheme, _, key = credentials.partition(b" ")
    return key.strip() if scheme.lower() == b"bearer" else b""


def _without_key(detail: str = "send Authorization: Bearer and the key") -> ProblemError:
    return ProblemError(401, detail, headers={"www-authenticate": "Bearer"})
