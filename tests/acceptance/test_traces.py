"""What OpenTelemetry gets of the work of the service, by the in-memory exporter of its SDK."""

import json
import sys
from collections.abc import Iterator

import pytest
from fakes import raising
from office import NewOffice, Office
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app.api import create_app
from app.errors import StartRefused, StoreUnavailable, TemporaryFailure
from app.settings import Settings
from app.web.application import telemetry_of

NUMBER, NAME = "+16175550123", "Zebra Quagga"


class Traces:
    """The spans of one service."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def taken(self) -> list[ReadableSpan]:
        """All spans that have ended since the last call, in the order of their ends."""
        spans = list(self._exporter.get_finished_spans())
        self._exporter.clear()
        return spans


@pytest.fixture
def traces() -> Iterator[Traces]:
    """The traces of a test."""
    found = Traces()
    yield found
    found.provider.shutdown()


def named(spans: list[ReadableSpan], name: str) -> ReadableSpan:
    """The only span of that name."""
    (span,) = [one for one in spans if one.name == name]
    return span


def ours(span: ReadableSpan) -> dict[str, object]:
    """The attributes that the service adds."""
    return {name: value for name, value in (span.attributes or {}).items() if name.startswith("fanout.")}


def parent_of(span: ReadableSpan) -> int | None:
    """The id of the span that this one is part of."""
    return None if span.parent is None else span.parent.span_id


async def test_an_inbound_reply_is_a_request_with_its_transition(new_office: NewOffice, traces: Traces) -> None:
    """With what it led to, under the trace of the gateway and with the id that the log has."""
    async with new_office(tracer_provider=traces.provider) as office:
        await office.caregiver("ann", NUMBER)
        await office.fanout(await office.shift("s1"))
        traces.taken()
        trace_id, gateway_span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
        headers = {"traceparent": f"00-{trace_id}-{gateway_span}-01", "x-request-id": "r1"}
        message = {"from": NUMBER, "body": f"yes, {NAME} here"}
        assert (await office.http.post("/messages/inbound", json=message, headers=headers)).status_code == 200
        spans = traces.taken()
        request, reply = named(spans, "POST /messages/inbound"), named(spans, "reply")
        transition = named(spans, "transition Reply")
        assert request.context is not None
        assert reply.context is not None
        assert format(request.context.trace_id, "032x") == trace_id
        assert parent_of(request) == int(gateway_span, 16)
        assert (parent_of(reply), parent_of(transition)) == (request.context.span_id, reply.context.span_id)
        assert ours(request) == {"fanout.request": "r1"}
        assert ours(reply) == {"fanout.channel": "sms", "fanout.outcome": "claimed", "fanout.shift": "s1"}
        assert (request.attributes or {})["http.response.status_code"] == 200
        await office.all_read()


async def test_a_message_is_a_span_of_its_own(new_office: NewOffice, traces: Traces) -> None:
    """Each try, with its result. It belongs to no request: the worker sends when it is time."""
    async with new_office(tracer_provider=traces.provider) as office:
        await office.caregiver("ann", NUMBER)
        office.notifier.behaviour = raising(TemporaryFailure("busy"))
        await office.fanout(await office.shift("s1"))
        await office.minutes(1)
        await office.all_read()
        sent = [span for span in traces.taken() if span.name == "send offer"]
    assert [ours(span) for span in sent] == [
        {"fanout.channel": "sms", "fanout.shift": "s1", "fanout.attempt": number, "fanout.result": result}
        for number, result in ((1, "temporary"), (2, "sent"))
    ]
    assert {span.kind.name for span in sent} == {"CLIENT"}
    assert [parent_of(span) for span in sent] == [None, None]


async def test_a_refusal_and_an_error_are_named(traces: Traces) -> None:
    """By their code and their type; the text of an error stands nowhere."""
    async with Office(tracer_provider=traces.provider) as office:
        await office.http.delete("/caregivers/nobody")
        spans = traces.taken()
        assert ours(named(spans, "transition DeleteCaregiver")) == {"fanout.refusal": "unknown_caregiver"}
        assert named(spans, "DELETE /caregivers/{caregiver_id}").status.is_ok

        async def fail(*_: object) -> object:
            raise StoreUnavailable("secret words")

        office.app.state.service.store.transition = fail
        assert (await office.http.post("/messages/inbound", json={"from": NUMBER, "body": "x"})).status_code == 503
        spans = traces.taken()
        failed = named(spans, "transition Reply")
        assert not failed.status.is_ok
        assert (failed.attributes or {})["error.type"] == "StoreUnavailable"
        assert "secret" not in "".join(span.to_json() for span in spans)


async def test_no_span_has_a_number_a_name_or_words(new_office: NewOffice, traces: Traces) -> None:
    """Neither of a path nor of a query, in no attribute and no event."""
    async with new_office(tracer_provider=traces.provider, keep_text=1.0) as office:
        await office.http.put(f"/caregivers/{NUMBER}", json={"name": NAME, "role": "RN", "phone": NUMBER})
        await office.http.put("/caregivers", json=[{"id": "b", "name": NAME, "role": "RN", "phone": "+16175550199"}])
        await office.shift("s1", location="Zebra place")
        await office.fanout("s1")
        await office.inbound(NUMBER, "zebra?", shift_id="s1")
        await office.http.post("/shifts/s1/messages", json={"caregiver_id": NUMBER, "body": "zebra!"})
        await office.http.get(f"/shifts?text={NAME}")
        await office.http.get(f"/board?text={NUMBER}".replace("+", "%2B"))
        await office.http.get(f"/nowhere/{NUMBER}")
        await office.minutes(11)
        await office.all_read()
        spans = traces.taken()
    text = json.dumps([json.loads(span.to_json()) for span in spans]).casefold()
    assert len(spans) > 20
    for word in ("zebra", "quagga", NUMBER, NUMBER[1:], "6175550199"):
        assert word.casefold() not in text, word
    assert "url.path" in text
    assert "transitions putcaregiver" in text


async def test_probes_and_streams_are_not_traced(traces: Traces) -> None:
    """They would hide the rest."""
    async with Office(tracer_provider=traces.provider) as office:
        for path in ("/health", "/ready", "/metrics", "/health/engine"):
            await office.http.get(path)
        assert [span.name for span in traces.taken() if span.name.startswith("GET")] == []


async def test_without_the_setting_nothing_is_traced(traces: Traces, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the process has a provider of traces."""
    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", lambda: traces.provider)
    async with Office() as office:
        await office.caregiver("ann", NUMBER)
        await office.fanout(await office.shift("s1"))
        await office.all_read()
    assert traces.taken() == []


def test_an_exporter_is_added_only_if_the_process_has_none(traces: Traces, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise every span would go out twice."""
    assert telemetry_of(None)["auto_configure"] is True
    assert telemetry_of(traces.provider)["auto_configure"] is False
    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", lambda: traces.provider)
    assert telemetry_of(None)["auto_configure"] is False


def test_the_setting_wants_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start says which one."""
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    monkeypatch.delitem(sys.modules, "app.observability.traces", raising=False)
    with pytest.raises(StartRefused, match="FANOUT_TRACES needs the extra `traces`"):
        create_app(Settings(data=None, traces=True))
