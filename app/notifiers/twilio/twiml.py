"""The TwiML of our calls: what a voice says, and which answers it waits for. Pure.

Source: https://www.twilio.com/docs/voice/twiml. Keys always mean the same: 1 yes, 2 no, 3 hear it again, 9 stop. The
text of an offer says the first two itself (`app.domain.texts.offer`); this module adds the others.
"""

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from app.domain.records import Outcome
from app.notifiers.twilio.speech import spelled, spoken

#: Twilio's limit for the TwiML in a request that creates a call, in characters.
MAX_LENGTH = 4000
LANGUAGE = "en-US"
#: The key that asks for the same words again. It is no answer, so it is not passed on as a reply.
AGAIN = "3"
#: What the speech recognition should expect.
_HINTS = "yes, no, yes I can, no I can't, stop"
_OTHER_KEYS = "To hear this again, press 3. To stop these calls, press 9."
_TO_ANSWER_LATER = "To answer later, call or text this number. Goodbye."
#: Not allowed in XML 1.0, however it is written, or a line break or tab, which no voice reads.
_NO_XML = re.compile("[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")

#: The answer to a webhook that wants TwiML when there is nothing to say.
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response />'

#: What a caller hears after a key or a word. `{shift}` is the description of the shift, or `this shift`.
_RESULTS = {
    Outcome.CLAIMED: "You have {shift}. Thank you! Goodbye.",
    Outcome.ALREADY_YOURS: "You already have {shift}. Thank you! Goodbye.",
    Outcome.ALREADY_CLAIMED: "Thanks for answering! Sorry, {shift} is no longer open. Goodbye.",
    Outcome.CONFLICT: "You already have a shift at that time, so we can't give you {shift}. Goodbye.",
    Outcome.AMBIGUOUS: "You have more than one offer. Please answer by text, with the number of the shift. Goodbye.",
    Outcome.DECLINED: "Thank you. We won't ask you about {shift} again. Goodbye.",
    Outcome.RELEASE_REQUESTED: "We told the office that you can't make it. It's yours until they call you. Goodbye.",
    Outcome.UNRECOGNIZED: f"Sorry, we didn't understand. {_TO_ANSWER_LATER}",
    Outcome.NO_OFFER: "We have no open shift for you now. Goodbye.",
    Outcome.NO_ANSWER: f"We didn't hear an answer. {_TO_ANSWER_LATER}",
    Outcome.WRONG_NUMBER: "Sorry about that. We won't text or call this number again. Goodbye.",
    Outcome.OPTED_OUT: (
        "You won't get shift texts or calls any more. Shifts you already have stay yours. "
        "To get offers again, text START to this number. Goodbye."
    ),
    Outcome.OPTED_IN: "You're back on the list for open shifts. Goodbye.",
    Outcome.HELP: "We call and text about open shifts. For anything else please call the office. Goodbye.",
    Outcome.UNKNOWN_SENDER: "We don't know your number. Please call the office. Goodbye.",
}


def offer_call(offer: str, *, action: str, caller: str | None = None) -> str:
    """A call that reads an offer, twice if nobody answers, and waits for a key or a word.

    `offer`: the text of a voice offer, as `app.domain.texts.offer` writes it. `action`: the absolute URL that gets
    the answer. `caller`: who calls, for the greeting; None: the listener has heard it already.

    Raises ValueError if that does not fit into `MAX_LENGTH`. It fits with every role and place that the service
    accepts.
    """
    greeting = "" if caller is None else f"Hello. This is {caller}. "
    words = f"{spoken(offer)} {_OTHER_KEYS}"
    # A very long URL leaves room to read the offer only once.
    for readings in ([greeting + words, words], [greeting + words]):
        response = Element("Response")
        for reading in readings:
            _gather(response, reading, action, "dtmf speech")
        twiml = _hang_up(response, f"We didn't hear an answer. {_TO_ANSWER_LATER}")
        if len(twiml) <= MAX_LENGTH:
            return twiml
    raise ValueError(f"the TwiML of a call has {len(twiml)} characters, more than {MAX_LENGTH}")


def asked_again(offer: str, *, action: str) -> str:
    """After words that were not understood: reads the offer again and waits for a key.

    It does not wait for words: an answering machine would be asked again for as long as it goes on talking.
    """
    response = Element("Response")
    _gather(response, f"Sorry, we didn't understand. {spoken(offer)} Please press a key.", action, "dtmf")
    return _hang_up(response, f"We didn't hear an answer. {_TO_ANSWER_LATER}")


def result(outcome: Outcome, shift: str | None = None) -> str:
    """What the answer led to, said in the same call.

    `shift`: its description, as `app.domain.texts.describe` writes it; None: the listener knows which one.
    """
    described = "this shift" if shift is None else f"the {spoken(shift)}"
    return _hang_up(Element("Response"), _RESULTS[outcome].format(shift=described))


def machine_message(shift: str, *, caller: str, number: str) -> str:
    """What an answering machine records. A machine is never asked for an answer.

    `shift`: see `result`. `number`: where to call or text, in E.164.
    """
    words = f"Hello. This is {caller} about an open shift: {spoken(shift)}. "
    return _hang_up(Element("Response"), f"{words}To answer, call or text {spelled(number)}. Goodbye.")


def no_offer_call(caller: str) -> str:
    """What somebody hears who calls our number while there is no open offer for them."""
    words = f"Hello. This is {caller}. We have no open shift for you now. For anything else please call the office."
    return _hang_up(Element("Response"), f"{words} Goodbye.")


def not_now() -> str:
    """While the service cannot take an answer."""
    return _hang_up(Element("Response"), "Sorry, we can't take your answer right now. Please text us. Goodbye.")


def _gather(response: Element, words: str, action: str, listens_for: str) -> None:
    attributes = {
        "input": listens_for,
        # Without an action the call would go on at the URL of this TwiML, which has none.
        "action": action,
        "method": "POST",
        "numDigits": "1",
        "timeout": "5",
    }
    if "speech" in listens_for:
        attributes |= {"speechTimeout": "auto", "hints": _HINTS, "language": LANGUAGE}
    # Inside of the Gather, so that an answer may come before the last word.
    _say(SubElement(response, "Gather", attributes), words)


def _say(parent: Element, words: str) -> None:
    SubElement(parent, "Say", {"language": LANGUAGE}).text = _NO_XML.sub(" ", words)


def _hang_up(response: Element, words: str) -> str:
    _say(response, words)
    SubElement(response, "Hangup")
    return '<?xml version="1.0" encoding="UTF-8"?>' + tostring(response, encoding="unicode")
