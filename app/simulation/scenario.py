"""What the demo plays: an agency's caregivers and open shifts, generated from a seed. All of it is made up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from zoneinfo import ZoneInfo

from app.domain.records import Caregiver, Shift

TIME_ZONE = ZoneInfo("America/New_York")
#: When the first fanout is posted: a Monday at six in the morning, New York time.
START = datetime(2027, 3, 1, 6, 0, tzinfo=TIME_ZONE).astimezone(UTC)

_AGENCY = "northstar-home-health"
_OTHER_AGENCY = "bayside-home-care"
_CAREGIVERS_BY_ROLE = {"RN": 12, "LPN": 8, "CNA": 10, "HHA": 10}
_SHIFT_ROLES = ("RN", "RN", "LPN", "CNA", "CNA", "HHA")
#: Hour of day at which a shift starts, and its length in hours.
_START_AND_LENGTH_H = ((7, 8), (8, 4), (15, 8), (23, 8))
_LOCATIONS = (
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
_FIRST_NAMES = (
    "Amara", "Ben", "Celia", "Dolores", "Emmanuel", "Farida", "Grace", "Hector", "Ines", "Jonah", "Keisha", "Luis",
    "Mai", "Nadia", "Omar", "Precious", "Quentin", "Rosa", "Samir", "Tamika", "Uma", "Victor", "Wanda", "Yusuf",
)  # fmt: skip
_LAST_NAMES = (
    "Okafor", "Whitfield", "Duarte", "Reyes", "Pierre", "Karimi", "Mbeki", "Santos", "Calloway", "Tran", "Baptiste",
    "Novak", "Ocampo", "Silva", "Haddad", "Lindqvist",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """The caregivers, and the shifts to fill."""

    caregivers: tuple[Caregiver, ...]
    #: Pairs of (seconds after START at which the fanout is posted, shift), sorted by the seconds.
    shifts: tuple[tuple[int, Shift], ...]
    #: The number of one of the caregivers, in E.164; messages to it fail.
    out_of_service_number: str


def generate_scenario(seed: int) -> Scenario:
    """The same seed always gives the same caregivers and shifts."""
    # Do not change "/town": it is part of the random seed, so a change would change every scenario.
    random = Random(f"{seed}/town")
    caregivers = tuple(_caregivers(random))
    return Scenario(caregivers, tuple(_shifts(random)), random.choice(caregivers).phone)


def _caregivers(random: Random) -> Iterator[Caregiver]:
    roles = [role for role, count in _CAREGIVERS_BY_ROLE.items() for _ in range(count)]
    names = random.sample(list(product(_FIRST_NAMES, _LAST_NAMES)), len(roles))
    for number, (role, (first, last)) in enumerate(zip(roles, names, strict=True)):
        yield Caregiver(
            id=f"{first}-{last}".lower(),
            name=f"{first} {last}",
            roles=(role,),
            # The numbers 555-0100 to 555-0199 are reserved for fiction.
            phone=f"+1617555{100 + number:04}",
            organization_ids=random.choices(((), (_AGENCY,), (_OTHER_AGENCY,)), (6, 3, 1))[0],
        )


def _shifts(random: Random) -> Iterator[tuple[int, Shift]]:
    roles = random.sample(_SHIFT_ROLES, len(_SHIFT_ROLES))
    places = random.sample(_LOCATIONS, len(_SHIFT_ROLES))
    posted_s = 0
    for role, place in zip(roles, places, strict=True):
        hour, length = random.choice(_START_AND_LENGTH_H)
        day = START.astimezone(TIME_ZONE).replace(hour=0) + timedelta(days=random.randint(1, 2))
        start = (day + timedelta(hours=hour)).astimezone(UTC)
        yield (
            posted_s,
            Shift(
                id=f"{role}-{place.split()[0]}".lower(),
                organization_id=_AGENCY,
                role_required=role,
                start_time=start,
                end_time=start + timedelta(hours=length),
                time_zone=TIME_ZONE.key,
                location=place,
            ),
        )
        posted_s += random.randint(60, 240)
