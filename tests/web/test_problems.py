"""Errors as the caller sees them: problems of RFC 9457, and validation errors in plain words."""

import json
from http import HTTPStatus
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from app.domain.decisions import Refusal, RefusalCode
from app.intake.bodies import CaregiverIn, ShiftIn
from app.intake.errors import describe_errors
from app.web.json_bodies import read_json
from app.web.problems import STATUS_OF, ProblemError, invalid, problem_response, raise_if_refused
from app.web.schemas import InboundIn


def fault(model: type[BaseModel], body: bytes) -> ValidationError:
    """What validating the body raises."""
    with pytest.raises(ValidationError) as raised:
        model.model_validate_json(body)
    return raised.value


def content(error: HTTPException) -> dict[str, Any]:
    """The JSON of the problem, after a look at its status and content type."""
    response = problem_response(error)
    assert response.status_code == error.status_code
    assert response.headers["content-type"] == "application/problem+json"
    return dict(json.loads(bytes(response.body)))


@pytest.mark.parametrize("status", [400, 401, 404, 405, 409, 413, 422, 500])
def test_a_problem_has_the_members_of_the_rfc(status: int) -> None:
    """A problem says its type, title, status and detail, and nothing it was not given."""
    assert content(ProblemError(status, "what happened")) == {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "what happened",
    }


def test_a_problem_keeps_its_headers() -> None:
    """Headers that belong to a status, such as Allow, go with the problem."""
    for error in (HTTPException, ProblemError):
        response = problem_response(error(405, "no", headers={"allow": "GET, PUT"}))
        assert response.headers["allow"] == "GET, PUT"


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_has_a_status(code: RefusalCode) -> None:
    """A refused command is a 403, a 404, a 409 or a 412, with its words as the detail and its code beside them."""
    with pytest.raises(ProblemError) as raised:
        raise_if_refused(Refusal(code=code, detail="because"))
    assert raised.value.status_code in (403, 404, 409, 412)
    assert content(raised.value)["detail"] == "because"
    assert content(raised.value)["code"] == code


def test_a_result_is_no_refusal() -> None:
    """What a command that was not refused gives is passed on, False too."""
    assert raise_if_refused(False) is False


def test_no_status_is_given_to_what_is_not_a_refusal() -> None:
    """The table of statuses is about the refusals that exist."""
    assert set(STATUS_OF) == set(RefusalCode)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b"\xff", b'{"name": "\\ud800"}', b"[" * 50, b'{"x": NaN}', b"[-Infinity]"]
)
def test_not_json_is_a_400(body: bytes) -> None:
    """What cannot be read as JSON in UTF-8 is a 400 without `errors`."""
    with pytest.raises(ProblemError) as raised:
        read_json(body)
    assert raised.value.status_code == 400
    assert "errors" not in content(raised.value)


def test_a_wrong_shape_is_a_422_with_each_field() -> None:
    """JSON of the wrong shape is a 422 that names each field and what is wrong with it."""
    error = invalid(fault(CaregiverIn, b'{"name": "Ann", "phone": "?"}').errors())
    assert error.status_code == 422
    found = content(error)
    assert found["errors"] == [
        {"field": "role", "message": "Field required"},
        {
            "field": "phone",
            "message": "not a telephone number: write it as +1 555 555 0100, 555-555-0100 or in E.164",
        },
    ]
    assert found["detail"].startswith("role: Field required; phone: not a telephone number")


@pytest.mark.parametrize("place", ["body", "path", "query", "header"])
def test_fields_are_named_without_their_place(place: str) -> None:
    """A field is named as the caller knows it, without the framework's word for where it stands."""
    error = invalid([{"type": "missing", "loc": (place, "items", 0, "id"), "msg": "Field required"}])
    assert content(error)["errors"] == [{"field": "items.0.id", "message": "Field required"}]


def test_a_field_that_is_called_like_a_place_keeps_its_name() -> None:
    """The field `body` of an inbound message is called `body`."""
    error = invalid(fault(InboundIn, b'{"from": "+15550001"}').errors())
    assert content(error)["errors"] == [{"field": "body", "message": "Field required"}]


def test_very_many_errors_are_cut_off() -> None:
    """A body that is wrong in a thousand places does not get a thousand errors back."""
    errors = [{"type": "missing", "loc": ("body", str(number)), "msg": "Field required"} for number in range(1000)]
    assert len(content(invalid(errors))["errors"]) == 20


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (CaregiverIn, b'{"name": "Sesame", "role": 7777, "phone": "617-555-010"}'),
        (ShiftIn, b'{"organization_id": "Sesame", "role_required": [7777], "start_time": "7777", "end_time": 7777}'),
        (InboundIn, b'{"from": "617-555-010", "body": {"Sesame": 7777}}'),
    ],
)
def test_what_was_sent_is_not_repeated(model: type[BaseModel], body: bytes) -> None:
    """Neither the answer nor the words for a log repeat names, numbers or other values."""
    errors = fault(model, body)
    for text in (describe_errors(errors), bytes(problem_response(invalid(errors.errors())).body).decode()):
        assert "Sesame" not in text
        assert "7777" not in text
        assert "617" not in text


def test_an_error_about_the_whole_is_about_the_body() -> None:
    """In words, an error about the whole record is not said of an empty name."""
    assert describe_errors(fault(CaregiverIn, b"[]")) == "body: Input should be an object"
