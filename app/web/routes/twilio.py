"""Twilio's webhooks: inbound messages, calls, and the statuses of what we sent.

There is no key: the signature proves that a request comes from Twilio. What is signed gets a 2xx, also if it makes no
sense, because Twilio would report anything else as a fault and may play an error to the caller. The reply to a text
goes out as a message like every other one; what is said on a call is answered by TwiML in the same call. No webhook
waits for a provider.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain import texts
from app.domain.commands import RecordDelivery
from app.domain.records import Answer, Channel, Language, Outcome
from app.errors import NotifierFailure, StoreUnavailable
from app.notifiers.twilio import forms, twiml
from app.notifiers.twilio.client import TwilioClient
from app.notifiers.twilio.forms import Form, Senseless
from app.notifiers.twilio.signature import is_signed, signed_url
from app.ports.clock import Clock
from app.runtime.service import Service
from app.web.problems import ProblemError

log = logging.getLogger("shift_fanout.twilio")

PREFIX = "/webhooks/twilio"
#: The paths of the webhooks.
PATHS = tuple(f"{PREFIX}/{name}" for name in ("sms", "voice", "answer", "status"))

#: Refused requests are logged once in this time: anybody can send them.
_LOG_REFUSALS_EVERY = timedelta(minutes=1)
_LONGEST_LOGGED_URL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the webhooks know about the account. The fields are those of the settings."""

    account_sid: str
    tokens: Sequence[str]
    signature_header: str
    public_url: str | None
    from_number: str | None
    caller: str
    #: The zone of the shifts that name none, if their organization names none either.
    zone_name: str | None


class _Post(NamedTuple):
    """A request whose signature is right."""

    form: Form
    query: Mapping[str, str]


