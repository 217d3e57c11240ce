"""The board over HTTP: the stream of changes, and one shift in detail. No rule of the domain."""

from fastapi import FastAPI
from starlette.responses import Response

from app.board import pages, rows, schemas
from app.board.hub import Hub
from app.board.stream import BoardStream
from app.runtime.service import Service
from app.web.openapi import problems_of
from app.web.params import ChunkedResponse, Id
from app.web.problems import problem



def add_board(app: FastAPI, service: Service, hub: Hub) -> None:
    """Add the board's pages and what feeds them."""
    pages.add_pages(app)

    @app.get(
        "/events",
        response_class=Response,
        responses={
            200: {
                "description": "`snapshot`, then `changes`; where there are none, `time` every 15 s",
                "content": {BoardStream.media_type: {}},
            }
        },
    )
    async def get_events() -> Response:
        """The board as server-sent events: all of it first, then what changes, as it changes.

        After a reconnect all of it comes again. The first 500 shifts by start time are on the board, from
        a day ago on; `more` says that there are later ones.
        """
        return BoardStream(hub)

    @app.get("/shifts/{shift_id}/board", response_model=schemas.BoardDetail, responses=problems_of(404))
    async def get_board_detail(shift_id: Id) -> Response:
        """One shift as the board shows it: a row per caregiver, with names, messages and answers."""
        found = await service.store.overviews([shift_id])
        if not found:
            return problem(404, f"there is no shift {shift_id!r}")
        (one,) = found
        report = await service.store.report(shift_id, full=True)
        wanted = set(rows.caregiver_ids(one, report))
        caregivers = {caregiver.id: caregiver for caregiver in await service.store.caregivers_named(wanted)}
        return ChunkedResponse(rows.detail_in_chunks(one, report, caregivers))
