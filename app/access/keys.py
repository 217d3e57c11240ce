"""A key of the API: its name, what it may do, and for which organization. No I/O."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

#: Shorter keys can be guessed. The service warns of them at the start.
SHORTEST_SAFE_KEY = 16
_ALGORITHM = "sha256:"


class Permission(StrEnum):
    """What a route wants, and what a key may do. Source of the words: docs/keys.md."""

    #: Post inbound messages and receipts.
    INBOUND = "inbound"
    #: Read everything.
    READ = "read"
    #: Do what a coordinator does: shifts, fanouts, assignments, caregivers, opt-ins.
    COORDINATE = "coordinate"
    #: Change organizations, besides all else.
    ADMIN = "admin"


#: What a key may do, by the word in the key file. A gateway's key reads nothing; a coordinator records answers, so
#: that key may post inbound messages too.
GRANTS: dict[Permission, frozenset[Permission]] = {
    Permission.INBOUND: frozenset({Permission.INBOUND}),
    Permission.READ: frozenset({Permission.READ}),
    Permission.COORDINATE: frozenset({Permission.INBOUND, Permission.READ, Permission.COORDINATE}),
    Permission.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """Who sends a request, as its key says. The key itself is stored nowhere."""

    #: The actor in the log.
    name: str
    may: Permission
    #: The only organization whose records the key sees and changes; None: all of them.
    organization_id: str | None = None
    #: Which key it is: a name may be given to another key later. Part of its hash; "" if no key was needed.
    id: str = ""

    def allows(self, permission: Permission) -> bool:
        """Whether the key may use a route that wants this permission."""
        return permission in GRANTS[self.may]


#: Whoever sends a request to a service without keys.
ANYBODY = ApiKey(name="office", may=Permission.ADMIN)
#: Whoever signs a request with FANOUT_INBOUND_SECRET.
SIGNING_GATEWAY = ApiKey(name="gateway", may=Permission.INBOUND)
#: The name of the key in FANOUT_API_KEY.
ADMIN_KEY_NAME = "key"
#: Names that no key in the file may have: in the log they would be taken for somebody else.
RESERVED_NAMES = frozenset({ADMIN_KEY_NAME, ANYBODY.name, SIGNING_GATEWAY.name, "caregiver", "service"})


def id_of(key_hash: str) -> str:
    """The `ApiKey.id` of the key with this hash."""
    return key_hash.removeprefix(_ALGORITHM)[:16]


def hash_of(key: bytes) -> str:
    """The hash of a key, as the key file has it.

    One SHA-256 is enough, because `shift-fanout keys add` draws keys of 256 random bits: nobody can try them all,
    so a slow hash with a salt, as passwords need it, would only make each request slower.
    """
    return _ALGORITHM + sha256(key).hexdigest()
