"""The TwiML of our calls, compared with what Twilio's own library makes, element by element."""

from dataclasses import fields
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import Gather, VoiceResponse  # type: ignore[import-untyped]  # it has no types

from app.domain.reading import Intent
from app.domain.records import Language, Outcome
from app.notifiers.twilio import twiml
from app.notifiers.twilio.languages.spoken import Spoken
from app.notifiers.twilio.speech import words_in
from app.understanding.rules import classify

OFFER = (
    "Open RN shift Thu Jul 2, 8:00 AM-4:00 PM EDT at Quincy 02169. "
    "To accept, press 1 or say yes. To pass, press 2 or say no."
)
SHIFT = "RN shift Thu Jul 2, 8:00 AM-4:00 PM EDT at Quincy 02169"
SPOKEN_SHIFT = "R N shift on Thursday, July 2nd, from 8 AM to 4 PM Eastern time at Quincy 0 2 1 6 9"
SPOKEN_OFFER = f"Open {SPOKEN_SHIFT}. To accept, press 1 or say yes. To pass, press 2 or say no."
OTHER_KEYS = "To hear this again, press 3. To stop these calls, press 9."
NO_ANSWER = "We didn't hear an answer. To answer later, call or text this number. Goodbye."
ACTION = "https://agency.example/webhooks/twilio/answer?message=1&shift=s%2F1"

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH

Tree = tuple[str, dict[str, str], str, list["Tree"]]


def parsed(xml: str) -> ElementTree.Element:
    """The root element."""
    return ElementTree.fromstring(xml.encode())  # noqa: S314  # it is our own


def tree(xml: str) -> Tree:
    """The elements of a document, with attributes and texts."""

    def of(element: ElementTree.Element) -> Tree:
        return element.tag, dict(element.attrib), element.text or "", [of(child) for child in element]

    return of(parsed(xml))


def listening(words: str) -> Gather:
    """What the library makes of a question that waits for a key or a word."""
    gather = Gather(
        input="dtmf speech",
        action=ACTION,
        method="POST",
        num_digits=1,
        timeout=5,
        speech_timeout="auto",
        hints="yes, no, yes I can, no I can't, stop",
        language="en-US",
    )
    gather.say(words, language="en-US")
    return gather


def saying(words: str, *before: Gather) -> VoiceResponse:
    """What the library makes of a response that ends with these words and hangs up."""
    response = VoiceResponse()
    for gather in before:
        response.append(gather)
    response.say(words, language="en-US")
    response.hangup()
    return response


def said(xml: str) -> str:
    """All that the voice says, in order."""
    return " ".join("".join(parsed(xml).itertext()).split())


def test_an_offer_is_read_twice_and_then_the_call_ends() -> None:
    """The greeting comes first and only once. Each reading waits for an answer."""
    expected = saying(
        NO_ANSWER,
        listening(f"Hello. This is Bay Home Care. {SPOKEN_OFFER} {OTHER_KEYS}"),
        listening(f"{SPOKEN_OFFER} {OTHER_KEYS}"),
    )
    made = twiml.offer_call(OFFER, ENGLISH, action=ACTION, caller="Bay Home Care")
    assert tree(made) == tree(str(expected))


def test_an_offer_that_is_heard_again_has_no_greeting() -> None:
    """After key 3 the same words come again, without a second hello."""
    expected = saying(NO_ANSWER, *[listening(f"{SPOKEN_OFFER} {OTHER_KEYS}")] * 2)
    assert tree(twiml.offer_call(OFFER, ENGLISH, action=ACTION)) == tree(str(expected))


