"""What `shift-fanout status` prints of a service or of its database: how far it is behind, what waits, and more."""

import re
from collections.abc import Mapping

import httpx

from app import __version__
from app.cli.addresses import shown
from app.errors import StartRefused
from app.ports.clock import Clock
from app.runtime.figures import FiguresReader

#: A sample in the text format of Prometheus: name, labels, value.
_SAMPLE = re.compile(r"(fanout_\w+)(?:\{(.*)\})? (\S+)")
_TIME_LIMIT_S = 10.0


async def of_service(http: httpx.AsyncClient, url: str, key: str | None) -> tuple[bool, list[str]]:
    """Whether the service at that URL is ready, and the lines to print. Raises StartRefused if it does not answer."""
    headers = {} if key is None else {"authorization": f"Bearer {key}"}
    try:
        ready = await http.get(f"{url}/ready", timeout=_TIME_LIMIT_S)
        metrics = await http.get(f"{url}/metrics", headers=headers, timeout=_TIME_LIMIT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise StartRefused(f"{shown(url)} does not answer: {type(exc).__name__}") from exc
    if ready.status_code == 200:
        lines = ["ready      yes", f"lag        {ready.json()['lag_s']:.1f} s"]
    else:
        lines = [f"ready      no: {_detail(ready)}"]
    if metrics.status_code != 200:
        return ready.status_code == 200, [*lines, f"figures    none: {_detail(metrics)}"]
    samples = [match.groups() for match in map(_SAMPLE.fullmatch, metrics.text.splitlines()) if match]
    values = {name: float(value) for name, labels, value in samples if not labels}
    attention = {
        labels.partition('"')[2].rstrip('"'): float(value)
        for name, labels, value in samples
        if name == "fanout_attention" and labels
    }
    if "fanout_open" in values:
        lines += _lines(
            values["fanout_open"], values["fanout_queued"], values["fanout_oldest_queued_seconds"], attention
        )
    versions = [labels.partition('"')[2].rstrip('"') for name, labels, _ in samples if name == "fanout_build_info"]
    return ready.status_code == 200, [*lines, f"version    {', '.join(versions)}"]


async def of_database(url: str, clock: Clock) -> tuple[bool, list[str]]:
    """Whether the database can be worked with, and the lines to print. Raises StoreUnavailable."""
    from app.stores.postgres.migrate import known_version
    from app.stores.postgres.store import PostgresStore

    store = PostgresStore(url, clock, has_worker=False)
    await store.open()
    try:
        await store.check()
        found = await FiguresReader(store, clock).read()
    finally:
        await store.aclose()
    lag, waited = (
        0.0 if since is None else max(0.0, (found.at - since).total_seconds())
        for since in (found.store.due_since, found.store.queued_since)
    )
    attention = {reason.value: float(count) for reason, count in found.attention.items()}
    lines = [
        "ready      the database is",
        f"lag        {lag:.1f} s",
        *_lines(found.store.open_fanouts, found.store.queued, waited, attention),
        f"version    {__version__} (this program), which needs schema {known_version()}",
    ]
    return True, lines


def _lines(open_fanouts: float, queued: float, waited_s: float, attention: Mapping[str, float]) -> list[str]:
    needed = ", ".join(f"{reason} {count:g}" for reason, count in sorted(attention.items()) if count)
    return [
        f"open       {open_fanouts:g} fanouts",
        f"queue      {queued:g} messages, the oldest for {waited_s:.1f} s",
        f"attention  {needed or 'none'}",
    ]


def _detail(answer: httpx.Response) -> str:
    """What is wrong, in the words of the service."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
