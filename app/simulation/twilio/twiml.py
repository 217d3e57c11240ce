"""Reads the TwiML that the service answers with. Pure. It knows the verbs that the service uses, and no other.

Source: https://www.twilio.com/docs/voice/twiml.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET


@dataclass(frozen=True, slots=True)
class Say:
    """Words that are read aloud."""

    words: str


@dataclass(frozen=True, slots=True)
class Gather:
    """Words that are read aloud while the call listens for a key or for speech."""

    words: tuple[str, ...]
    #: The URL that gets the answer.
    action: str
    #: `dtmf`, `speech` or both.
    listens_for: frozenset[str]
    #: Seconds to wait after the last word.
    timeout_s: float


@dataclass(frozen=True, slots=True)
class HangUp:
    """The end of the call."""


Verb = Say | Gather | HangUp


def read(twiml: str) -> list[Verb]:
    """The verbs of a call, in order. Raises ValueError for anything else but TwiML that this module knows."""
    try:
        response = ET.fromstring(twiml)  # noqa: S314  # the service that is under test wrote it
    except ET.ParseError as exc:
        raise ValueError(f"not XML: {exc}") from None
    if response.tag != "Response":
        raise ValueError(f"the outermost element is {response.tag}, not Response")
    return list(_verbs(response))


def _verbs(response: ET.Element) -> Iterator[Verb]:
    for element in response:
        match element.tag:
            case "Say":
                yield Say(_words(element))
            case "Hangup":
                yield HangUp()
            case "Gather":
                yield _gather(element)
            case other:
                raise ValueError(f"this telephone company does not know <{other}>")


def _gather(element: ET.Element) -> Gather:
    action = element.get("action", "")
    if not action.startswith(("http://", "https://")):
        raise ValueError(f"the action of a Gather is {action!r}, not an absolute URL")
    if (element.get("method", "POST"), element.get("numDigits")) != ("POST", "1"):
        raise ValueError("a Gather here has method POST and numDigits 1")
    if any(child.tag != "Say" for child in element):
        raise ValueError("a Gather here contains Say only")
    return Gather(
        words=tuple(map(_words, element)),
        action=action,
        listens_for=frozenset(element.get("input", "dtmf").split()),
        timeout_s=float(element.get("timeout", "5")),
    )


def _words(element: ET.Element) -> str:
    return " ".join((element.text or "").split())
