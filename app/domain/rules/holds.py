"""Whether an offer must wait for the end of quiet hours, and until when. Pure."""

from datetime import datetime, timedelta
from typing import NamedTuple

from app.domain import texts
from app.domain.fanout_records import Fanout
from app.domain.messages import Contact, ContactStatus, HoldReason
from app.domain.policy import Policy
from app.domain.quiet_hours import quiet_until
from app.domain.records import Caregiver, Channel, Shift
from app.domain.state import StateReader
from app.domain.time_zones import zone


class Hold(NamedTuple):
    """Until when an offer is held, and why."""

    until: datetime
    reason: HoldReason


def held_by_night(
    state: StateReader,
    fanout: Fanout,
    shift: Shift,
    caregiver: Caregiver | None,
    channel: Channel,
    at: datetime,
    policy: Policy,
) -> Hold | None:
    """Until when quiet hours hold an offer that would go out at `at`; None: they do not.

    The hours are those of the shift's organization, in the zone of the caregiver; without one (also with `caregiver`
    None) in the zone in which texts show the hours of the shift. A text waits no longer than until the shift is so
    near that it is urgent. Source of the rule: docs/quiet-hours.md.
    """
    organization = state.organization(shift.organization_id)
    if organization is None or organization.quiet_hours is None or fanout.urgent:
        return None
    hours = organization.quiet_hours
    if caregiver is not None and caregiver.time_zone is not None:
        local = zone(caregiver.time_zone)
    else:
        local = texts.local_zone(shift, policy.zone_name, organization)
    until = quiet_until(hours.start, hours.end, local, at)
    if until is None:
        return None
    if channel is Channel.SMS:
        until = min(until, shift.start_time - timedelta(seconds=policy.urgent_s))
    return Hold(until, HoldReason.QUIET_HOURS) if until > at else None


def waits_to_go_first(text: Contact | None, fanout: Fanout, now: datetime) -> bool:
    """Whether the text is held and the caregiver's call waits for it. It does so for no longer than the fanout's wait
    after the text may go out: then the call takes its place.
    """
    return (
        text is not None
        and text.status is ContactStatus.QUEUED
        and text.held is not None
        and text.due_at is not None
        and now < text.due_at + fanout.wait
    )


def earliest_call(text: Contact | None, fanout: Fanout, now: datetime) -> datetime:
    """When the caregiver may be called: not within half the fanout's wait of their own text, which goes first.

    `text`: their contact of the SMS round, if there is one.
    """
    if text is None:
        return now
    if waits_to_go_first(text, fanout, now) and text.due_at is not None:
        half = text.due_at + fanout.wait / 2
        return half if half > now else text.due_at + fanout.wait
    if text.perhaps_received_at is None:
        return now
    # It may have arrived as late as its hand-over ended. A receipt may come much later, and delays no call.
    ended_at = text.perhaps_received_at if text.status is ContactStatus.DELIVERED else text.updated_at
    return max(now, max(text.perhaps_received_at, ended_at) + fanout.wait / 2)
