"""What routes take: the id in a path, the bounds of a page, the service."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator, BeforeValidator

from app.intake import fields
from app.runtime.service import Service
from app.web.paths import restore_slashes


async def _service(request: Request) -> Service:
    # A dependency that is not a coroutine would run in a thread.
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(_service)]

Id = Annotated[fields.Id, BeforeValidator(restore_slashes), Path(description="An opaque id")]

After = Annotated[
    str,
    Query(max_length=128, description="Only ids above this one: `next` of the page before"),
    AfterValidator(fields.no_control),
]
Limit = Annotated[int, Query(ge=1, le=1000)]
