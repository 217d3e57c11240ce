"""The replies that no rule is sure about, weighed by what labelled replies have taught."""

from pathlib import Path

import pytest

from app.domain.reading import Intent, NamedDay, Reading
from app.intent import classify
from app.understanding import weighing
from app.understanding.evidence import Evidence
from app.understanding.tidying import tidy
from app.understanding.tokens import tokens_of


def weigh(text: str) -> Reading:
    """The reading of a text by its weights alone."""
    return weighing.weighed(Evidence(tokens_of(tidy(text))), requests=())


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
        "two",
        "OK 1234",
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
def test_a_no_that_the_weights_overrule(text: str, meant: Intent) -> None:
    """A no that a rule finds in a long reply is none if the whole reply speaks against it."""
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
    assert [name for name, _ in features] == sorted({name for name, _ in features})
    assert {len(bytes.fromhex(steps)) for _, steps in features} == {weighing.UNITS}
    assert lines[0].startswith(weighing.STARTS)
    assert set(weighing.WEIGHTS.meanings) == set(Intent) - {Intent.UNKNOWN}


def test_one_addition_adds_up_all_units() -> None:
    """The packed bytes of features add up to the sums of their bytes."""
    zeros, ones = " ".join("0" * weighing.UNITS), " ".join("1" * weighing.UNITS)
    lines = [f"{weighing.STARTS}\t{zeros}", f"{weighing.STEPS}\t{ones}"]
    lines += [f"({intent})\t-1000 {zeros}" for intent in weighing.BARS if intent is not Intent.ACCEPT]
    lines += [f"({Intent.ACCEPT})\t0 {ones}", f"yes\t{'81' * weighing.UNITS}", f"no\t{'7f' * weighing.UNITS}"]
    weights = weighing.read_weights("\n".join(lines))
    assert weights.probabilities(["yes"])[Intent.ACCEPT] > 0.9
    assert weights.probabilities(["no"])[Intent.ACCEPT] == 0.5  # units are never negative
    assert weights.probabilities(["yes", "no"])[Intent.ACCEPT] == 0.5
    assert weights.probabilities(["what nobody knows"])[Intent.ACCEPT] == 0.5
