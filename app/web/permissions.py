"""What each route wants of the key of a request. Every route names one of these; a test checks that none is left out.

Besides that, a key of one organization gets a 404 for the records of others, whatever the route: their ids are looked
up here, before the route is reached. What a command changes is checked once more in its own transaction
(`app.domain.rules.access`).
"""

from fastapi import Depends, Request

from app.access.keys import ApiKey, Permission
from app.domain.decisions import unknown_caregiver, unknown_organization, unknown_shift
from app.runtime.service import Service
from app.web.paths import restore_slashes
from app.web.problems import ProblemError, no_record, refused


class Needs:
    """A dependency: refuses requests whose key has not this permission. None: the route is open to everybody.

    `of_all`: the route tells of all organizations together, so the key must not be for one of them.
    """

    def __init__(self, permission: Permission | None, *, of_all: bool = False) -> None:
        self.permission = permission
        self._of_all = of_all

    async def __call__(self, request: Request) -> None:
        """Raises ProblemError: 403 if the key has not the permission, 404 for a record of another organization."""
        if self.permission is None:
            return
        key = key_of(request)
        check_permission(key, self.permission)
        if key.organization_id is not None:
            if self._of_all:
                raise ProblemError(403, "this needs a key for all organizations")
            await _check_records(request, key.organization_id)


#: For everybody, also without a key: the probes, and files that contain nothing of an agency.
EVERYBODY = Depends(Needs(None))
INBOUND = Depends(Needs(Permission.INBOUND))
READ = Depends(Needs(Permission.READ))
#: For operators: figures and the state of the service.
READ_ALL = Depends(Needs(Permission.READ, of_all=True))
COORDINATE = Depends(Needs(Permission.COORDINATE))
ADMIN = Depends(Needs(Permission.ADMIN))


def key_of(request: Request) -> ApiKey:
    """Who sends the request, as the gate has found out."""
    key: ApiKey = request.state.key
    return key


def check_permission(key: ApiKey, permission: Permission) -> None:
    """Raises ProblemError (403) if the key has not the permission."""
    if not key.allows(permission):
        raise ProblemError(403, f"this key may only '{key.may}'; the request needs a key that may '{permission}'")


async def _check_records(request: Request, organization_id: str) -> None:
    """Raises ProblemError (404) if the path names a record of another organization.

    The answer is that of a record which does not exist, so that nobody learns which ids other organizations use. A
    refused command has a code; a record that was only looked for has none.
    """
    missing = no_record if request.method in ("GET", "HEAD") else refused
    service: Service = request.app.state.service
    ids = {name: restore_slashes(value) for name, value in request.path_params.items()}
    if (shift_id := ids.get("shift_id")) is not None:
        shift = await service.store.shift(shift_id)
        if shift is not None and shift[0].organization_id != organization_id:
            raise missing(unknown_shift(shift_id))
    if (caregiver_id := ids.get("caregiver_id")) is not None:
        caregiver = await service.store.caregiver(caregiver_id)
        if caregiver is not None and not caregiver[0].works_for(organization_id):
            raise missing(unknown_caregiver(caregiver_id))
    if ids.get("organization_id", organization_id) != organization_id:
        raise missing(unknown_organization(ids["organization_id"]))
