"""The demo's generated scenario, and how its caregivers react."""

from dataclasses import replace

import pytest

from app.domain.decisions import Message
from app.domain.gsm7 import fits_one_segment
from app.domain.reading import Intent
from app.domain.records import Channel, Kind, Language
from app.domain.texts import offer
from app.simulation import reactions
from app.simulation.reactions import reaction
from app.simulation.scenario import generate_scenario
from app.understanding import rules


@pytest.mark.parametrize(
    ("words", "channel", "meaning"),
    [
        (reactions.YES, "sms", Intent.ACCEPT),
        (reactions.NO, "sms", Intent.DECLINE),
        (reactions.UNCLEAR, "sms", Intent.UNKNOWN),
        (reactions.STOP, "sms", Intent.STOP),
        (reactions.RELEASE, "sms", Intent.DECLINE),
        (reactions.CALL_YES, "voice", Intent.ACCEPT),
        (reactions.CALL_NO, "voice", Intent.DECLINE),
        (reactions.CALL_UNCLEAR, "voice", Intent.UNKNOWN),
    ],
)
def test_the_service_understands_what_simulated_caregivers_say(
    words: tuple[str, ...], channel: str, meaning: Intent
) -> None:
    """Every reply is classified as the list that it stands in means it."""
    assert {rules.classify(one, channel, None) for one in words} == {meaning}


def message(caregiver_id: str, shift_id: str, channel: Channel) -> Message:
    """An offer with a code, so that a plain YES would not name it."""
    return Message(
        id="m",
        channel=channel,
        kind=Kind.OFFER,
        to="+16175550100",
        body="Open RN shift. Reply YES 2 to accept or NO 2 to pass.",
        shift_id=shift_id,
        caregiver_id=caregiver_id,
        organization_id="org",
    )


def test_a_reaction_depends_on_the_seed_and_the_message_only() -> None:
    """The same messages in another order, or with other ids, get the same reactions; another seed gives others."""
    offers = [
        message(f"cg-{who}", f"s{shift}", channel) for who in range(40) for shift in range(5) for channel in Channel
    ]
    asked = {one: reaction(1, one) for one in offers}
    assert {one: reaction(1, one) for one in reversed(offers)} == asked
    assert {one: reaction(1, replace(one, id="other")) for one in offers} == asked
    assert {one: reaction(2, one) for one in offers} != asked
    said = {answer.body for answer in asked.values() if answer}
    assert said >= {"YES 2", "NO 2", *reactions.UNCLEAR}
    assert said & {*reactions.YES, *reactions.NO}, "no caregiver forgot the code"


def test_a_seed_gives_one_scenario() -> None:
    """The same seed gives an equal scenario, another seed a different one."""
    assert generate_scenario(1) == generate_scenario(1)
    assert generate_scenario(1) != generate_scenario(2)


@pytest.mark.parametrize("seed", range(20))
def test_every_scenario_can_be_played(seed: int) -> None:
    """40 caregivers have different ids and numbers; each of six shifts fits into one text and has a caregiver."""
    scenario = generate_scenario(seed)
    assert len({one.id for one in scenario.caregivers}) == len({one.phone for one in scenario.caregivers}) == 40
    assert len({shift.id for _, shift in scenario.shifts}) == 6
    for _, shift in scenario.shifts:
        assert any(one.may_work(shift) for one in scenario.caregivers)
        assert fits_one_segment(offer(shift, "UTC", Channel.SMS, "2", Language.ENGLISH))
