"""The possible meanings of a reply, and the shift hours that days and hours in a reply are compared with. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Intent(StrEnum):
    """What a reply asks for. UNKNOWN: no rule is sure, so the service asks the caregiver, or a person decides."""

    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    STOP = "STOP"
    START = "START"
    HELP = "HELP"
    #: The number is not the caregiver's, or they no longer work here.
    WRONG_NUMBER = "WRONG_NUMBER"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """Start and end of an offered shift in local time, naive; the days and hours in a reply are compared with it."""

    start: datetime
    end: datetime
