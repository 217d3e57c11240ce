"""What is weighed: all that no earlier rule decides."""

from binascii import a2b_base64, b2a_base64
from math import log
from pathlib import Path

import pytest

from app.domain.reading import Intent, NamedDay, Reading
from app.intent import classify
from app.understanding import weighing
from app.understanding.cover import phrases_of
from app.understanding.tidying import tidy
from app.understanding.tokens import tokens_of


def weigh(text: str) -> Reading:
    """The reading of a text by its weights alone."""
    tokens = tokens_of(tidy(text))
    return weighing.weighed(tokens, phrases_of(tokens.words), {"sms"})


@pytest.mark.parametrize(
    "text",
    [
        "Hi Tammy, no problem at all, I'd be glad to cover it. Jim says hello and the baby is finally sleeping",
        "I swore I wasn't picking up anything else this week but go ahead and put me down",
        "Wed the 2nd right? yea thats good w me, book it",
    ],
)
def test_a_yes_among_stories(text: str) -> None:
    """A commitment is recognized among words that no table has."""
    assert classify(text) is Intent.ACCEPT


@pytest.mark.parametrize(
    "text",
    [
        "Zorp the flibber by wednesday",
        "lovely weather on wed",
        "zorp the flibber on wednesday",
        "I'm in Zanzibar",
        "",
        "zorp",
    ],
)
def test_unforeseen_words_are_no_answer(text: str) -> None:
    """Words that nobody foresaw never speak for an answer."""
    assert weigh(text) == Reading(intent=Intent.UNKNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "Yes that's Mason in the picture, isn't he the cutest",
        "Yes my tetanus shot is current, sent you the card",
        "Yes brother I am well, thanks for asking about my knee",
        "Sorry, yes I can after all",
        "yes \N{DISAPPOINTED FACE}",
    ],
)
def test_a_yes_to_something_else(text: str) -> None:
    """A "yes" beside a story may be the answer to anything."""
    assert classify(text) is Intent.UNKNOWN


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "I just told Shay I wasnt picking up anything this wk but quincy is 5 min from me so screw it im in",
            Intent.ACCEPT,
        ),
        (
            "I'd need to know if he's a Hoyer lift. I had a rotator cuff and I'm not going thru that again",
            Intent.UNKNOWN,
        ),
        ("I'm not going thru that again", Intent.DECLINE),
    ],
)
def test_a_no_among_other_words(text: str, meant: Intent) -> None:
    """A no in one sentence is none if the whole reply speaks against it."""
    assert classify(text) is meant


def test_the_days_of_a_weighed_yes() -> None:
    """The reading names the days of the answer: a yes to another day is none to this shift."""
    reading = weigh("kk got it, put me down for friday girl")
    assert reading.named == (NamedDay(weekday=4),)
    assert reading.meanings == (Intent.ACCEPT, Intent.UNKNOWN)
    assert classify("kk got it, put me down for friday girl") is Intent.UNKNOWN
    assert classify("kk got it, put me down for wednesday girl") is Intent.ACCEPT


def test_the_places_of_a_weighed_yes() -> None:
    """The reading names the places of the answer: a yes to another place is none to this shift."""
    text = "Good morning. I confirm for the {} shift on Wednesday. Kindly send the address and the door code."
    assert classify(text.format("Brockton")) is Intent.UNKNOWN
    assert classify("I'll take Zyrtec") is Intent.UNKNOWN
    assert classify(text.format("Quincy")) is Intent.ACCEPT


@pytest.mark.parametrize(
    "text",
    ["Resigned eff. 6/27, remove me from staffing blasts", "Yes please end these, my phone's blowing up at 5am"],
)
def test_a_request_is_not_about_a_day(text: str) -> None:
    """Who names a day or an hour that is not the shift's asks us to stop all the same."""
    assert weigh(text) == Reading(intent=Intent.STOP)
    assert classify(text) is Intent.STOP


def test_the_weights_are_a_table() -> None:
    """Behind the lines of the units every line has a feature of its own, in order, with a byte for each unit."""
    lines = Path(weighing.__file__).with_name("weights.tsv").read_text(encoding="utf-8").split("\n")[:-1]
    features = [line.split("\t") for line in lines if not line.startswith("(")]
    assert [name for name, *_ in features] == sorted({name for name, *_ in features})
    assert {len(a2b_base64(steps)) for _, steps, *_ in features} == {weighing.GATHERERS}
    windows = {len(a2b_base64(more[0])) for _, _, *more in features if more}
    assert windows == {weighing.DETECTORS * weighing.WINDOW}
    assert lines[0].startswith(weighing.STARTS)
    assert set(weighing.NET.meanings) == set(Intent) - {Intent.UNKNOWN}


def net_of(words: dict[str, tuple[str, str]], meant: tuple[int, ...]) -> weighing.Net:
    """A net whose units count for ACCEPT as `meant` says; of each word the bytes for gatherers and for detectors."""
    units = weighing.DETECTORS + weighing.GATHERERS
    zeros, ones = " ".join("0" * units), " ".join("1" * units)
    lines = [f"{weighing.STARTS}\t{zeros}", f"{weighing.STEPS}\t{ones}"]
    lines += [f"({intent})\t-1000 {zeros}" for intent in weighing.BARS if intent is not Intent.ACCEPT]
    lines.append(f"({Intent.ACCEPT})\t0 {' '.join(map(str, meant))}")
    for word, both in words.items():
        encoded = (b2a_base64(bytes.fromhex(one), newline=False).decode() for one in both)
        lines.append("\t".join([word, *encoded]))
    return weighing.read_net("\n".join(lines))


def test_one_addition_adds_up_all_units() -> None:
    """What gatherers have of several words is the sum of their bytes; it is never negative."""
    more, less, same = ("".join(step * weighing.GATHERERS) for step in ("81", "7f", "80"))
    nothing = "80" * weighing.DETECTORS * weighing.WINDOW
    words = {"yes": (more, nothing), "no": (less, nothing), "*": (same, nothing)}
    net = net_of(words, (0,) * weighing.DETECTORS + (1,) * weighing.GATHERERS)

    def accepted(*said: str) -> float:
        return net.probabilities(said, (), {})[Intent.ACCEPT]

    assert accepted("yes", "yes") > 0.9
    assert accepted("no", "no") == accepted("yes", "no") == accepted("what", "nobody knows") == 0.5


def test_a_detector_knows_the_order_of_words() -> None:
    """It looks at five words in a row, whatever stands around them, and reports the strongest match."""
    same, nothing = "80" * weighing.GATHERERS, "80" * weighing.DETECTORS
    at_first, then = (
        nothing + "81" * weighing.DETECTORS + nothing * 3,
        nothing * 2 + "81" * weighing.DETECTORS + nothing * 2,
    )
    words = {"can": (same, at_first), "come": (same, then), "*": (same, nothing * weighing.WINDOW)}
    net = net_of(words, (1,) + (0,) * (weighing.DETECTORS + weighing.GATHERERS - 1))

    def detected(text: str) -> float:
        odds = net.probabilities(f"^ {text} $".split(), (), {})[Intent.ACCEPT]
        return round(log(odds / (1 - odds)))

    assert detected("yes I can come today") == detected("can come") == detected("come can come") == 2
    assert detected("come can") == detected("can I come") == detected("can") == 1
    assert detected("who are you") == 0
    assert detected("can come " + "so " * 60) == detected("so " * 60 + "can come") == 2
