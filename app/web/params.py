"""What routes take: the id in a path, the bounds of a page, the filter of a list, the service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationError

from app.access.keys import ApiKey
from app.intake import fields
from app.ports.store import ShiftFilter
from app.runtime.service import Service
from app.web.paths import restore_slashes
from app.web.permissions import key_of
from app.web.problems import invalid
from app.web.schemas import CaregiverOut, OrganizationOut, ShiftOut


async def _service(request: Request) -> Service:
    # A dependency that is not a coroutine would run in a thread.
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(_service)]


async def _sender(request: Request) -> ApiKey:
    return key_of(request)


#: Who sends the request.
SenderDep = Annotated[ApiKey, Depends(_sender)]


def _utf8(text: str) -> str:
    # The server has put this character in the place of bytes that are not UTF-8: different ids would become one.
    if "\ufffd" in text:
        raise ValueError("must be UTF-8")
    return text


Id = Annotated[fields.Id, BeforeValidator(restore_slashes), AfterValidator(_utf8), Path(description="An opaque id")]

After = Annotated[
    str,
    Query(max_length=128, description="Only ids above this one: `next` of the page before"),
    AfterValidator(fields.no_control),
]


def _decimal(value: object) -> object:
    # pydantic would also read "1.0", " 1" and "1_0" as numbers.
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("must be a number in decimal digits")
    return value


UpdatedAfter = Annotated[
    fields.Time | None,
    Query(
        description="Only what changed later than this time, in the order of `updated_at`. "
        "`after` is then the `next` of the page before, or left out"
    ),
]
_TIME = TypeAdapter(fields.Time)


async def _position(after: After = "", updated_after: UpdatedAfter = None) -> str | datetime:
    if updated_after is None:
        return after
    if not after:
        return updated_after
    try:
        return max(updated_after, _TIME.validate_python(after))
    except ValidationError:
        what = "must be the `next` of a page of what changed after a time"
        raise invalid([{"type": "after", "loc": ("query", "after"), "msg": what}]) from None


#: After what a page of a list begins: an id, or the time of a change.
PositionDep = Annotated[str | datetime, Depends(_position)]


def next_position(
    position: str | datetime, items: Sequence[CaregiverOut | OrganizationOut | ShiftOut], *, more: bool
) -> str | None:
    """The `next` of a page of these items that began after `position`; None if there are no more."""
    if not more:
        return None
    last = items[-1]
    return last["id"] if isinstance(position, str) else _TIME.dump_python(last["updated_at"], mode="json")


Limit = Annotated[int, Query(ge=1, le=1000), BeforeValidator(_decimal)]
#: The ids of log entries are numbers, which PostgreSQL keeps in 64 bits. Their readers know them as strings.
AfterEntry = Annotated[
    int,
    Query(ge=0, le=2**63 - 1, description="Only entries after the one of this id: `next` of the page before"),
    BeforeValidator(_decimal),
]
#: PostgreSQL keeps generations in 32 bits.
Generation = Annotated[int, Query(ge=1, le=2**31 - 1), BeforeValidator(_decimal)]


async def _shift_filter(
    sender: SenderDep,
    status: Literal["open", "claimed"] | None = None,
    organization_id: fields.Id | None = None,
    role: Annotated[fields.Role | None, Query(description="Compared without case and spacing")] = None,
    starts_from: Annotated[fields.Time | None, Query(description="Starts at this time or later")] = None,
    starts_before: Annotated[fields.Time | None, Query(description="Starts earlier than this time")] = None,
    text: Annotated[
        str | None,
        Query(max_length=200, description="Part of id, role, organization or location, without case and spacing"),
        AfterValidator(fields.no_control),
    ] = None,
) -> ShiftFilter:
    return ShiftFilter(
        claimed=None if status is None else status == "claimed",
        organization_id=organization_id,
        role=role,
        starts_from=starts_from,
        starts_before=starts_before,
        text=text,
        within=sender.organization_id,
    )


ShiftFilterDep = Annotated[ShiftFilter, Depends(_shift_filter)]
