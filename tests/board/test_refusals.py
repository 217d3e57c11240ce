"""Refusals of what a coordinator does on the board name the caregiver, whose id means nothing to them."""

import pytest
from office import Office


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "fanout", None),
        ("POST", "assign", {"caregiver_id": "ben"}),
        ("POST", "release", {"caregiver_id": "ben"}),
    ],
)
async def test_a_refusal_names_the_holder(method: str, path: str, body: dict[str, str] | None) -> None:
    """Stop asking, assign and release: Ann has got the shift since the coordinator looked."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+16175550001")
        await office.caregiver("ben", "+16175550002")
        await office.shift("s1")
        await office.fanout("s1")
        await ann.replies("yes")
        await office.all_read()
        refusal = await office.http.request(method, f"/shifts/s1/{path}", json=body)
        assert refusal.status_code == 409
        assert "Name of ann" in refusal.json()["detail"]
