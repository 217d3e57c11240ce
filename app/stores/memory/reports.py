"""What coordinators read, put together from the records of the memory store. No I/O, no awaits."""

from app.domain.fanout_records import Fanout
from app.domain.fanout_reports import FanoutReport, HeldMessages, Overview, counts_as_reported
from app.domain.records import Channel
from app.stores.memory.fanout_details import FanoutDetails
from app.stores.memory.shift_table import ShiftRow
from app.stores.memory.tables import Tables


def fanout_report(tables: Tables, row: ShiftRow, fanout: Fanout, *, full: bool) -> FanoutReport:
    """The report that `Store.report` returns."""
    details = tables.details.get(fanout.shift_id) or FanoutDetails(fanout.generation)
    contacts = (contact for channel in Channel for contact in details.contacts.get(channel, ())) if full else ()
    return FanoutReport(
        shift=row.shift,
        fanout=fanout,
        assignment=row.assignment,
        counts=counts_as_reported(fanout, details.counts, details.queued_perhaps_sent),
        contacts=tuple(contacts),
        responses=tuple(details.responses.values()),
        excluded=tuple(details.excluded.values()) if full else (),
        notices=tuple(details.notices.values()),
        marked_offers=tuple(details.marked_offers.values()),
        held=tuple(
            HeldMessages(channel=channel, until=until, reason=reason, count=count)
            for (channel, until, reason), count in details.held.items()
        ),
        last_failed_at=details.last_failed_at,
    )


def overview(tables: Tables, shift_id: str) -> Overview | None:
    """The shift as `Store.overviews` returns it; None if there is no such shift."""
    row, fanout = tables.shifts.listed(shift_id), tables.fanout(shift_id)
    if row is None:
        return None
    organization = tables.organization(row.shift.organization_id)
    if fanout is None:
        return Overview(shift=row.shift, assignment=row.assignment, organization=organization)
    report = fanout_report(tables, row, fanout, full=False)
    details = tables.details.get(shift_id)
    asked = details.asked if details else 0
    return Overview(shift=row.shift, assignment=row.assignment, organization=organization, report=report, asked=asked)
