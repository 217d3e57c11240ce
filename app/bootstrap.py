"""Settings to a wired service: the one place that chooses adapters."""

import logging

from app import intent
from app.clock import SystemClock
from app.datafile import read_data_file
from app.engine import Engine
from app.messages import Policy
from app.notifier import ConsoleNotifier
from app.ports import Clock, IntentClassifier, Notifier, Store
from app.records import Channel
from app.service import Service
from app.settings import Settings
from app.store import MemoryStore
from app.worker import Worker

log = logging.getLogger(__name__)


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    notifier: Notifier | None = None,
    classifier: IntentClassifier | None = None,
    store: Store | None = None,
) -> Service:
    """The service these settings describe, with any port replaced by the one given.

    Reads the data file; nothing runs yet. Raises StartRefused.
    """
    data = read_data_file(settings.data) if settings.data is not None else None
    if settings.api_key is None:
        log.warning("api.open FANOUT_API_KEY is not set: every route answers whoever asks")
    clock = clock or SystemClock()
    notifier = notifier or _notifier(settings, clock)
    rates = {Channel.SMS: settings.sms_rate, Channel.VOICE: settings.voice_rate}
    store = store or MemoryStore(settings.retention, rates)
    policy = Policy(
        escalate_after_s=settings.escalate_after,
        retention_s=settings.retention,
        zone_name=settings.timezone,
    )
    engine = Engine(store, clock, classifier or intent, policy)
    return Service(
        engine=engine,
        store=store,
        notifier=notifier,
        clock=clock,
        new_worker=lambda: Worker(
            engine,
            store,
            notifier,
            clock,
            max_in_flight=settings.max_in_flight,
        ),
        data=data,
    )


def _notifier(settings: Settings, clock: Clock) -> Notifier:
    if settings.webhook_url is not None and settings.notifier == "webhook":
        from app.webhook import WebhookNotifier

        return WebhookNotifier(settings.webhook_url, clock)
    return ConsoleNotifier(clock, settings.console_latency)