def test_after_words_that_were_not_understood_a_key_is_asked_for() -> None:
    """Once, and without listening for words."""
    gather = Gather(input="dtmf", action=ACTION, method="POST", num_digits=1, timeout=5)
    gather.say(f"Sorry, we didn't understand. {SPOKEN_OFFER} Please press a key.", language="en-US")
    assert tree(twiml.asked_again(OFFER, ENGLISH, action=ACTION)) == tree(str(saying(NO_ANSWER, gather)))


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.CLAIMED, f"You have the {SPOKEN_SHIFT}. Thank you! Goodbye."),
        (Outcome.ALREADY_YOURS, f"You already have the {SPOKEN_SHIFT}. Thank you! Goodbye."),
        (
            Outcome.ALREADY_CLAIMED,
            f"Thanks for answering! Sorry, the {SPOKEN_SHIFT} is no longer open. Goodbye.",
        ),
        (
            Outcome.CONFLICT,
            "You have another shift at that time or too close to it, "
            f"so we can't give you the {SPOKEN_SHIFT}. Goodbye.",
        ),
        (
            Outcome.AMBIGUOUS,
            "You have more than one offer. Please answer by text, with the number of the shift. Goodbye.",
        ),
        (Outcome.DECLINED, f"Thank you. We won't ask you about the {SPOKEN_SHIFT} again. Goodbye."),
        (
            Outcome.RELEASE_REQUESTED,
            "We told the office that you can't make it. It's yours until they call you. Goodbye.",
        ),
        (
            Outcome.UNRECOGNIZED,
            "Sorry, we didn't understand. To answer later, call or text this number. Goodbye.",
        ),
        (Outcome.NO_OFFER, "We have no open shift for you now. Goodbye."),
        (Outcome.NO_ANSWER, NO_ANSWER),
        (Outcome.WRONG_NUMBER, "Sorry about that. We won't text or call this number again. Goodbye."),
        (
            Outcome.OPTED_OUT,
            "You won't get shift texts or calls any more. Shifts you already have stay yours. "
            "To get offers again, text START to this number. Goodbye.",
        ),
        (Outcome.OPTED_IN, "You're back on the list for open shifts. Goodbye."),
        (Outcome.HELP, "We call and text about open shifts. For anything else please call the office. Goodbye."),
        (Outcome.UNKNOWN_SENDER, "We don't know your number. Please call the office. Goodbye."),
    ],
)
def test_what_an_answer_led_to_is_said_in_the_same_call(outcome: Outcome, expected: str) -> None:
    """Then the call ends."""
    assert tree(twiml.result(outcome, ENGLISH, SHIFT)) == tree(str(saying(expected)))


@pytest.mark.parametrize(("language", "bye"), [(ENGLISH, "Goodbye."), (SPANISH, "Adi\u00f3s.")])
@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_can_be_said_without_the_shift(outcome: Outcome, language: Language, bye: str) -> None:
    """The one who answers has just heard which shift it is about."""
    words = said(twiml.result(outcome, language))
    assert words.endswith(bye)
    assert "{" not in words


def test_the_claimed_shift_may_be_unnamed() -> None:
    """The sentence stays one without a description."""
    assert said(twiml.result(Outcome.CLAIMED, ENGLISH)) == "You have this shift. Thank you! Goodbye."


def test_a_machine_records_who_called_and_where_to_answer() -> None:
    """It is asked for no key and no word, so it can say nothing that counts as an answer."""
    made = twiml.machine_message(SHIFT, ENGLISH, caller="Bay Home Care", number="+16175550101")
    words = (
        f"Hello. This is Bay Home Care about an open shift: {SPOKEN_SHIFT}. "
        "To answer, call or text 6 1 7, 5 5 5, 0 1 0 1. Goodbye."
    )
    assert tree(made) == tree(str(saying(words)))


def test_what_somebody_hears_who_calls_and_has_no_offer() -> None:
    """They hear whom they have reached and whom to call."""
    words = (
        "Hello. This is Bay Home Care. We have no open shift for you now. "
        "For anything else please call the office. Goodbye."
    )
    assert tree(twiml.no_offer_call("Bay Home Care", ENGLISH)) == tree(str(saying(words)))


def test_nothing_to_say() -> None:
    """An empty response is what the library makes of no verbs."""
    assert tree(twiml.NOTHING) == tree(str(VoiceResponse()))


@given(text=st.text(max_size=60), language=st.sampled_from(Language))
def test_no_text_can_break_the_xml(text: str, language: Language) -> None:
    """Whatever a role, a place or a caller is called: it is parsed as text, in every kind of TwiML."""
    made = [
        twiml.offer_call(f"Open {text}", language, action=ACTION, caller=text),
        twiml.asked_again(text, language, action=ACTION),
        twiml.result(Outcome.CLAIMED, language, text),
        twiml.machine_message(text, language, caller=text, number="+16175550101"),
        twiml.no_offer_call(text, language),
    ]
    for xml in made:
        tags = {element.tag for element in parsed(xml).iter()}
        assert tags <= {"Response", "Gather", "Say", "Hangup"}


@pytest.mark.parametrize("text", ["<Hangup/>", "a & b", "]]>", "\"'", "\u00e9\u4e2d\U0001f44d"])
def test_special_characters_are_said_as_they_are(text: str) -> None:
    """They are escaped, not removed."""
    assert text in said(twiml.no_offer_call(text, ENGLISH))


