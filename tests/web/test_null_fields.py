"""A field that may be left out may be null, which says the same."""

from inspect import getmembers, isclass
from typing import Any

import pytest
from office import Office
from pydantic import BaseModel, create_model

from app.intake import bodies
from app.web import schemas

BODIES = {
    name: model
    for module in (bodies, schemas)
    for name, model in getmembers(module, isclass)
    if issubclass(model, BaseModel) and name.endswith("In")
}


@pytest.mark.parametrize("name", BODIES)
def test_each_optional_field_of_a_body_takes_null(name: str) -> None:
    """In every body that a route reads."""
    for field in BODIES[name].model_fields.values():
        if not field.is_required():
            # The validators of the field see the null too.
            annotation: Any = field.annotation
            body: Any = create_model("Body", one=(annotation, field))
            assert body.model_validate({field.alias or "one": None}).one is None


async def test_null_says_the_same_as_no_field() -> None:
    """English, not urgent, and an answer by text."""
    async with Office() as office:
        caregiver = {"name": "Ann", "role": "RN", "phone": "+15550001", "language": None}
        response = await office.http.put("/caregivers/ann", json=caregiver)
        assert (response.status_code, response.json()["language"]) == (201, "en")
        await office.shift("s1")
        assert (await office.http.post("/shifts/s1/fanout", json={"urgent": None})).status_code == 202
        nulls = dict.fromkeys(("channel", "message_id", "shift_id", "recorded_by"))
        answer = await office.http.post("/messages/inbound", json={"from": "+15550001", "body": "YES", **nulls})
        assert answer.json()["outcome"] == "claimed"
        responses = (await office.report("s1"))["responses"]
        assert [(one["outcome"], one["channel"]) for one in responses] == [("claimed", "sms")]
        receipt = {"id": "unknown", "status": "failed", "error": None}
        assert (await office.http.post("/messages/status", json=receipt)).status_code == 200
        await office.all_read()
