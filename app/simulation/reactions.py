"""How the demo's caregivers react to a message: what they reply and when, or that they do not reply.

A reaction depends only on the seed and on the message (its caregiver, shift, channel, kind and offer code), not on
earlier events. So a run with the same seed is the same run.
"""

import re
from random import Random

from app.domain.decisions import Message
from app.domain.records import Channel, Kind
from app.simulation.phones import Reaction

YES = ("YES", "yes", "Yes I can take it", "Yes please", "I'll take it", "sure, count me in", "Si, lo tomo")
NO = ("NO", "no", "No, sorry", "can't, sorry", "not this time", "No puedo")
#: Neither yes nor no: the service asks back, or leaves the reply to a coordinator.
UNCLEAR = (
    "How much does it pay?",
    "maybe, if I find a sitter",
    "yes but only until noon",
    "Who is this?",
    "in a meeting, call you later",
    "Is it the same client as last week?",
)
STOP = ("STOP", "please stop texting me")
#: Answers on a call: a pressed key, or words. The key is listed twice, so it is drawn twice as often as the word.
CALL_YES = ("1", "1", "yes")
CALL_NO = ("2", "2", "no")
CALL_UNCLEAR = ("hello? who is this?", "can you call me back later")
#: Said after a claim, by caregivers who have to give the shift back.
RELEASE = ("NO, my car broke down", "can't make it after all, sorry")

#: The offer code in a message's text, which is there if the caregiver has several offers: "Reply YES 2 to accept".
_OFFER_CODE = re.compile(r"YES (\d+)")
#: How attractive a shift is: the probability weight of a yes to its texts. One value is drawn for each shift. With
#: this order of values a run with seed 1 shows every kind of outcome.
_APPEALS = (0.02, 0.12, 0.0, 0.05)


def reaction(seed: int, message: Message) -> Reaction | None:
    """How the caregiver reacts to the message. None: ignores the text, or does not pick up the call."""
    random = Random(f"{seed}/{message.caregiver_id}/{message.shift_id}/{message.channel}/{message.kind}")
    appeal = Random(f"{seed}/{message.shift_id}").choice(_APPEALS)
    yes, no = _yes_and_no(random, message)
    match message.kind:
        case Kind.OFFER if message.channel is Channel.VOICE:
            words = _random_words(random, {yes: 2 * appeal, no: 0.25, CALL_UNCLEAR: 0.05}, otherwise=0.5)
            return _delayed(random, 15, 50, words)
        case Kind.OFFER:
            words = _random_words(random, {yes: appeal, no: 0.2, UNCLEAR: 0.08, STOP: 0.02}, otherwise=0.6)
            return _delayed(random, 20, 540, words)
        case Kind.CLARIFICATION:
            return _delayed(random, 20, 90, _random_words(random, {yes: 3, no: 3}, otherwise=2))
        case Kind.CONFIRMATION:
            return _delayed(random, 120, 600, _random_words(random, {RELEASE: 1}, otherwise=9))
        case _:
            return None


def _yes_and_no(random: Random, message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words to choose from for a yes, and for a no.

    A caregiver who was texted an offer code leaves it out three times in ten; the service then asks which shift
    they mean.
    """
    number = _OFFER_CODE.search(message.body)
    voice = message.channel is Channel.VOICE
    if number and (voice or random.random() < 0.7):
        return (f"YES {number[1]}",), (f"NO {number[1]}",)
    return (CALL_YES, CALL_NO) if voice else (YES, NO)


def _random_words(random: Random, weights: dict[tuple[str, ...], float], otherwise: float) -> str | None:
    """Words from one of the lists, chosen by its weight; None with the weight `otherwise`."""
    (words,) = random.choices((*weights, ()), (*weights.values(), otherwise))
    return random.choice(words) if words else None


def _delayed(random: Random, soonest_s: int, latest_s: int, words: str | None) -> Reaction | None:
    """The words after a random time, which is short more often than long. None if there are no words."""
    if words is None:
        return None
    return Reaction(soonest_s + round(random.random() ** 2 * (latest_s - soonest_s)), words)
