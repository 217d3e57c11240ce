"""`create_app` builds the service from the settings and puts the HTTP routes in front of it. Holds no rule."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import BaseRoute

from app.access.keyring import Keyring
from app.board import pages
from app.board import routes as board
from app.board.boards import Boards
from app.board.hub import Hub
from app.board.stream import on_stop_signal
from app.bootstrap import build, make_tracer, twilio_client
from app.domain.records import Channel
from app.notifiers.connections import Connect
from app.observability import logs
from app.ports.clock import Clock
from app.ports.events import EventReceiver
from app.ports.notifier import Notifier
from app.ports.reader import ReplyReader
from app.ports.store import Store
from app.settings import Settings, TwilioSettings
from app.web.application import NO_TELEMETRY, Application, telemetry_of
from app.web.authentication import Authentication
from app.web.middleware import RequestGate
from app.web.openapi import needs_key, problems
from app.web.request_log import RequestLog
from app.web.routes import (
    bulk,
    caregivers,
    docs,
    fanouts,
    log,
    messages,
    operations,
    organizations,
    probes,
    reports,
    shifts,
    twilio,
)
from app.web.supervised import refusals_end_the_supervisor, refuse_several_processes

if TYPE_CHECKING:
    # FastAPI before 0.165 brings no OpenTelemetry.
    from opentelemetry.trace import TracerProvider

#: `log` is the module of routes.
_log = logging.getLogger("shift_fanout.service")


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    notifier: Notifier | None = None,
    classifier: ReplyReader | None = None,
    second_reader: ReplyReader | None = None,
    store: Store | None = None,
    event_receiver: EventReceiver | None = None,
    connect: Connect | None = None,
    tracer_provider: "TracerProvider | None" = None,
) -> FastAPI:
    """The service as an ASGI application, from the environment unless `settings` are given.

    Any port can be replaced; a `classifier` reads the replies instead of the rules, and a `second_reader` those that
    are UNKNOWN then. `connect` makes the connections to providers; traces go to the `tracer_provider`. Works with or
    without a lifespan: work starts with the first request that needs it. Raises StartRefused, which also ends a
    process, if the settings or the data file are wrong.
    """
    with refusals_end_the_supervisor():
        settings = settings or Settings.from_env()
        if store is None and settings.database_url is None:
            refuse_several_processes()
        logs.set_up(settings.log_level, settings.log_format)
        keyring = Keyring(settings.api_key, settings.api_keys)
        tracer = make_tracer(settings, tracer_provider)
        service = build(
            settings,
            clock=clock,
            notifier=notifier,
            classifier=classifier,
            second_reader=second_reader,
            store=store,
            event_receiver=event_receiver,
            connect=connect,
            tracer=tracer,
        )
    client = None if settings.twilio is None else twilio_client(settings.twilio, service.clock, connect)
    boards = Boards(
        service.store,
        lambda organization_id: Hub(
            service.store,
            service.clock,
            version=pages.version(),
            zone_name=settings.timezone or "UTC",
            rates={Channel.SMS: settings.texts_per_s, Channel.VOICE: settings.calls_per_s},
            organization_id=organization_id,
        ),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Loads what serving a file needs, which takes a while, before there are requests that would wait for it.
        await pages.FILES.check_config()
        await service.start()
        # Not earlier: a start that is refused says why in one line, and nothing else.
        _log.info("service.settings", extra={"fields": settings.shown()})
        boards.open()
        try:
            with on_stop_signal(boards.close):
                yield
        finally:
            # A server that was not stopped by a signal still has open streams.
            await boards.stop()
            if client is not None:
                await client.aclose()
            await service.stop()

    open_metrics = (operations.METRICS_PATH,) if settings.metrics_open else ()
    authentication = Authentication(
        keyring, service.clock, signing_secrets=settings.inbound_secret, signed_paths=messages.SIGNED_PATHS
    )
    gate = partial(
        RequestGate,
        service=service,
        authentication=authentication,
        public_paths=(*pages.public_paths(), *docs.PUBLIC_PATHS, *open_metrics),
        signed_paths=() if client is None else twilio.PATHS,
        probes_only=settings.role == "worker",
    )
    app = Application(
        lambda behind: RequestLog(gate(behind), service.clock, tracer),
        lifespan,
        NO_TELEMETRY if tracer is None else telemetry_of(tracer_provider),
    )
    app.state.service = service
    app.state.authentication = authentication
    app.state.zone_name = settings.timezone or "UTC"
    #: Streams never end by themselves: a server that is not stopped by a signal must close the board first.
    app.state.board = boards
    app.router.routes.extend(_routes(secured=keyring.needed))
    if settings.twilio is not None and client is not None:
        app.router.routes += twilio.TwilioWebhooks(service, _account(settings.twilio, settings), client).routes()
    return app


@cache
def _routes(*, secured: bool) -> Sequence[BaseRoute]:
    """The routes of an application, with or without a key.

    FastAPI prepares included routers at their first request, which takes longer than the request. A process with many
    applications, like that of the tests, does it once.
    """
    router = Application.new_router()
    dependencies = [needs_key] if secured else []
    gate_problems = problems(408, 413, 415, 422, 503, *((401, 403, 429) if secured else ()))
    # FastAPI tries one router after the other: those with the most requests come first.
    for module in (fanouts, shifts, caregivers, bulk, board, messages, log, organizations, reports, operations):
        router.include_router(module.router, dependencies=dependencies, responses=gate_problems)
    router.include_router(docs.router)
    router.include_router(probes.router, responses=problems(408, 413, 415, 422))
    return router.routes


def _account(account: TwilioSettings, settings: Settings) -> twilio.Account:
    return twilio.Account(
        account_sid=account.account_sid,
        tokens=account.auth_token,
        signature_header=account.signature_header,
        public_url=settings.public_url,
        from_number=account.from_number,
        caller=account.caller,
        zone_name=settings.timezone,
    )
