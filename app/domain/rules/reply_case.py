"""One reply while it is being decided: what is known about it, and the records that will be written. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.domain.commands import Reply
from app.domain.decisions import Write
from app.domain.fanout_records import Offer, OfferState
from app.domain.messages import MOST_AUTOMATIC_ANSWERS, NumberStatus
from app.domain.policy import Policy
from app.domain.reading import Intent
from app.domain.records import (
    Answer,
    Caregiver,
    Choice,
    Kind,
    Language,
    Organization,
    Outcome,
    Response,
    Shift,
)
from app.domain.rules.access import may_see_shift
from app.domain.rules.notices import new_notice, settle_failed_notice, text_about
from app.domain.rules.offers import OfferInContext, offers_in_context
from app.domain.rules.reply_target import holding_that_lasts
from app.domain.state import StateReader


@dataclass
class ReplyCase:
    """The reply that is being decided, and the writes so far."""

    state: StateReader
    command: Reply
    policy: Policy
    caregiver: Caregiver
    #: What the words mean before the shift is known: their days and hours are taken for its own.
    intent: Intent
    #: What is known about the number from which the reply comes.
    number: NumberStatus = field(init=False)
    writes: list[Write] = field(default_factory=list)
    #: The offers changed so far, by shift id: each as it will be written, and the changes made to it.
    _kept: dict[str, tuple[Offer, dict[str, Any]]] = field(default_factory=dict)
    #: Shifts whose implied offer was counted as open.
    _counted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.number = self.state.number(self.command.phone)

    @property
    def now(self) -> datetime:
        """The time of the reply."""
        return self.command.now

    @property
    def language(self) -> Language:
        """The language of the texts that go back."""
        return self.caregiver.language

    @property
    def known_shift_id(self) -> str | None:
        """The shift id that the gateway gave, if there is such a shift."""
        shift_id = self.command.shift_id
        return shift_id if shift_id is not None and self.state.shift(shift_id) is not None else None

    def organization_of(self, shift: Shift) -> Organization | None:
        """The shift's organization, if it has a record."""
        return self.state.organization(shift.organization_id)

    def offers(self) -> list[OfferInContext]:
        """The caregiver's offers and shifts that the reply may say something about, newest first.

        If whoever passes it on acts for one organization, it was said to that one: the shifts of others stay as they
        are, and no text that answers it names them.
        """
        found = offers_in_context(self.state, self.caregiver, self.now)
        return [about for about in found if self.command.within in (None, about.shift.organization_id)]

    def answer(
        self,
        outcome: Outcome,
        *,
        shift_id: str | None = None,
        reply: str | None = None,
        choices: Sequence[Choice] = (),
    ) -> Answer:
        """The answer to this reply's sender."""
        return Answer(
            outcome=outcome,
            shift_id=shift_id,
            caregiver_id=self.caregiver.id,
            reply=reply,
            choices=tuple(choices),
        )

    def notice(self, kind: Kind, body: str, shift: Shift | None = None) -> str:
        """Queue a text to the number that wrote; returns its text."""
        self.writes.append(
            new_notice(
                id_=self.command.notice_id,
                kind=kind,
                caregiver=self.caregiver,
                phone=self.command.phone,
                body=body,
                shift=shift,
                now=self.now,
            )
        )
        return body

    def automatic(self, kind: Kind, body: str, shift: Shift | None = None) -> str | None:
        """Queue an automatic answer, at most three an hour for one number, because another machine may be answering.

        Returns its text. None if the limit is reached (then the open offers are marked, so that a person looks), if
        the provider has answered itself, or if the office recorded the words.
        """
        if self.command.answered_by_provider or self.command.recorded_by is not None:
            return None
        recent = self.number.recent_answers(self.now)
        if len(recent) < MOST_AUTOMATIC_ANSWERS:
            self.set_number(answered_at=(*recent, self.now))
            return self.notice(kind, body, shift)
        # After a STOP nothing is left to look at.
        if self.number.silence_for(self.caregiver.id) is None:
            for about in self.offers():
                if about.open:
                    self.keep(about, unclear_since=self.now)
        return None

    def holds(self, about: OfferInContext) -> bool:
        """Whether the caregiver has that shift, and it has not ended."""
        return holding_that_lasts(self.state, self.caregiver.id, about.shift, self.now) is not None

    def set_number(self, **changes: Any) -> None:
        """Change what is known about the number."""
        if self.number in self.writes:
            self.writes.remove(self.number)
        self.number = replace(self.number, **changes)
        self.writes.append(self.number)

    def respond(self, about: OfferInContext, outcome: Outcome) -> None:
        """Record the caregiver's answer about that offer.

        If the office has recorded it, they have talked: the caregiver knows what a notice could not tell them.
        """
        if self.command.recorded_by is not None:
            self.writes += settle_failed_notice(self.state, about.shift.id, self.caregiver.id, self.now)
        self.writes.append(
            Response(
                shift_id=about.shift.id,
                generation=about.fanout.generation,
                caregiver_id=self.caregiver.id,
                outcome=outcome,
                at=self.now,
                channel=self.command.channel,
            )
        )

    def keep(self, about: OfferInContext, **changes: Any) -> None:
        """Write the offer with these changes, on top of those made before in this decision.

        If planning had not reached the offer, it counts towards the open offers from now on.
        """
        offer = self._change(about.offer, changes)
        counts = about.implied and about.claimable and offer.state is OfferState.OPEN
        if counts and about.shift.id not in self._counted:
            self._counted.add(about.shift.id)
            self.writes.append(replace(about.fanout, can_still_accept=about.fanout.can_still_accept + 1))

    def _change(self, offer: Offer, changes: dict[str, Any]) -> Offer:
        written, earlier = self._kept.get(offer.shift_id, (None, {}))
        if written is not None:
            self.writes.remove(written)
        changes = earlier | changes
        changed = replace(offer, **changes)
        self._kept[offer.shift_id] = changed, changes
        self.writes.append(changed)
        return changed

    def understood(self) -> None:
        """The caregiver said a clear yes or no: earlier words of theirs that were not understood are settled."""
        for offer in self.state.offers_of(self.caregiver.id):
            unsettled = offer.questions_sent or offer.unclear_since is not None
            if unsettled and may_see_shift(self.state, offer.shift_id, self.command.within):
                self._change(offer, {"questions_sent": 0, "unclear_since": None})

    def not_understood(self, about: OfferInContext) -> None:
        """Record that the caregiver's words about that offer were not understood: a person may have to look."""
        self.respond(about, Outcome.UNRECOGNIZED)
        self.keep(about, unclear_since=self.now)

    def tell(self, about: OfferInContext, kind: Kind, text: str | None = None) -> str | None:
        """Send the notice, unless the caregiver already got this kind about this shift. Returns its text, or None.

        `text`: None for the usual one of that kind.
        """
        if kind in about.offer.notices_sent:
            if about.implied:
                self.keep(about)
            return None
        self.keep(about, notices_sent=(*about.offer.notices_sent, kind))
        return self.notice(kind, self.text(about, kind) if text is None else text, about.shift)

    def text(self, about: OfferInContext, kind: Kind) -> str:
        """The text of a notice about that offer, as it would be sent now."""
        code = about.offer.code
        return text_about(self.state, kind, self.caregiver, about.shift, code, self.now, self.policy)
