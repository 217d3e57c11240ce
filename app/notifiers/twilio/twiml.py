"""The TwiML of our calls: what a voice says, and which answers it waits for. Pure.

Source: https://www.twilio.com/docs/voice/twiml. Keys always mean the same: 1 yes, 2 no, 3 hear it again, 9 stop. The
text of an offer says the first two itself (`app.domain.texts.offer`); this module adds the others.
"""

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from app.domain.records import Language, Outcome
from app.notifiers.twilio.languages.english import ENGLISH
from app.notifiers.twilio.languages.spoken import Spoken
from app.notifiers.twilio.speech import spelled, spoken, words_in

#: Twilio's limit for the TwiML in a request that creates a call, in characters.
MAX_LENGTH = 4000
#: The key that asks for the same words again. It is no answer, so it is not passed on as a reply.
AGAIN = "3"
#: Not allowed in XML 1.0, however it is written, or a line break or tab, which no voice reads.
_NO_XML = re.compile("[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")

#: The answer to a webhook that wants TwiML when there is nothing to say.
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response />'


def offer_call(offer: str, language: Language, *, action: str, caller: str | None = None) -> str:
    """A call that reads an offer, twice if nobody answers, and waits for a key or a word.

    `offer`: the text of a voice offer, as `app.domain.texts.offer` writes it in that language. `action`: the absolute
    URL that gets the answer. `caller`: who calls, for the greeting; None: the listener has heard it already.

    Raises ValueError if that does not fit into `MAX_LENGTH`. It fits with every role and place that the service
    accepts.
    """
    words = words_in(language)
    greeting = "" if caller is None else words.greeting.format(caller=_named(caller, words))
    reading = f"{spoken(offer, language)} {words.other_keys}"
    # A very long URL leaves room to read the offer only once.
    for readings in ([greeting + reading, reading], [greeting + reading]):
        response = Element("Response")
        for once in readings:
            _gather(response, once, words, action, "dtmf speech")
        twiml = _hang_up(response, words.no_answer, words)
        if len(twiml) <= MAX_LENGTH:
            return twiml
    raise ValueError(f"the TwiML of a call has {len(twiml)} characters, more than {MAX_LENGTH}")


def asked_again(offer: str, language: Language, *, action: str) -> str:
    """After words that were not understood: reads the offer again and waits for a key.

    It does not wait for words: an answering machine would be asked again for as long as it goes on talking.
    """
    words = words_in(language)
    response = Element("Response")
    _gather(response, words.asked_again.format(offer=spoken(offer, language)), words, action, "dtmf")
    return _hang_up(response, words.no_answer, words)


def result(outcome: Outcome, language: Language, shift: str | None = None) -> str:
    """What the answer led to, said in the same call.

    `shift`: its description, as `app.domain.texts.describe` writes it; None: the listener knows which one.
    """
    words = words_in(language)
    described = words.this_shift if shift is None else words.the_shift.format(shift=spoken(shift, language))
    return _hang_up(Element("Response"), words.results[outcome].format(shift=described), words)


def machine_message(shift: str, language: Language, *, caller: str, number: str) -> str:
    """What an answering machine records. A machine is never asked for an answer.

    `shift`: see `result`. `number`: where to call or text, in E.164.
    """
    words = words_in(language)
    message = words.machine_message.format(
        caller=_named(caller, words), shift=spoken(shift, language), number=spelled(number)
    )
    return _hang_up(Element("Response"), message, words)


def no_offer_call(caller: str, language: Language) -> str:
    """What somebody hears who calls our number while there is no open offer for them."""
    words = words_in(language)
    return _hang_up(Element("Response"), words.no_offer.format(caller=_named(caller, words)), words)


def not_now(language: Language) -> str:
    """What a caller hears while the service cannot take an answer."""
    words = words_in(language)
    return _hang_up(Element("Response"), words.not_now, words)


def _named(caller: str, words: Spoken) -> str:
    """Who calls. The default of the setting is no name, so it is said in the language of the call."""
    return words.your_agency if caller == ENGLISH.your_agency else caller


def _gather(response: Element, reading: str, words: Spoken, action: str, listens_for: str) -> None:
    attributes = {
        "input": listens_for,
        # Without an action the call would go on at the URL of this TwiML, which has none.
        "action": action,
        "method": "POST",
        "numDigits": "1",
        "timeout": "5",
    }
    if "speech" in listens_for:
        attributes |= {"speechTimeout": "auto", "hints": words.hints, "language": words.locale}
    # Inside of the Gather, so that an answer may come before the last word.
    _say(SubElement(response, "Gather", attributes), reading, words)


def _say(parent: Element, message: str, words: Spoken) -> None:
    SubElement(parent, "Say", {"language": words.locale}).text = _NO_XML.sub(" ", message)


def _hang_up(response: Element, message: str, words: Spoken) -> str:
    _say(response, message, words)
    SubElement(response, "Hangup")
    return '<?xml version="1.0" encoding="UTF-8"?>' + tostring(response, encoding="unicode")
