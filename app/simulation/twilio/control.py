"""The routes by which an integrator's test holds the telephones of `shift-fanout fake-twilio`, and breaks things.

They stand beside the API. Numbers are in E.164; a body is JSON, whatever content type the request names.
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from app.simulation.twilio.api import application
from app.simulation.twilio.calls import Call
from app.simulation.twilio.company import Fault, TelephoneCompany
from app.simulation.twilio.holders import Habits, hold
from app.simulation.twilio.phones import Line, Phone
from app.web.json_bodies import JsonRoute

HELP = """\
A simulated telephone company. It speaks Twilio's API below /2010-04-01; these routes hold its telephones.
A body is JSON. The content type does not matter: curl -X PUT -d '{"replies": "YES"}' URL/phones/+15550001

GET  /phones/+15550001        the texts and calls that reached this number, the oldest first
PUT  /phones/+15550001        {"line": "rings|busy|dead|machine", "text_error": 30006, "replies": "YES",
                               "presses": "1", "says": "yes I can", "after_s": 5}
POST /phones/+15550001/texts  {"body": "YES"}: this number texts the service
POST /phones/+15550001/calls  {"presses": "1", "says": "..."}: this number calls the service
POST /faults                  {"on": "write|read", "status": 503, "code": null, "carried_out": false, "after_s": 0}:
                              what goes wrong with the next request
PUT  /webhooks                {"copies": [0, 2]}: seconds after which each copy of a webhook is sent; [] loses them
PUT  /account                 {"trial": true, "verified": ["+15550001"], "registered": false, "status": "suspended",
                               "texts_per_s": 1, "requests_per_s": 10, "handles_opt_outs": true}
GET  /problems                webhooks that failed, with Twilio's error codes
"""

Seconds = Annotated[float, Field(ge=0, le=3600)]
Key = Annotated[str, Field(pattern="^[0-9*#]$")]


class _Body(BaseModel):
    """Refuses fields that do not exist."""

    model_config = ConfigDict(extra="forbid")


class PhoneIn(_Body):
    """See `Phone` and `Habits`."""

    line: Line = Line.RINGS
    text_error: int | None = None
    replies: str | None = None
    presses: Key | None = None
    says: str | None = None
    after_s: Seconds = 5.0


class TextIn(_Body):
    """A text to the service."""

    body: str


class CallIn(_Body):
    """A call to the service: the key that is pressed, or the words that are said, as soon as it listens."""

    presses: Key | None = None
    says: str | None = None


class FaultIn(_Body):
    """See `Fault`."""

    on: Literal["write", "read"] = "write"
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    code: int | None = None
    carried_out: bool = False
    after_s: Seconds = 0.0


class WebhooksIn(_Body):
    """See `Copies`."""

    copies: list[Seconds]


class AccountIn(_Body):
    """See `Account`. A field that is not given stays as it is."""

    trial: bool = False
    verified: set[str] = set()
    registered: bool = True
    status: Literal["active", "suspended", "closed"] = "active"
    handles_opt_outs: bool = True
    texts_per_s: Annotated[float, Field(gt=0)] | None = None
    requests_per_s: Annotated[float, Field(gt=0)] | None = None


def controlled(company: TelephoneCompany) -> FastAPI:
    """The company's API, with these routes beside it."""
    app = FastAPI(title="Simulated telephone company", docs_url=None, redoc_url=None)
    app.include_router(_router(company))
    app.mount("/", application(company))
    return app


def _router(company: TelephoneCompany) -> APIRouter:
    router = APIRouter(route_class=JsonRoute)

    @router.get("/", response_class=PlainTextResponse)
    async def explain() -> str:
        return HELP

    @router.get("/phones/{number}")
    async def show_phone(number: str) -> dict[str, Any]:
        return _shown(company.phone(number))

    @router.put("/phones/{number}")
    async def put_phone(number: str, body: PhoneIn) -> dict[str, Any]:
        phone = company.phone(number)
        phone.line, phone.text_error = body.line, body.text_error
        habits = Habits(replies=body.replies, presses=body.presses, says=body.says, after_s=body.after_s)
        hold(company, phone, habits)
        return _shown(phone)

    @router.post("/phones/{number}/texts", status_code=201)
    async def text(number: str, body: TextIn) -> dict[str, Any]:
        return company.text_from(number, body.body)

    @router.post("/phones/{number}/calls", status_code=201)
    async def call(number: str, body: CallIn) -> dict[str, Any]:
        made = company.call_from(number)
        company.phone(number).calls.append(made)
        if body.presses is not None:
            made.press(body.presses)
        elif body.says is not None:
            made.say(body.says)
        return _shown_call(made)

    @router.post("/faults", status_code=204)
    async def fault(body: FaultIn) -> None:
        faults = company.faults if body.on == "write" else company.read_faults
        faults.append(Fault(status=body.status, code=body.code, carried_out=body.carried_out, after_s=body.after_s))

    @router.put("/webhooks", status_code=204)
    async def webhooks(body: WebhooksIn) -> None:
        company.webhooks.copies = lambda _: body.copies

    @router.put("/account", status_code=204)
    async def account(body: AccountIn) -> None:
        for name in body.model_fields_set:
            setattr(company.account, name, getattr(body, name))

    @router.get("/problems")
    async def problems() -> list[str]:
        return company.webhooks.problems

    return router


def _shown(phone: Phone) -> dict[str, Any]:
    return {
        "number": phone.number,
        "line": phone.line,
        "text_error": phone.text_error,
        "texts": list(phone.texts),
        "calls": [_shown_call(call) for call in phone.calls],
    }


def _shown_call(call: Call) -> dict[str, Any]:
    return {**call.record, "heard": call.heard}
