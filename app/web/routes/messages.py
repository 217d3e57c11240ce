"""Inbound messages, and receipts for messages that went out.

The gate answers `POST /messages/inbound` by `answer_inbound`, before any framework code (ADR 4). Its route answers
the same from the same code; it is there for OpenAPI and for the 405 of other methods.
"""

from fastapi import APIRouter
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.responses import Response

from app.access.keys import ANYBODY, ApiKey, Permission
from app.domain.commands import RecordDelivery
from app.domain.receipts import Receipt, ReceiptState
from app.domain.records import Channel
from app.notifiers.standard_webhooks import Signed
from app.runtime.service import Service
from app.web import rendering
from app.web.json_bodies import JsonRoute, read_json
from app.web.openapi import problems
from app.web.params import SenderDep, ServiceDep
from app.web.permissions import INBOUND, check_permission
from app.web.problems import invalid
from app.web.responses import PlainJsonResponse
from app.web.schemas import AnswerOut, InboundIn, ReceiptIn, ReceiptOut

INBOUND_PATH, STATUS_PATH = "/messages/inbound", "/messages/status"
#: What a gateway posts. It may sign these requests instead of having a key. A receipt does nothing twice by itself,
#: so only the ids of signed inbound messages are remembered.
SIGNED_PATHS = (INBOUND_PATH, STATUS_PATH)

router = APIRouter(tags=["messages"], route_class=JsonRoute)


@router.post(INBOUND_PATH, responses=problems(400), dependencies=[INBOUND])
async def receive_message(body: InboundIn, service: ServiceDep, sender: SenderDep) -> AnswerOut:
    """Understand an SMS or phone answer and act on it: 200 with an outcome, for unknown senders too.

    A repeat of a `message_id` gets the first answer again and does nothing. With `recorded_by` it is an answer that
    the office has heard, and not the caregiver's own message: no automatic text answers it.
    """
    return await _answer(service, body, sender)


@router.post(STATUS_PATH, responses=problems(400), dependencies=[INBOUND])
async def receive_receipt(body: ReceiptIn, service: ServiceDep, sender: SenderDep) -> ReceiptOut:
    """Record what became of a message that a gateway has taken: 200 also for ids that are not ours.

    A message moves only forward, so receipts may come in any order and more than once.
    """
    failed = body.status == "failed"
    state = ReceiptState.FAILED if failed else ReceiptState.DELIVERED
    receipt = Receipt(state=state, error=body.error if failed else None)
    recorded = await service.engine.handle(
        RecordDelivery(
            message_id=body.id,
            provider_id=None,
            receipt=receipt,
            now=service.clock.now(),
            within=sender.organization_id,
        )
    )
    return {"recorded": recorded}


async def answer_inbound(service: Service, body: bytes, sender: ApiKey, signed: Signed | None) -> Response:
    """The response to an inbound message with this body: 200 with an outcome. `signed`: what its signature says.

    Raises ProblemError: 400 if the body is not JSON, 403 if the sender may not post it, 422 if its shape is wrong.
    """
    check_permission(sender, Permission.INBOUND)
    try:
        message = InboundIn.model_validate(read_json(body))
    except ValidationError as exc:
        raise invalid(exc.errors(include_url=False, include_input=False)) from exc
    return PlainJsonResponse(to_json(await _answer(service, message, sender, signed)))


async def _answer(service: Service, message: InboundIn, sender: ApiKey, signed: Signed | None = None) -> AnswerOut:
    recorded_by = recorded_with = None
    if message.recorded_by is not None:
        check_permission(sender, Permission.COORDINATE)
        recorded_by = message.recorded_by or sender.name
        recorded_with = sender.name if sender is not ANYBODY and recorded_by != sender.name else None
    answer = await service.engine.handle_reply(
        message.from_,
        message.body,
        message.channel or Channel.SMS,
        message.message_id,
        message.shift_id,
        delivery_id=None if signed is None else signed.message_id,
        recorded_by=recorded_by,
        recorded_with=recorded_with,
        within=sender.organization_id,
    )
    return rendering.answer(answer)
