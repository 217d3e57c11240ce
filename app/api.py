"""HTTP in and out. Routes and their descriptions; no rule of the domain, no adapter."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Literal, TypeVar

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app import __version__
from app.board import pages
from app.board.hub import Hub
from app.board.routes import add_board
from app.board.stream import on_stop_signal
from app.bootstrap import build
from app.domain.commands import CancelFanout, DeleteCaregiver, PutCaregiver, PutShift, StartFanout
from app.domain.decisions import Refusal
from app.errors import StoreUnavailable
from app.intake import bodies
from app.intake.fields import no_control
from app.observability import logs
from app.ports.classifier import IntentClassifier
from app.ports.clock import Clock
from app.ports.notifier import Notifier
from app.ports.store import Store
from app.runtime.service import Service
from app.settings import Settings
from app.web import openapi, rendering, schemas
from app.web.middleware import Edge
from app.web.openapi import also_200, body_of, problems_of
from app.web.params import ChunkedResponse, Id
from app.web.problems import fault, invalid, problem, refused, unavailable
from app.web.routes.messages import Inbound, parse

log = logging.getLogger("shift_fanout.http")

ModelT = TypeVar("ModelT", bound=BaseModel)

After = Annotated[
    str,
    Query(max_length=128, description="Only ids above this one: `next` of the page before"),
    AfterValidator(no_control),
]
Limit = Annotated[int, Query(ge=1, le=1000)]


class _Application(FastAPI):
    """FastAPI behind the edge. As a middleware the edge would be behind several of FastAPI's own layers."""

    edge: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await self.edge(scope, receive, send)

    async def framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is behind the edge."""
        await super().__call__(scope, receive, send)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    notifier: Notifier | None = None,
    classifier: IntentClassifier | None = None,
    store: Store | None = None,
) -> FastAPI:
    """The service as an ASGI application, from the environment unless `settings` are given.

    Any port can be replaced. Works with or without a lifespan: work starts with the first request that needs
    it. Raises StartRefused, which also ends a process, if the settings or the data file are wrong.
    """
    settings = settings or Settings.from_env()
    logs.set_up(settings.log_level)
    service = build(settings, clock=clock, notifier=notifier, classifier=classifier, store=store)

    hub = Hub(service.store, service.clock, version=pages.version(), zone_name=settings.timezone)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.start()
        # Loads what serving a file needs, which takes a while, before there are requests that would wait for it.
        await pages.FILES.check_config()
        hub.open()
        try:
            with on_stop_signal(hub.close):
                yield
        finally:
            hub.close()
            await service.stop()

    inbound = Inbound(service)
    app = _Application(
        title="shift-fanout",
        version=__version__,
        summary="Fills an open home-health shift with the first qualified caregiver who says yes.",
        lifespan=lifespan,
        redirect_slashes=False,
    )
    #: For whoever ends a server of this application in another way than by a signal.
    app.state.board = hub
    app.edge = Edge(
        app.framework,
        service=service,
        inbound=inbound,
        api_key=settings.api_key,
        # The same for everybody; what the board shows comes over routes that want the key.
        public_paths=pages.public_paths(),
        probes_only=settings.role == "worker",
    )
    _add_error_handlers(app)
    _add_caregivers(app, service)
    _add_shifts(app, service)
    _add_fanouts(app, service)
    _add_messages(app, inbound)
    _add_probes(app, service)
    add_board(app, service, hub)
    openapi.describe(app, secured=settings.api_key is not None)
    return app


def _parsed(model: type[ModelT], *, required: bool = True) -> Callable[[Request], Awaitable[ModelT]]:
    """A dependency that reads the body as `model`, strictly JSON, whatever content type it claims.

    Not `required`: no body is as good as an empty object.
    """

    async def read(request: Request) -> ModelT:
        try:
            body = await request.body()
            return parse(model, body if required or body.strip() else b"{}")
        except ValidationError as exc:
            raise RequestValidationError(exc.errors(include_url=False, include_input=False)) from exc

    return read


def _json(content: object, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


def _add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def _framework(request: Request, error: HTTPException) -> Response:
        headers = error.headers
        if error.status_code == 405:
            # The router names the methods of one route; another may serve the same path by another method.
            fits = [
                route
                for route in app.routes
                if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
            ]
            headers = {"allow": ", ".join(sorted({method for route in fits for method in route.methods or ()}))}
        return problem(error.status_code, str(error.detail), headers=headers)

    @app.exception_handler(StoreUnavailable)
    async def _unavailable(_: Request, error: StoreUnavailable) -> Response:
        return unavailable(error.reason)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> Response:
        return invalid(error.errors())

    @app.exception_handler(500)
    async def _fault(_: Request, error: Exception) -> Response:
        log.error("request.fault %s", type(error).__name__)
        return fault()


def _add_caregivers(app: FastAPI, service: Service) -> None:
    @app.put(
        "/caregivers/{caregiver_id}",
        response_model=schemas.CaregiverOut,
        status_code=201,
        responses=also_200(schemas.CaregiverOut, "Replaced") | problems_of(400, 409, 413),
        openapi_extra=body_of(bodies.CaregiverIn),
    )
    async def put_caregiver(
        caregiver_id: Id, body: Annotated[bodies.CaregiverIn, Depends(_parsed(bodies.CaregiverIn))]
    ) -> Response:
        """Add a caregiver (201) or replace the one of that id (200). 409 if somebody else has the number."""
        command = PutCaregiver(caregiver=body.record(caregiver_id), now=service.clock.now())
        created = await service.engine.handle(command)
        if isinstance(created, Refusal):
            return refused(created)
        return await _caregiver(caregiver_id, 201 if created else 200)

    @app.get("/caregivers/{caregiver_id}", response_model=schemas.CaregiverOut, responses=problems_of(404))
    async def get_caregiver(caregiver_id: Id) -> Response:
        """One caregiver."""
        return await _caregiver(caregiver_id, 200)

    @app.get("/caregivers", response_model=schemas.CaregiverPage, responses=problems_of())
    async def list_caregivers(limit: Limit = 100, after: After = "") -> Response:
        """A page of caregivers, by id."""
        found = await service.store.caregivers(after, limit + 1)
        items = [rendering.caregiver(caregiver, opted_out) for caregiver, opted_out in found[:limit]]
        return _json({"items": items, "next": items[-1]["id"] if len(found) > limit else None})

    @app.delete("/caregivers/{caregiver_id}", status_code=204, responses=problems_of(404, 409))
    async def delete_caregiver(caregiver_id: Id) -> Response:
        """Forget a caregiver; what is queued for them is skipped. 409 while they hold a shift to come."""
        command = DeleteCaregiver(caregiver_id=caregiver_id, now=service.clock.now())
        result = await service.engine.handle(command)
        return refused(result) if isinstance(result, Refusal) else Response(status_code=204)

    async def _caregiver(caregiver_id: str, status: int) -> Response:
        found = await service.store.caregiver(caregiver_id)
        if found is None:
            return problem(404, f"there is no caregiver {caregiver_id!r}")
        return _json(rendering.caregiver(*found), status)


def _add_shifts(app: FastAPI, service: Service) -> None:
    @app.put(
        "/shifts/{shift_id}",
        response_model=schemas.ShiftOut,
        status_code=201,
        responses=also_200(schemas.ShiftOut, "Replaced") | problems_of(400, 409, 413),
        openapi_extra=body_of(bodies.ShiftIn),
    )
    async def put_shift(shift_id: Id, body: Annotated[bodies.ShiftIn, Depends(_parsed(bodies.ShiftIn))]) -> Response:
        """Add a shift (201) or replace the one of that id (200). 409 once claimed or while its fanout is open."""
        created = await service.engine.handle(PutShift(shift=body.record(shift_id)))
        if isinstance(created, Refusal):
            return refused(created)
        return await _shift(shift_id, 201 if created else 200)

    @app.get("/shifts/{shift_id}", response_model=schemas.ShiftOut, responses=problems_of(404))
    async def get_shift(shift_id: Id) -> Response:
        """One shift, and who has it."""
        return await _shift(shift_id, 200)

    @app.get("/shifts", response_model=schemas.ShiftPage, responses=problems_of())
    async def list_shifts(
        limit: Limit = 100, after: After = "", status: Literal["open", "claimed"] | None = None
    ) -> Response:
        """A page of shifts, by id; only the open or only the claimed ones if asked."""
        claimed = None if status is None else status == "claimed"
        found = await service.store.shifts(after, limit + 1, claimed=claimed)
        items = [rendering.shift(shift, assignment) for shift, assignment in found[:limit]]
        return _json({"items": items, "next": items[-1]["id"] if len(found) > limit else None})

    @app.post(
        "/shifts/{shift_id}/assign",
        response_model=schemas.ShiftOut,
        responses=problems_of(400, 404, 409, 413),
        openapi_extra=body_of(schemas.AssignIn),
    )
    async def assign_shift(
        shift_id: Id, body: Annotated[schemas.AssignIn, Depends(_parsed(schemas.AssignIn))]
    ) -> Response:
        """Give the shift to a caregiver by hand, asked or not; they are told. Again: the same answer.

        409 if somebody else has it, or if the caregiver has another role or organization or an overlapping
        shift. The others hear that it is taken when they answer.
        """
        result = await service.engine.assign(shift_id, body.caregiver_id)
        return refused(result) if isinstance(result, Refusal) else await _shift(shift_id, 200)

    @app.post(
        "/shifts/{shift_id}/release",
        response_model=schemas.ShiftOut,
        responses=problems_of(400, 404, 409, 413),
        openapi_extra=body_of(schemas.ReleaseIn, required=False),
    )
    async def release_shift(
        shift_id: Id, body: Annotated[schemas.ReleaseIn, Depends(_parsed(schemas.ReleaseIn, required=False))]
    ) -> Response:
        """Take the shift back from its holder, who is told; the same answer if nobody has it.

        With a `caregiver_id`: from that one only, 409 if somebody else has it by now.
        The shift is open and its fanout cancelled: a post of the fanout starts the next generation, in which
        those who accepted too late are asked first and the one who was released is not asked.
        """
        result = await service.engine.release(shift_id, body.caregiver_id)
        return refused(result) if isinstance(result, Refusal) else await _shift(shift_id, 200)

    async def _shift(shift_id: str, status: int) -> Response:
        found = await service.store.shift(shift_id)
        if found is None:
            return problem(404, f"there is no shift {shift_id!r}")
        return _json(rendering.shift(*found), status)


def _add_fanouts(app: FastAPI, service: Service) -> None:
    @app.post(
        "/shifts/{shift_id}/fanout",
        response_model=schemas.FanoutSummary,
        status_code=202,
        responses=also_200(schemas.FanoutSummary, "Under way or done: nothing new is sent") | problems_of(404),
    )
    async def start_fanout(shift_id: Id) -> Response:
        """Contact every qualified caregiver (202), unless that is under way or done (200).

        Answers before anything is sent. However often it is posted, nobody is asked twice; after a
        cancellation or a release a post starts the next generation.
        """
        started = await service.engine.handle(StartFanout(shift_id=shift_id, now=service.clock.now()))
        if isinstance(started, Refusal):
            return refused(started)
        return await _summary(shift_id, 202 if started else 200)

    @app.get("/shifts/{shift_id}/fanout", response_model=schemas.FanoutOut, responses=problems_of(404))
    async def get_fanout(shift_id: Id) -> Response:
        """The fanout in full: who was asked, who answered what, who was left out and why."""
        report = await service.store.report(shift_id, full=True)
        if report is None:
            return problem(404, f"no fanout was started for shift {shift_id!r}")
        return ChunkedResponse(rendering.fanout_in_chunks(report))

    @app.delete("/shifts/{shift_id}/fanout", response_model=schemas.FanoutSummary, responses=problems_of(404, 409))
    async def cancel_fanout(shift_id: Id) -> Response:
        """Stop asking: what is not sent is skipped. Again: the same answer. 409 once the shift is claimed."""
        result = await service.engine.handle(CancelFanout(shift_id=shift_id, now=service.clock.now()))
        return refused(result) if isinstance(result, Refusal) else await _summary(shift_id, 200)

    async def _summary(shift_id: str, status: int) -> Response:
        report = await service.store.report(shift_id, full=False)
        if report is None:
            return problem(404, f"no fanout was started for shift {shift_id!r}")
        return _json(rendering.summary(report), status)


def _add_messages(app: FastAPI, inbound: Inbound) -> None:
    @app.post(
        Inbound.path,
        response_model=schemas.AnswerOut,
        responses=problems_of(400, 413),
        openapi_extra=body_of(schemas.InboundIn),
    )
    async def receive_message(request: Request) -> Response:
        """Understand an SMS or phone answer and act on it: 200 with an outcome, for unknown senders too.

        A repeat of a `message_id` gets the first answer again and does nothing.
        """
        return await inbound.answer(await request.body())


def _add_probes(app: FastAPI, service: Service) -> None:
    @app.get("/health", response_model=schemas.HealthOut)
    async def health() -> Response:
        """Whether the process answers."""
        return _json({"status": "ok"})

    @app.get("/ready", response_model=schemas.ReadyOut, responses=problems_of(503))
    async def ready() -> Response:
        """Whether the process should get requests: the store answers, its schema fits, the worker's loop turns."""
        reason = await service.ready()
        return _json({"status": "ready"}) if reason is None else unavailable(reason)
