"""A made-up agency: its caregivers and its open shifts, from a seed. Nobody in it exists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from zoneinfo import ZoneInfo

from app.domain.records import Caregiver, Shift

ZONE = ZoneInfo("America/New_York")
#: Six in the morning, a Monday: the coordinator comes in.
START = datetime(2027, 3, 1, 6, 0, tzinfo=ZONE).astimezone(UTC)

_AGENCY = "northstar-home-health"
_NEIGHBOUR = "bayside-home-care"
_CAREGIVERS = {"RN": 12, "LPN": 8, "CNA": 10, "HHA": 10}
_SHIFTS = ("RN", "RN", "LPN", "CNA", "CNA", "HHA")
#: Start and length, in hours.
_HOURS = ((7, 8), (8, 4), (15, 8), (23, 8))
_PLACES = (
    "Quincy 02169",
    "Dorchester 02122",
    "Salem 01970",
    "Lynn 01902",
    "Medford 02155",
    "Waltham 02453",
    "Newton 02458",
    "Revere 02151",
    "Malden 02148",
    "Brockton 02301",
)
_FIRST = (
    "Amara", "Ben", "Celia", "Dolores", "Emmanuel", "Farida", "Grace", "Hector", "Ines", "Jonah", "Keisha", "Luis",
    "Mai", "Nadia", "Omar", "Precious", "Quentin", "Rosa", "Samir", "Tamika", "Uma", "Victor", "Wanda", "Yusuf",
)  # fmt: skip
_LAST = (
    "Okafor", "Whitfield", "Duarte", "Reyes", "Pierre", "Karimi", "Mbeki", "Santos", "Calloway", "Tran", "Baptiste",
    "Novak", "Ocampo", "Silva", "Haddad", "Lindqvist",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Town:
    """Who can be asked, and what is to be filled."""

    caregivers: tuple[Caregiver, ...]
    #: In the order in which their fanouts are posted, each with the seconds after START.
    shifts: tuple[tuple[int, Shift], ...]
    #: The number of a caregiver that is out of service.
    dead_number: str


def made_up(seed: int) -> Town:
    """The town of that seed; always the same."""
    chance = Random(f"{seed}/town")
    caregivers = tuple(_caregivers(chance))
    return Town(caregivers, tuple(_shifts(chance)), chance.choice(caregivers).phone)


def _caregivers(chance: Random) -> Iterator[Caregiver]:
    roles = [role for role, count in _CAREGIVERS.items() for _ in range(count)]
    names = chance.sample(list(product(_FIRST, _LAST)), len(roles))
    for number, (role, (first, last)) in enumerate(zip(roles, names, strict=True)):
        yield Caregiver(
            id=f"{first}-{last}".lower(),
            name=f"{first} {last}",
            role=role,
            # 555-0100 to 555-0199 belong to nobody.
            phone=f"+1617555{100 + number:04}",
            organization_id=chance.choices((None, _AGENCY, _NEIGHBOUR), (6, 3, 1))[0],
        )


def _shifts(chance: Random) -> Iterator[tuple[int, Shift]]:
    roles = chance.sample(_SHIFTS, len(_SHIFTS))
    places = chance.sample(_PLACES, len(_SHIFTS))
    posted_s = 0
    for role, place in zip(roles, places, strict=True):
        hour, length = chance.choice(_HOURS)
        day = START.astimezone(ZONE).replace(hour=0) + timedelta(days=chance.randint(1, 2))
        start = (day + timedelta(hours=hour)).astimezone(UTC)
        yield (
            posted_s,
            Shift(
                id=f"{role}-{place.split()[0]}".lower(),
                organization_id=_AGENCY,
                role_required=role,
                start_time=start,
                end_time=start + timedelta(hours=length),
                time_zone=ZONE.key,
                location=place,
            ),
        )
        posted_s += chance.randint(60, 240)
