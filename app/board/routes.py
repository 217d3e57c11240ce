"""The board over HTTP: the stream of changes, and one shift in detail. No rule of the domain."""

from fastapi import FastAPI, Request
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

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def get_page(request: Request) -> Response:
        """The board."""
        return await pages.FILES.get_response(pages.INDEX, request.scope)

    @app.api_route("/static/{name}", methods=["GET", "HEAD"], include_in_schema=False)
    async def get_page_file(name: str, request: Request) -> Response:
        """One file of the page. The page itself is only at `/`, because its links are relative to that."""
        if name == pages.INDEX:
            return problem(404, "Not Found")
        return await pages.FILES.get_response(name, request.scope)

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
