"""The board over HTTP: its pages, its stream of changes, and one shift in detail. No rule of the domain."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic_core import to_json
from starlette.responses import Response

from app.access.keys import Permission
from app.board import pages, rows
from app.board.boards import Boards
from app.board.hub import LOOK_BACK, MAX_ROWS, Hub
from app.board.reading import caregivers_of, first_shift_ids, read_rows
from app.board.schemas import BoardDetail, BoardLogPage, BoardRows
from app.board.stream import BoardStream
from app.board.ticker_facts import named_entries
from app.domain.decisions import unknown_shift
from app.web.authentication import Authentication
from app.web.openapi import problems
from app.web.params import AfterEntry, Id, Limit, SenderDep, ServiceDep, ShiftFilterDep
from app.web.permissions import EVERYBODY, READ
from app.web.problems import ProblemError, no_record
from app.web.responses import ChunkedResponse
from app.web.routes.fanouts import report_for
from app.web.routes.log import entries_of_shift

router = APIRouter(tags=["board"])


async def _hub(request: Request, sender: SenderDep) -> Hub:
    boards: Boards = request.app.state.board
    return boards.of(sender.organization_id)


@router.api_route("/", methods=["GET", "HEAD"], include_in_schema=False, dependencies=[EVERYBODY])
async def get_page(request: Request) -> Response:
    """The board."""
    return await pages.FILES.get_response("index.html", request.scope)


@router.api_route("/reports", methods=["GET", "HEAD"], include_in_schema=False, dependencies=[EVERYBODY])
async def get_reports_page(request: Request) -> Response:
    """The page of `GET /reports/fills`."""
    return await pages.FILES.get_response("reports.html", request.scope)


@router.api_route("/static/{name}", methods=["GET", "HEAD"], include_in_schema=False, dependencies=[EVERYBODY])
async def get_page_file(name: str, request: Request) -> Response:
    """One file of the pages. The pages themselves have their own paths, because their links are relative to those."""
    if name in pages.PAGES:
        raise ProblemError(404, "Not Found")
    return await pages.FILES.get_response(name, request.scope)


@router.get(
    "/events",
    dependencies=[READ],
    response_class=Response,
    responses={
        200: {
            "description": "`snapshot`, then `changes`; while there are none, `time` every 15 s",
            "content": {BoardStream.media_type: {}},
        }
    },
)
async def get_events(request: Request, hub: Annotated[Hub, Depends(_hub)], sender: SenderDep) -> Response:
    """The board as server-sent events: all of it first, then changes, as they happen.

    After a reconnect all of it is sent again. The board has at most 500 shifts in order of their start, beginning
    24 hours ago; `more` says that there are later ones. The stream ends once the key is revoked.
    """
    authentication: Authentication = request.app.state.authentication
    # If a name comes twice, the last one counts, as for the gate.
    credentials = dict(request.scope["headers"]).get(b"authorization")
    return BoardStream(hub, lambda: authentication.still_belongs_to(sender, credentials))


@router.get("/board", dependencies=[READ], response_model=BoardRows, responses=problems(422))
async def get_board_rows(shift_filter: ShiftFilterDep, service: ServiceDep, sender: SenderDep) -> Response:
    """The shifts that meet every given condition, as the board lists them: at most 500, by start time.

    Without `starts_from`, those that start from 24 hours ago on, as in the stream.
    """
    now = service.clock.now()
    if shift_filter.starts_from is None:
        shift_filter = replace(shift_filter, starts_from=now - LOOK_BACK)
    found = await first_shift_ids(service.store, shift_filter, MAX_ROWS + 1)
    read = await read_rows(service.store, found[:MAX_ROWS], now, sender.organization_id)
    in_order = [read[shift_id].json for shift_id in found[:MAX_ROWS] if shift_id in read]
    more = to_json(len(found) > MAX_ROWS)
    return Response(b'{"rows":[%b],"more":%b}' % (b",".join(in_order), more), media_type="application/json")


@router.get("/shifts/{shift_id}/board", dependencies=[READ], response_model=BoardDetail, responses=problems(404, 422))
async def get_board_detail(shift_id: Id, service: ServiceDep, sender: SenderDep) -> Response:
    """One shift as the board shows it: a row per caregiver, with names, messages and answers, and the notices."""
    overviews = await service.store.overviews([shift_id])
    if not overviews:
        raise no_record(unknown_shift(shift_id))
    (overview,) = overviews
    report = await service.store.report(shift_id, full=True)
    report = None if report is None else report_for(sender, report)
    now = service.clock.now()
    # The words of caregivers are for those who may answer them.
    may_change = sender.allows(Permission.COORDINATE)
    texts = await service.store.kept_texts(shift_id, now - service.keep_text) if may_change else []
    named = rows.detail_caregiver_ids(overview, report, now) | {text.caregiver_id for text in texts}
    visible = await caregivers_of(service.store, named, sender.organization_id)
    caregivers = {caregiver.id: caregiver for caregiver in visible}
    if sender.organization_id is not None:
        # The shift may have been another organization's when words about it were kept.
        own = (None, sender.organization_id)
        texts = [text for text in texts if text.caregiver_id in caregivers and text.organization_id in own]
    return ChunkedResponse(rows.detail_in_chunks(overview, report, texts, caregivers, now, may_change=may_change))


@router.get("/shifts/{shift_id}/board/log", dependencies=[READ], responses=problems(404))
async def get_board_log(
    shift_id: Id, service: ServiceDep, sender: SenderDep, limit: Limit = 100, after: AfterEntry = 0
) -> BoardLogPage:
    """A page of the log of one shift, as `/shifts/{shift_id}/log`, with the names of the caregivers."""
    entries = await entries_of_shift(service, sender, shift_id, after, limit + 1)
    items = await named_entries(service.store, entries[:limit], sender.organization_id)
    return {"items": items, "next": items[-1]["id"] if len(entries) > limit else None}