class TwilioWebhooks:
    """Answers the webhooks of one account."""

    def __init__(self, service: Service, account: Account, client: TwilioClient) -> None:
        self._service = service
        self._account = account
        self._client = client
        self._refusals = _Refusals(service.clock)

    def routes(self) -> list[Route]:
        """The routes. They are no part of the API's description, because no client of ours calls them."""
        answers = (self._sms, self._voice, self._answer, self._status)
        return [
            Route(path, self._checked(answer), methods=["POST"], include_in_schema=False)
            for path, answer in zip(PATHS, answers, strict=True)
        ]

    def _checked(self, answer: Callable[[_Post], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            body = await request.body()
            self._check_signature(request, body)
            try:
                form = forms.read_form(body)
                forms.check_account(form, self._account.account_sid)
                query = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
                return await answer(_Post(form, query))
            except Senseless as exc:
                log.warning("twilio.ignored path=%s reason=%s", request.url.path, str(exc))
                return _twiml(twiml.NOTHING)

        return handle

    def _check_signature(self, request: Request, body: bytes) -> None:
        """Raises ProblemError (401) for a signature that is missing or wrong."""
        account = self._account
        if account.public_url is None:
            self._refusals.log("FANOUT_PUBLIC_URL is not set")
        else:
            url = signed_url(account.public_url, *_path_and_query(request))
            if is_signed(
                request.headers.get(account.signature_header),
                tokens=account.tokens,
                url=url,
                content_type=request.headers.get("content-type"),
                body=body,
            ):
                return
            self._refusals.log(url)
        raise ProblemError(401, "the signature is missing or wrong")

    async def _sms(self, post: _Post) -> Response:
        text = forms.inbound_text(post.form)
        await self._service.engine.handle_reply(
            text.phone, text.body, Channel.SMS, text.message_id, None, keyword=text.keyword
        )
        return _twiml(twiml.NOTHING)

    async def _voice(self, post: _Post) -> Response:
        """Somebody calls our number: they hear the offer that they have, as on a call of ours."""
        language, now = Language.ENGLISH, self._service.clock.now()
        try:
            call = forms.on_call(post.form, self._account.from_number)
            offer = await self._service.engine.find_offer(call.phone, None)
            if offer is None:
                language = await self._service.engine.language_of(call.phone)
        except Senseless as exc:
            # Whoever calls hears something, also if their number is withheld.
            log.info("twilio.caller_not_known reason=%s", str(exc))
            offer = None
        except StoreUnavailable as exc:
            log.warning("twilio.call_lost %s", exc.reason)
            return _twiml(twiml.not_now(language))
        if offer is None:
            return _twiml(twiml.no_offer_call(self._account.caller, language))
        action = self._action({"shift": offer.shift_id}, offer.language, now)
        return _twiml(twiml.offer_call(offer.text, offer.language, action=action, caller=self._account.caller))

    async def _answer(self, post: _Post) -> Response:
        """What was pressed or said on a call, in answer to an offer. The result is said in the same call."""
        call = forms.on_call(post.form, self._account.from_number)
        try:
            return _twiml(await self._said(call, post.query))
        except StoreUnavailable as exc:
            log.warning("twilio.call_lost %s", exc.reason)
            return _twiml(twiml.not_now(forms.language_of(post.query)))

    async def _said(self, call: forms.OnCall, query: Mapping[str, str]) -> str:
        engine, shift_id, now = self._service.engine, forms.our_id(query, "shift"), self._service.clock.now()
        language = forms.language_of(query)
        if call.by_machine:
            return await self._for_a_machine(shift_id, language) or twiml.result(Outcome.NO_OFFER, language)
        if not call.words:
            return _result(await engine.handle_call_end(call.phone, call.call_id, shift_id), language)
        if call.words == twiml.AGAIN:
            offer = await engine.find_offer(call.phone, shift_id)
            return (
                twiml.result(Outcome.ALREADY_CLAIMED, language)
                if offer is None
                else twiml.offer_call(offer.text, offer.language, action=self._action(query, offer.language, now))
            )
        # A call has at most two answers: the second one follows the first if that was not understood.
        asked_again = "again" in query
        message_id = f"{call.call_id}:again" if asked_again else call.call_id
        answer = await engine.handle_reply(
            call.phone, call.words, Channel.VOICE, message_id, shift_id, heard_of=forms.heard_of(query)
        )
        if answer.outcome is Outcome.UNRECOGNIZED and not asked_again:
            now = self._service.clock.now()
            offer = await engine.find_offer(call.phone, answer.shift_id)
            if offer is not None:
                again = {**query, "shift": offer.shift_id, "again": "1"}
                action = self._action(again, offer.language, now)
                return twiml.asked_again(offer.text, offer.language, action=action)
        return _result(answer, language)

    async def _status(self, post: _Post) -> Response:
        """What became of a message or a call of ours. The query says which one it is, and which shift it is about."""
        update = forms.status_update(post.form, self._account.from_number)
        message_id, shift_id = forms.our_id(post.query, "message"), forms.our_id(post.query, "shift")
        if update.receipt is not None:
            await self._service.engine.handle(
                RecordDelivery(
                    message_id=message_id or "",
                    provider_id=update.provider_id,
                    receipt=update.receipt,
                    now=self._service.clock.now(),
                )
            )
        if update.ended_call_to is not None:
            await self._service.engine.handle_call_end(update.ended_call_to, update.provider_id, shift_id)
        leave = None
        if update.machine_listens:
            message = await self._for_a_machine(shift_id, forms.language_of(post.query))
            if message is not None:
                leave = BackgroundTask(self._leave_message, update.provider_id, message)
        return Response(status_code=204, background=leave)

    async def _for_a_machine(self, shift_id: str | None, language: Language) -> str | None:
        """What an answering machine is told about the shift; None if the shift can no longer be had."""
        found = await self._service.store.shift(shift_id) if shift_id is not None else None
        report = await self._service.store.report(found[0].id, full=False) if found else None
        number = self._account.from_number
        if found is None or report is None or number is None or not report.claimable_at(self._service.clock.now()):
            return None
        organization = await self._service.store.organization(found[0].organization_id)
        shift = texts.describe(found[0], self._account.zone_name, language, organization)
        return twiml.machine_message(shift, language, caller=self._account.caller, number=number)

    async def _leave_message(self, call_id: str, message: str) -> None:
        try:
            await self._client.change_call(call_id, message)
        except NotifierFailure as exc:
            # The machine has recorded the offer itself, which also says where to call or text.
            log.warning("twilio.no_message_left call=%s: %s", call_id, exc.reason)

    def _action(self, query: Mapping[str, str], language: Language, now: datetime) -> str:
        """The URL that gets the answer to a question on a call in that language.

        `now`: a time before the shift was read from the store for that question.
        """
        about = {name: value for name, value in query.items() if name != "language"}
        about |= forms.in_language(language) | forms.heard_at(now)
        return f"{self._account.public_url}{PREFIX}/answer?{urlencode(about)}"


class _Refusals:
    """Logs refused requests: one line a minute, with how many there were since the start."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = 0
        self._silent_until = clock.now()

    def log(self, url: str) -> None:
        """`url`: the one that the signature had to cover."""
        self._count += 1
        now = self._clock.now()
        # The clock may have been set back.
        if self._silent_until <= now or now + _LOG_REFUSALS_EVERY < self._silent_until:
            self._silent_until = now + _LOG_REFUSALS_EVERY
            log.warning("twilio.bad_signature count=%d signed_url=%s", self._count, url[:_LONGEST_LOGGED_URL])


def _path_and_query(request: Request) -> tuple[str, str]:
    """Path and query as they came, still percent-encoded. The public URL stands for the root path."""
    scope = request.scope
    raw_path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    path, root = raw_path.decode("latin-1"), scope.get("root_path", "")
    return path.removeprefix(root) if root else path, scope["query_string"].decode("latin-1")


def _result(answer: Answer, language: Language) -> str:
    return twiml.result(answer.outcome, language)


def _twiml(content: str) -> Response:
    return Response(content, media_type="text/xml")
