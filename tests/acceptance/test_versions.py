"""Two writers who have read the same version of a record, on both stores."""

import asyncio
from typing import Any

from office import NewOffice

PUTS: dict[str, dict[str, Any]] = {
    "/caregivers/ann": {"name": "Ann", "role": "RN", "phone": "+15555550101"},
    "/shifts/s1": {
        "organization_id": "org",
        "role_required": "RN",
        "start_time": "2026-07-02T08:00:00-04:00",
        "end_time": "2026-07-02T16:00:00-04:00",
    },
    "/organizations/org": {"name": "Harbor", "quiet_hours": {"from": "21:00", "to": "07:00"}, "minimum_rest": 8},
}


async def test_of_two_writers_one_wins(new_office: NewOffice) -> None:
    """They write at the same time. The ETag is the same however the record was read."""
    async with new_office() as office:
        for path, body in PUTS.items():
            headers = {"if-match": (await office.http.put(path, json=body)).headers["etag"]}
            assert (await office.http.get(path)).headers["etag"] == headers["if-match"]
            field = "location" if path == "/shifts/s1" else "name"
            writes = (office.http.put(path, json=body | {field: f"No {n}"}, headers=headers) for n in range(4))
            statuses = sorted(response.status_code for response in await asyncio.gather(*writes))
            assert statuses == [200, 412, 412, 412]
