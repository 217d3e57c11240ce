"""The version of a record: a text that changes whenever what the API shows of the record changes. Pure.

The same record has the same version in every store and process. A version of the program with other fields gives
other versions.
"""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import blake2b

from app.domain.messages import Silence
from app.domain.records import Assignment, Caregiver, Organization, Shift

#: In the place of a version: any version, as long as the record exists.
ANY_VERSION = "*"


def caregiver_version(record: Caregiver, *, opted_out: bool) -> str:
    """The version of a caregiver whose number has opted out or not: 32 hexadecimal digits."""
    return _digest(record, opted_out)


def shift_version(record: Shift, assignment: Assignment | None) -> str:
    """The version of a shift and its holder: 32 hexadecimal digits."""
    return _digest(record, assignment and assignment.caregiver_id)


def organization_version(record: Organization, silence: Silence | None) -> str:
    """The version of an organization: 32 hexadecimal digits. `silence`: why no alert goes to its office."""
    return _digest(record, silence)


def _digest(*parts: object) -> str:
    return blake2b(repr(_plain(parts)).encode(), digest_size=16).hexdigest()


def _plain(value: object) -> object:
    """The value in a form whose `repr` is the same for equal values, whatever library made them."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, str):
        return str(value)
    if is_dataclass(value):
        return tuple((one.name, _plain(getattr(value, one.name))) for one in fields(value) if one.compare)
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value
