"""Rosters, shifts and requests for the benchmarks, the same on every run."""

import json
import re
from itertools import count
from pathlib import Path

_message_numbers = count()
_SENT = re.compile(rb'"sent":(\d+)')


def phone(number: int) -> str:
    """The telephone number of the caregiver with that number."""
    return f"+1617{5_000_000 + number}"


def write_data_file(path: Path, *, roles: int, caregivers_per_role: int, shifts_per_role: int = 1) -> Path:
    """Write a file for FANOUT_DATA and return its path.

    Caregivers have the ids `cg-00000`, `cg-00001` and so on, role by role; shifts `shift-00000` and so on likewise.
    """
    caregivers = [
        {"id": f"cg-{number:05}", "name": f"Name {number}", "role": role_of(number // caregivers_per_role)}
        | {"phone": phone(number)}
        for number in range(roles * caregivers_per_role)
    ]
    shifts = [
        {
            "id": shift_id(number),
            "organization_id": "org",
            "role_required": role_of(number // shifts_per_role),
            "start_time": "2031-03-03T08:00:00-05:00",
            "end_time": "2031-03-03T16:00:00-05:00",
            "time_zone": "America/New_York",
            "location": "Quincy 02169",
        }
        for number in range(roles * shifts_per_role)
    ]
    path.write_text(json.dumps({"caregivers": caregivers, "shifts": shifts}))
    return path


def role_of(number: int) -> str:
    """The name of that role."""
    return f"ROLE-{number:05}"


def shift_id(number: int) -> str:
    """The id of that shift."""
    return f"shift-{number:05}"


def yes_request(caregiver: int, shift: int | None) -> bytes:
    """A request in which that caregiver replies YES, with a new message id; `shift` None: without a shift id."""
    body = {"from": phone(caregiver), "body": "YES", "message_id": f"SM{next(_message_numbers):032x}"}
    if shift is not None:
        body["shift_id"] = shift_id(shift)
    return http_request("POST", "/messages/inbound", json.dumps(body).encode())


def fanout_request(shift: int) -> bytes:
    """A request that starts the fanout of that shift."""
    return http_request("POST", f"/shifts/{shift_id(shift)}/fanout")


def sent_count(answer: bytes) -> int:
    """How many messages of a fanout are sent, read from the answer to a `fanout_request`.

    Posting a fanout again changes nothing, and its answer is much shorter than the whole report.
    """
    found = _SENT.search(answer)
    return 0 if found is None else int(found[1])


def http_request(method: str, path: str, body: bytes = b"", headers: str = "") -> bytes:
    """The bytes of an HTTP/1.1 request that keeps the connection open. Each header in `headers` ends with CRLF."""
    head = f"{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}"
    if method in ("POST", "PUT"):
        head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body
