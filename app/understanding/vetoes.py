"""What another reader may make of a reply that the rules leave UNKNOWN.

The vetoes of the tables bind every other reader too, because a wrong yes leaves a patient without a nurse. Pure.
"""

import re
from dataclasses import dataclass

from app.domain.reading import Intent, Reading
from app.understanding.cover import phrases_of
from app.understanding.named_facts import facts_in
from app.understanding.offer_codes import answers_several, coded
from app.understanding.patterns import words
from app.understanding.requests import requests_in
from app.understanding.shift_facts import Fact
from app.understanding.tidying import own_words, tapback, tidy
from app.understanding.tokens import tokens_of

# No yes beside a condition, a hedge, a refusal, money, other people, another day or hours, a question, or words that
# take it back.
_NO_YES = words("no refuse busy ail third they idiom cond partial other money hedge question wish not retract")
# No "no" beside a yes or a doubt, nor from somebody else.
_NO_NO = words("commit able yes third hedge")
# What may be meant for a machine. The rules know more of it; a reply loses nothing if it is not asked about.
_STEERING = re.compile(
    r"[{}<>\[\]\\|=`]|\b(?:ACCEPT|DECLINE|UNKNOWN)(?:ED|S)?\b"
    r"|\b(?i:instruc\w+|prompts?|assistant|system|output|label\w*|classif\w+|treat|pretend|simulate|from now on"
    r"|ignor\w+|disregard|forget (?:all|every\w*|your|previous)|olvida\w*|responde|above|previous|following"
    r"|the (?:nurse|caregiver|user|sender))\b"
)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A reply that the rules leave UNKNOWN and that may be an answer all the same."""

    #: The sender's own words in plain characters, without quotations and signatures.
    text: str
    #: What another reader may take it for: ACCEPT, DECLINE or both.
    allowed: frozenset[Intent]
    #: The days, hours and places that it names. They must all be the shift's, or it is no answer.
    named: tuple[Fact, ...]
    code: str | None

    def answered(self, intent: Intent) -> Reading | None:
        """The reading if another reader takes the reply for `intent`. None: it may not, the rules' UNKNOWN stands."""
        if intent not in self.allowed:
            return None
        meanings = (intent, Intent.UNKNOWN) if self.named else ()
        return Reading(intent=intent, named=self.named, meanings=meanings, code=self.code)


def question_left_open(text: str, channel: str, reading: Reading) -> OpenQuestion | None:
    """Return what another reader may say about the reply `text`, which the rules read as `reading`.

    None if the rules are sure, or if nobody should be asked: the reply is a reaction, comes from a machine, tries to
    steer one, has no words, or is too long to be an answer. Then the rules' reading stands.
    """
    if reading.intent is not Intent.UNKNOWN or reading.meanings:
        return None
    tidied = tidy(text)
    if tapback(tidied) is not None or _STEERING.search(text):
        return None
    own = own_words(tidied)
    tokens = tokens_of(own)
    if tokens.too_long or not any(word.isalpha() for word in tokens.words):
        return None
    reply, _ = coded(tokens, channel)
    labels = frozenset(phrase.label for phrase in phrases_of(reply.words))
    if "machine" in requests_in(reply.words) or answers_several(reply.words, channel) or "tamper" in labels:
        return None
    allowed = set()
    if "?" not in reply.words and labels.isdisjoint(_NO_YES):
        allowed.add(Intent.ACCEPT)
    if labels.isdisjoint(_NO_NO):
        allowed.add(Intent.DECLINE)
    if not allowed:
        return None
    named = dict.fromkeys(fact for facts in facts_in(reply).values() for fact in facts)
    return OpenQuestion(text=own, allowed=frozenset(allowed), named=tuple(named), code=reading.code)
