"""Reports about filled shifts, as JSON or CSV. `docs/reports.md` defines every figure."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator
from starlette.responses import Response

# Before Python 3.12 pydantic takes only this TypedDict, and installs it.
from typing_extensions import TypedDict

from app.domain import fills
from app.domain.fills import Attempt, Attempts, FillFigures
from app.domain.time_zones import zone
from app.intake import fields
from app.runtime.service import Service
from app.web.json_bodies import JsonRoute
from app.web.params import SenderDep, ServiceDep
from app.web.permissions import READ
from app.web.problems import invalid

router = APIRouter(prefix="/reports", tags=["reports"], route_class=JsonRoute)


def _in_range(day: date) -> date:
    if not 1970 < day.year < 2999:
        raise ValueError("must be in the years 1971 to 2998")
    return day


_Day = Annotated[fields.Day, AfterValidator(_in_range)]
_LONGEST_DAYS = 366
_DEFAULT_DAYS = 28
#: An attempt that started on the last day may be filled until then.
_FILLED_WITHIN = timedelta(days=1)
_FACTS_PER_READ = 1000
#: A cache must not answer one form with the other.
_VARY = {"vary": "accept"}
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
#: A spreadsheet takes a value that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@")


class FillFiguresOut(TypedDict):
    """The figures of some fanouts. Times are seconds from the start of the fanout; null: there was none."""

    asked: int
    filled: int
    first_answer_median_s: float | None
    first_answer_p90_s: int | None
    fill_median_s: float | None
    fill_p90_s: int | None


class RoleFillsOut(FillFiguresOut):
    """The figures of the shifts that need a role."""

    role: str


class RoundFillsOut(FillFiguresOut):
    """The figures of a round: `sms` or `voice`."""

    round: str


class HourFillsOut(FillFiguresOut):
    """The figures of the fanouts that started in this hour of the day, from 0 to 23."""

    hour: int


# `from` is a word of Python.
FillsOut = TypedDict(
    "FillsOut",
    {
        "from": date,
        "to": date,
        "time_zone": str,
        "total": FillFiguresOut,
        "by_role": list[RoleFillsOut],
        "by_round": list[RoundFillsOut],
        "by_hour": list[HourFillsOut],
    },
)


@router.get(
    "/fills",
    dependencies=[READ],
    response_model=FillsOut,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def report_fills(
    request: Request,
    response: Response,
    service: ServiceDep,
    sender: SenderDep,
    from_: Annotated[_Day | None, Query(alias="from", description="The first day; 27 days before the last")] = None,
    to: Annotated[_Day | None, Query(description="The last day; by default today")] = None,
) -> object:
    """How many shifts were asked about and filled, and how fast: in all, by role, round and hour of the day.

    CSV with `Accept: text/csv`. At most 366 days. Days and hours are those of the zone of the key's organization, if
    the key is for one and it has a zone, else of `FANOUT_TIMEZONE`.
    """
    zone_name = await _zone_name(request, service, sender.organization_id)
    last = to or service.clock.now().astimezone(zone(zone_name)).date()
    first = from_ or last - timedelta(days=_DEFAULT_DAYS - 1)
    if not first <= last or (last - first).days >= _LONGEST_DAYS:
        message = f"must not be after `to`, and at most {_LONGEST_DAYS - 1} days before it"
        raise invalid([{"type": "period", "loc": ("query", "from"), "msg": message}])
    start = datetime.combine(first, time.min, zone(zone_name))
    end = datetime.combine(last + timedelta(days=1), time.min, zone(zone_name))
    attempts = await _attempts(service, start, end, sender.organization_id)
    groups: dict[str, Mapping[str, FillFigures] | Mapping[int, FillFigures]] = {
        "role": fills.by_role(attempts),
        "round": fills.by_round(attempts),
        "hour": fills.by_hour(attempts, zone(zone_name)),
    }
    total = fills.figures(attempts)
    if _wants_csv(request):
        return Response(_csv(total, groups), media_type="text/csv", headers=_VARY)
    response.headers.update(_VARY)
    return {
        "from": first,
        "to": last,
        "time_zone": zone_name,
        "total": asdict(total),
        **{
            f"by_{name}": [{name: value, **asdict(of_value)} for value, of_value in group.items()]
            for name, group in groups.items()
        },
    }


async def _zone_name(request: Request, service: Service, organization_id: str | None) -> str:
    organization = None if organization_id is None else await service.store.organization(organization_id)
    if organization is not None and organization.time_zone is not None:
        return organization.time_zone
    return str(request.app.state.zone_name)


async def _attempts(service: Service, start: datetime, end: datetime, organization_id: str | None) -> list[Attempt]:
    """Read page by page: other requests get their turn between two."""
    attempts = Attempts(end, organization_id)
    after = 0
    while True:
        page = await service.store.fill_facts(start, after, end + _FILLED_WITHIN, _FACTS_PER_READ)
        for entry in page:
            attempts.add(entry.fact)
        if len(page) < _FACTS_PER_READ:
            return attempts.found
        start, after = page[-1].fact.at, page[-1].id


def _wants_csv(request: Request) -> bool:
    """Whether `Accept` prefers CSV: by a higher `q` than that of JSON, or by the same and named first.

    Ranges such as `text/*` count for what nothing more exact names (RFC 9110, section 12.5.1).
    """
    weights: dict[str, float] = {}
    for part in ",".join(request.headers.getlist("accept")).split(","):
        name, *parameters = (one.strip().lower() for one in part.split(";"))
        quality = next((one.removeprefix("q=") for one in parameters if one.startswith("q=")), "1")
        if _QUALITY.fullmatch(quality):
            weights.setdefault(name, float(quality))
    as_csv, as_json = _quality(weights, "text/csv"), _quality(weights, "application/json")
    named_first = next((name for name in weights if name in ("text/csv", "application/json")), None)
    return as_csv > as_json or (as_csv == as_json > 0 and named_first == "text/csv")


def _quality(weights: Mapping[str, float], media_type: str) -> float:
    """How much the client wants that type; 0: not at all."""
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((weights[one] for one in ranges if one in weights), 0.0)


def _csv(total: FillFigures, groups: Mapping[str, Mapping[str, FillFigures] | Mapping[int, FillFigures]]) -> str:
    """A line for each group: what it is, its value and the figures."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["group", "value", *FillFiguresOut.__annotations__])
    lines.writerows(_lines(total, groups))
    return text.getvalue()


def _lines(
    total: FillFigures, groups: Mapping[str, Mapping[str, FillFigures] | Mapping[int, FillFigures]]
) -> Iterator[list[object]]:
    yield ["total", "", *asdict(total).values()]
    for name, group in groups.items():
        for value, of_value in group.items():
            shown = f"'{value}" if str(value).startswith(_FORMULA) else value
            yield [name, shown, *asdict(of_value).values()]