@pytest.mark.parametrize("text", ["\0", "\x1f", "\n\t", "\ufffe", "\udcff", "\x08"])
def test_characters_that_xml_does_not_know_become_spaces(text: str) -> None:
    """Even a lone surrogate can be sent."""
    assert "This is a b." in said(twiml.no_offer_call(f"a{text}b", ENGLISH).encode().decode())


@given(url=st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=40))
def test_the_action_arrives_as_it_was_given(url: str) -> None:
    """Whatever characters a URL has."""
    (gather, *_) = parsed(twiml.asked_again(OFFER, ENGLISH, action=url))
    assert gather.attrib["action"] == url


SPANISH_OFFER = (
    "Hay un turno de RN el jue 2 jul, 8:00 AM-4:00 PM EDT en Quincy 02169. "
    "Para aceptar, marque 1 o diga si. Para rechazar, marque 2 o diga no."
)
SPOKEN_IN_SPANISH = (
    "Hay un turno de R N el jueves 2 de julio, de las 8 de la ma\u00f1ana a las 4 de la tarde, hora del Este "
    "en Quincy 0 2 1 6 9. Para aceptar, marque 1 o diga si. Para rechazar, marque 2 o diga no."
)


def test_an_offer_in_spanish_is_read_and_answered_in_spanish() -> None:
    """The voice and the speech recognition are Spanish, the keys are the same."""
    made = twiml.offer_call(SPANISH_OFFER, SPANISH, action=ACTION, caller="Bay Home Care")
    gather, _, goodbye, _ = parsed(made)
    assert gather.attrib["language"] == "es-US"
    assert {reading.attrib["language"] for reading in parsed(made).iter("Say")} == {"es-US"}
    assert "".join(gather.itertext()) == (
        f"Hola. Le llama Bay Home Care. {SPOKEN_IN_SPANISH} "
        "Para o\u00edr esto otra vez, marque 3. Para no recibir m\u00e1s llamadas, marque 9."
    )
    assert str(goodbye.text).startswith("No o\u00edmos ninguna respuesta. ")


@pytest.mark.parametrize("language", Language)
def test_the_speech_recognition_expects_what_is_understood(language: Language) -> None:
    """Each hint is a yes, a no or a stop to whoever reads the words."""
    (gather, *_) = parsed(twiml.offer_call(OFFER, language, action=ACTION))
    intents = [classify(hint, "voice") for hint in gather.attrib["hints"].split(", ")]
    assert intents == [Intent.ACCEPT, Intent.DECLINE, Intent.ACCEPT, Intent.DECLINE, Intent.STOP]


def test_no_words_of_two_languages_are_the_same() -> None:
    """What somebody forgot to translate would be the same in both."""
    english, spanish = (words_in(language) for language in Language)
    for field in fields(Spoken):
        if field.name == "results":
            assert not set(english.results.values()) & set(spanish.results.values())
            assert set(english.results) == set(spanish.results) == set(Outcome)
        elif field.name != "the_shift":
            assert getattr(english, field.name) != getattr(spanish, field.name), field.name


#: As long as the service allows a role and a place to be, in the characters that need the most room.
LONGEST = f"Open {'&' * 80} Thu Jul 2, 8AM-4PM EDT at {'&' * 60}. Press 1 to accept, 2 to pass."


def test_the_longest_offer_fits_and_is_read_twice() -> None:
    """With the longest role and place, and URLs of a usual length."""
    made = twiml.offer_call(LONGEST, ENGLISH, action=ACTION + "&" * 100, caller="x" * 100)
    assert len(made) <= twiml.MAX_LENGTH
    assert said(made).count("EDT") + said(made).count("Eastern time") == 2
    in_spanish = f"Hay {'&' * 80} mi\u00e9 30 sep, 10:30PM EST-10:30AM EDT en {'&' * 60}. 1 es si, 2 es no."
    made = twiml.offer_call(in_spanish, SPANISH, action=ACTION + "&" * 100, caller="x" * 100)
    assert len(made) <= twiml.MAX_LENGTH
    assert said(made).count("hora del Este") == 4


def test_an_offer_with_a_very_long_url_is_read_once() -> None:
    """One reading is better than no call."""
    made = twiml.offer_call(OFFER, ENGLISH, action=ACTION + "x" * 1500, caller="us")
    assert len(made) <= twiml.MAX_LENGTH
    assert said(made).count("Eastern time") == 1


def test_twiml_that_does_not_fit_is_an_error() -> None:
    """It is not cut off: half an offer would be worse than none."""
    with pytest.raises(ValueError, match=r"^the TwiML of a call has \d{4,} characters, more than 4000$"):
        twiml.offer_call(OFFER, ENGLISH, action="x" * 4000)
