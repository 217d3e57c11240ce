"""Fanouts: start, get, cancel."""

from dataclasses import replace

from fastapi import APIRouter, Response

from app.access.keys import ApiKey
from app.domain.commands import CancelFanout, StartFanout
from app.domain.decisions import unknown_shift
from app.domain.fanout_records import ExclusionReason
from app.domain.fanout_reports import FanoutReport
from app.runtime.service import Service
from app.web import rendering
from app.web.etags import without_condition
from app.web.json_bodies import JsonRoute
from app.web.openapi import also_200, problems
from app.web.params import Generation, Id, SenderDep, ServiceDep
from app.web.permissions import COORDINATE, READ
from app.web.problems import ProblemError, no_record, raise_if_refused
from app.web.responses import ChunkedResponse
from app.web.schemas import NOT_URGENT, FanoutIn, FanoutOut, FanoutStateOut

router = APIRouter(
    prefix="/shifts/{shift_id}/fanout", tags=["fanouts"], route_class=JsonRoute, responses=problems(404)
)


@router.post(
    "",
    dependencies=[COORDINATE, without_condition],
    status_code=202,
    responses=also_200(FanoutStateOut, "Open, claimed or exhausted: nothing new is sent") | problems(400, 409),
)
async def start_fanout(
    shift_id: Id, service: ServiceDep, sender: SenderDep, response: Response, body: FanoutIn = NOT_URGENT
) -> FanoutStateOut:
    """Contact every qualified caregiver (202), unless its fanout is open, claimed or exhausted (200).

    Answers before anything is sent. However often it is posted, nobody is asked twice; after a cancellation or a
    release a post starts the next generation. 409 (`shift_over`) once the shift has ended, unless the settings allow
    past shifts.

    In quiet hours the messages wait, until `held_until` at the earliest. With `urgent` in the body none waits; posted
    for an open fanout, it sends what waits.
    """
    command = StartFanout(
        shift_id=shift_id,
        urgent=bool(body.urgent),
        now=service.clock.now(),
        actor=sender.name,
        within=sender.organization_id,
    )
    started = raise_if_refused(await service.engine.handle(command))
    response.status_code = 202 if started else 200
    return rendering.fanout(await _report(service, shift_id, full=False), service.clock.now())


@router.get("", dependencies=[READ], response_model=FanoutOut)
async def get_fanout(shift_id: Id, service: ServiceDep, sender: SenderDep) -> Response:
    """The fanout in full: who was asked, who answered what, who was left out and why, and what a person must do."""
    report = report_for(sender, await _report(service, shift_id, full=True))
    return ChunkedResponse(rendering.fanout_in_chunks(report, service.clock.now()))


@router.delete("", dependencies=[COORDINATE, without_condition], responses=problems(400, 409))
async def cancel_fanout(
    shift_id: Id, service: ServiceDep, sender: SenderDep, generation: Generation | None = None
) -> FanoutStateOut:
    """Stop asking: unsent messages are skipped. Repeating it gives the same answer.

    409 once the shift is claimed, and if another `generation` than the one named is the latest by now.
    """
    command = CancelFanout(
        shift_id=shift_id,
        generation=generation,
        now=service.clock.now(),
        actor=sender.name,
        within=sender.organization_id,
    )
    raise_if_refused(await service.engine.handle(command))
    return rendering.fanout(await _report(service, shift_id, full=False), service.clock.now())


def report_for(sender: ApiKey, report: FanoutReport) -> FanoutReport:
    """The report as the sender may see it.

    Leaves out the caregivers who were excluded because they work for other organizations, and the notices that
    another organization sent about the shift before it was moved.
    """
    if sender.organization_id is None:
        return report
    others = ExclusionReason.OTHER_ORGANIZATION
    excluded = tuple(one for one in report.excluded if one.reason is not others)
    notices = tuple(one for one in report.notices if one.organization_id in (None, sender.organization_id))
    return replace(report, excluded=excluded, notices=notices)


async def _report(service: Service, shift_id: str, *, full: bool) -> FanoutReport:
    report = await service.store.report(shift_id, full=full)
    if report is None:
        if await service.store.shift(shift_id) is None:
            raise no_record(unknown_shift(shift_id))
        raise ProblemError(404, f"no fanout was started for shift {shift_id!r}")
    return report
