"""Builds the service that the settings describe: chooses its store, its notifier and its reader of replies."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from app import __version__
from app.access.keys import SHORTEST_SAFE_KEY
from app.clock import SystemClock
from app.domain.facts import Fact
from app.domain.policy import Policy
from app.domain.records import Channel
from app.domain.time_zones import load_zones
from app.errors import StartRefused, missing_extra
from app.intake.data_file import read_data_file
from app.notifier import ConsoleNotifier
from app.notifiers.connections import Connect
from app.notifiers.events import EventWebhook
from app.notifiers.standard_webhooks import SHORTEST_SECRET, TOLERANCE_S, secret_bytes
from app.notifiers.twilio.client import TwilioClient
from app.notifiers.twilio.inbox import TwilioInbox
from app.notifiers.twilio.notifier import TwilioNotifier
from app.notifiers.webhook import WebhookNotifier
from app.observability.fact_lines import log_facts
from app.ports.clock import Clock
from app.ports.events import EventReceiver
from app.ports.meter import Meter
from app.ports.notifier import Notifier
from app.ports.reader import ReplyReader
from app.ports.store import Store
from app.ports.tracer import Tracer
from app.readers.model import ModelReader
from app.runtime.engine import Engine
from app.runtime.events import EventSender
from app.runtime.inbox_reader import LOOK_BACK, InboxReader
from app.runtime.service import Service
from app.runtime.worker import Worker
from app.settings import Settings, TwilioSettings
from app.stores.memory.store import MemoryStore

if TYPE_CHECKING:
    # FastAPI before 0.165 brings no OpenTelemetry.
    from opentelemetry.trace import TracerProvider

log = logging.getLogger("shift_fanout.bootstrap")


class _WorkPerIteration(NamedTuple):
    """How much the worker does in one iteration, and how long the loops pause at most: see `Worker`."""

    messages_per_iteration: int
    fanouts_per_iteration: int
    longest_pause_s: float


#: An iteration does little, because requests wait while it runs.
_MEMORY_WORK = _WorkPerIteration(messages_per_iteration=8, fanouts_per_iteration=1, longest_pause_s=30.0)
#: A database costs a few round trips per iteration, however many messages it takes, and the fanouts of an iteration
#: share a transaction. The pause is short, because other processes may add work.
_DATABASE_WORK = _WorkPerIteration(messages_per_iteration=100, fanouts_per_iteration=8, longest_pause_s=5.0)
#: Seconds between two readings of the texts that the provider has received. Without webhooks they come only this way,
#: else only those whose webhook was lost.
_READ_WITHOUT_WEBHOOKS_S, _READ_BESIDE_WEBHOOKS_S = 5.0, 300.0


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    notifier: Notifier | None = None,
    classifier: ReplyReader | None = None,
    second_reader: ReplyReader | None = None,
    store: Store | None = None,
    event_receiver: EventReceiver | None = None,
    connect: Connect | None = None,
    tracer: Tracer | None = None,
) -> Service:
    """The service that these settings describe. A port that is given is used instead of the one from the settings.

    `connect` makes the connections to providers, see `app.notifiers.connections.Connections`.
    Reads the data file. Nothing runs yet. Raises StartRefused if the data file, the database or the given notifier is
    not usable.
    """
    if notifier is not None:
        _check_notifier(notifier)
    clock = clock or SystemClock()
    load_zones()
    data = None
    if settings.data is not None:
        data = read_data_file(settings.data, now=clock.now(), zone_name=settings.timezone or "UTC")
    notifiers = _notifiers(settings, clock, connect) if notifier is None else dict.fromkeys(Channel, notifier)
    store = store or _store(settings, clock)
    _warn_of_weak_keys(settings)
    _warn_of_short_secrets(settings)
    if settings.twilio is not None:
        _warn_of_what_twilio_lacks(settings.twilio, settings)
    meter = _meter()
    store.on_facts(log_facts if meter is None else partial(_observe, meter))
    engine = Engine(
        store,
        clock,
        _policy(settings),
        reader=classifier,
        second_reader=second_reader or _model_reader(settings, connect),
        meter=meter,
        tracer=tracer,
    )
    work = _work_per_iteration(settings)

    def new_worker() -> Worker:
        return Worker(
            engine,
            store,
            notifiers,
            clock,
            max_in_flight=settings.max_in_flight,
            lease_s=settings.lease,
            messages_per_iteration=work.messages_per_iteration,
            fanouts_per_iteration=work.fanouts_per_iteration,
            longest_pause_s=work.longest_pause_s,
            meter=meter,
            tracer=tracer,
        )

    return Service(
        engine=engine,
        store=store,
        notifiers=notifiers.values(),
        clock=clock,
        new_worker=None if settings.role == "api" else new_worker,
        new_event_sender=_new_event_sender(settings, store, clock, event_receiver, connect),
        data=data,
        new_inbox_reader=_new_inbox_reader(settings, engine, clock, connect),
        meter=meter,
        keep_text=timedelta(days=settings.keep_text or 0),
    )


def _policy(settings: Settings) -> Policy:
    return Policy(
        escalate_after_s=settings.escalate_after,
        retention_s=settings.retention,
        zone_name=settings.timezone,
        urgent_s=settings.urgent,
        offers_per_day=settings.offers_per_day,
        allow_past_shifts=settings.allow_past_shifts,
        alerts=settings.alerts,
        keeps_text=settings.keep_text is not None,
    )


def _work_per_iteration(settings: Settings) -> _WorkPerIteration:
    return _MEMORY_WORK if settings.database_url is None else _DATABASE_WORK


def _observe(meter: Meter, facts: Sequence[Fact]) -> None:
    """Log and count what the store has written."""
    log_facts(facts)
    meter.count_facts(facts)


def _meter() -> Meter | None:
    """What counts the work of this process; None without the extra `metrics`."""
    try:
        from app.observability.metrics import PrometheusMeter
    except ImportError:
        return None
    return PrometheusMeter(__version__)


def make_tracer(settings: Settings, provider: "TracerProvider | None" = None) -> Tracer | None:
    """What records traces; None if the settings ask for none and no `provider` is given, to which they go.

    Raises StartRefused without the extra `traces`.
    """
    if not settings.traces and provider is None:
        return None
    try:
        from app.observability.traces import OpenTelemetryTracer
    except ImportError as exc:
        raise StartRefused(f"FANOUT_TRACES needs the extra `traces` (uv sync --extra traces): {exc}") from None
    return OpenTelemetryTracer(__version__, provider)


def _new_inbox_reader(
    settings: Settings, engine: Engine, clock: Clock, connect: Connect | None
) -> Callable[[], InboxReader] | None:
    """Makes a reader of the texts that Twilio has received for us; None if this process reads none."""
    account = settings.twilio
    if account is None or settings.role == "api":
        return None

    def new_inbox_reader() -> InboxReader:
        inbox = TwilioInbox(
            twilio_client(account, clock, connect),
            from_number=account.from_number,
            messaging_service_sid=account.messaging_service_sid,
        )
        every_s = _READ_WITHOUT_WEBHOOKS_S if settings.public_url is None else _READ_BESIDE_WEBHOOKS_S
        look_back = min(LOOK_BACK, timedelta(seconds=settings.retention))
        return InboxReader(engine, inbox, clock, every_s=every_s, look_back=look_back)

    return new_inbox_reader


def _store(settings: Settings, clock: Clock) -> Store:
    rates = {Channel.SMS: settings.texts_per_s, Channel.VOICE: settings.calls_per_s}
    if settings.database_url is None:
        return MemoryStore(
            _answers_kept_s(settings),
            rates,
            log_retention_s=settings.log_retention,
            sends_events=settings.events_url is not None,
        )
    try:
        from app.stores.postgres.migrate import check_schema
        from app.stores.postgres.store import PostgresStore
    except ImportError as exc:
        raise StartRefused(missing_extra(exc)) from None
    check_schema(settings.database_url)
    return PostgresStore(
        settings.database_url,
        clock,
        retention_s=_answers_kept_s(settings),
        log_retention_s=settings.log_retention,
        sends_events=settings.events_url is not None,
        rates=rates,
        has_worker=settings.role != "api",
        lease_s=settings.lease,
    )


def _answers_kept_s(settings: Settings) -> float:
    """Seconds for which a store keeps answers: the id of a signed message at least as long as it may be repeated.

    Its timestamp may lie ahead by the tolerance, and be too old by the tolerance.
    """
    return max(settings.retention, 2 * TOLERANCE_S) if settings.inbound_secret else settings.retention


def _model_reader(settings: Settings, connect: Connect | None) -> ReplyReader | None:
    """The reader of what the rules leave unclear; None unless the settings ask for one."""
    if settings.reader != "model" or settings.model_url is None or settings.model_name is None:
        return None
    host = urlsplit(settings.model_url).hostname
    log.info("reader.model replies that the rules leave unclear go to the model %s at %s", settings.model_name, host)
    return ModelReader(settings.model_url, settings.model_name, settings.model_key, connect)


def _new_event_sender(
    settings: Settings, store: Store, clock: Clock, receiver: EventReceiver | None, connect: Connect | None
) -> Callable[[], EventSender] | None:
    """Makes the sender of events; None if this process sends none."""
    if settings.events_url is None or settings.events_secret is None or settings.role == "api":
        return None
    sends_to = receiver or EventWebhook(settings.events_url, settings.events_secret, clock, connect)
    pause_s = _work_per_iteration(settings).longest_pause_s
    return lambda: EventSender(store, sends_to, clock, longest_pause_s=pause_s)


def _notifiers(settings: Settings, clock: Clock, connect: Connect | None) -> dict[Channel, Notifier]:
    """The notifier of each channel; one for both if they go the same way."""
    names = {Channel.SMS: settings.texts_by, Channel.VOICE: settings.calls_by}
    made = {name: _notifier_named(name, settings, clock, connect) for name in set(names.values())}
    return {channel: made[name] for channel, name in names.items()}


def _check_notifier(notifier: object) -> None:
    """Refuse to start with something that could not send the first message. A type checker may not have seen it."""
    if isinstance(notifier, type):
        raise StartRefused(f"create_app(notifier=...): {notifier.__name__} is a class; pass an object of it")
    if not callable(getattr(notifier, "send", None)):
        raise StartRefused(f"create_app(notifier=...): {type(notifier).__name__} has no method `send`")


def _notifier_named(name: str, settings: Settings, clock: Clock, connect: Connect | None) -> Notifier:
    if name == "webhook" and settings.webhook_url is not None:
        return WebhookNotifier(settings.webhook_url, clock, connect)
    if name == "twilio" and settings.twilio is not None:
        return _twilio_notifier(settings.twilio, settings, clock, connect)
    return ConsoleNotifier(clock, settings.console_latency)


def twilio_client(account: TwilioSettings, clock: Clock, connect: Connect | None) -> TwilioClient:
    """Makes requests for that account. `connect`: see `build`."""
    return TwilioClient(account.account_sid, account.auth_token[0], clock, base_url=account.base_url, connect=connect)


def _twilio_notifier(account: TwilioSettings, settings: Settings, clock: Clock, connect: Connect | None) -> Notifier:
    return TwilioNotifier(
        twilio_client(account, clock, connect),
        clock,
        from_number=account.from_number,
        messaging_service_sid=account.messaging_service_sid,
        public_url=settings.public_url,
        caller=account.caller,
        detect_machines=account.detect_machines,
    )


def _warn_of_weak_keys(settings: Settings) -> None:
    """One line if the API needs no key, or one that can be guessed."""
    if settings.api_key is None and settings.api_keys is None:
        log.warning("api.no_key FANOUT_API_KEY is not set: anybody who reaches the port can use the API")
    elif settings.api_key is not None and len(settings.api_key) < SHORTEST_SAFE_KEY:
        log.warning("api.short_key the key has less than %d characters: it can be guessed", SHORTEST_SAFE_KEY)


def _warn_of_short_secrets(settings: Settings) -> None:
    """One line for each setting with a secret that is shorter than the Standard Webhooks specification allows."""
    events = () if settings.events_secret is None else (settings.events_secret,)
    for name, secrets in (("FANOUT_EVENTS_SECRET", events), ("FANOUT_INBOUND_SECRET", settings.inbound_secret)):
        if any(len(secret_bytes(secret)) < SHORTEST_SECRET for secret in secrets):
            log.warning(
                "webhooks.short_secret %s has less than %d bytes: signatures can be forged", name, SHORTEST_SECRET
            )


def _warn_of_what_twilio_lacks(account: TwilioSettings, settings: Settings) -> None:
    """One line for all that does not work with these settings, although the service starts."""
    lacks = []
    if settings.public_url is None:
        lacks.append(
            "FANOUT_PUBLIC_URL is not set: no calls can be made, and it is not known whether a text arrived"
            if settings.calls_by == "twilio"
            else "FANOUT_PUBLIC_URL is not set: it is not known whether a text arrived"
        )
    if settings.calls_by == "twilio" and account.from_number is None:
        lacks.append("FANOUT_TWILIO_FROM is not set: no calls can be made")
    if lacks:
        log.warning("twilio.incomplete %s", "; ".join(lacks))
