"""A sample of the black-box histories, and proof that a history that breaks a rule is seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from prove.__main__ import main
from prove.histories.check import check
from prove.histories.events import Event, Recorder, Value, calls, read, write
from prove.histories.service import WrongClock, set_clock
from prove.parts import PARTS, Options
from prove.rules import Broken

S1, S2, A, B, C = "g7-s1", "g7-s2", "g7-A", "g7-B", "g7-C"


class Story:
    """A history that a test makes up."""

    def __init__(self) -> None:
        self._recorder = Recorder(lambda: 0.0)
        self._client = 0

    @property
    def events(self) -> list[Event]:
        """The events so far."""
        return self._recorder.events

    def ask(self, f: str, answer: Value | None, shift: str = S1, **value: str | None) -> "Story":
        """A request with its answer, or None if that is not known. Nothing else happens meanwhile."""
        self._client += 1
        asked = {"shift": shift, **value}
        self._recorder.note(self._client, "invoke", f, asked)
        if answer is None:
            self._recorder.note(self._client, "info", f, asked)
        else:
            self._recorder.note(self._client, "ok", f, asked | {"answer": answer})
        return self

    def start(self) -> "Story":
        """The fanout of the first shift starts."""
        return self.ask("start", {"status": 202})

    def yes(self, caregiver: str, outcome: str | None, *, replied: bool = True, shift: str = S1) -> "Story":
        """A yes with this outcome, or None if that is not known."""
        answer = {
            "status": 200,
            "outcome": outcome,
            "shift_id": shift,
            "caregiver_id": caregiver,
            "replied": replied,
        }
        return self.ask(
            "reply", answer if outcome else None, shift, caregiver=caregiver, words="yes", message_id=None
        )

    def stop(self, caregiver: str) -> "Story":
        """A caregiver opts out."""
        answer = {
            "status": 200,
            "outcome": "opted_out",
            "shift_id": None,
            "caregiver_id": caregiver,
            "replied": True,
        }
        return self.ask("reply", answer, caregiver=caregiver, words="stop", message_id=None)

    def message(self, kind: str, caregiver: str, key: str, end: str = "taken", channel: str = "sms") -> "Story":
        """A message about the first shift reaches the gateway."""
        value = {"key": key, "end": end, "to": caregiver, "kind": kind, "channel": channel, "shift": S1}
        self._recorder.note("gateway", "ok", "message", value | {"caregiver": caregiver})
        return self

    def read(self, holder: str | None) -> "Story":
        """A read of the first shift sees this holder."""
        return self.ask("read", {"status": 200, "holder": holder})


GOOD = {
    "a claim": Story().start().yes(A, "claimed").yes(B, "already_claimed").message("confirmation", A, "k1").read(A),
    "a claim that was not answered": Story().start().yes(A, None).read(A).message("confirmation", A, "k1"),
    "a claim that was lost": Story().start().yes(A, None).read(None),
    "a text before its answer": Story()
    .start()
    .message("offer", A, "k1")
    .yes(A, "claimed")
    .message("confirmation", A, "k2"),
    "a text that comes again": Story().start().message("offer", A, "k1", "lost").message("offer", A, "k1"),
    "a text and a call": Story().start().message("offer", A, "k1").message("offer", A, "k2", channel="voice"),
    # Those who said yes too late are planned first, the others in another step. Only then is nobody left.
    "a put once nobody is left of a second generation": Story()
    .start()
    .ask("cancel", {"status": 200})
    .yes(B, "already_claimed")
    .start()
    .stop(A)
    .stop(B)
    .stop(C)
    .ask("put", {"status": 200}),
    "a shift that was deleted": Story().start().ask("delete", {"status": 204}).ask("release", {"status": 404}),
}
BAD = {
    "two winners": Story().start().yes(A, "claimed").yes(B, "claimed"),
    "a winner who has to ask twice": Story().start().yes(A, "already_yours", replied=False),
    "a winner who does not hold the shift": Story().start().yes(A, "claimed").message("confirmation", A, "k").read(B),
    "a claim that is forgotten": Story().start().yes(A, "claimed").message("confirmation", A, "k1").read(None),
    "two overlapping shifts": Story()
    .start()
    .ask("start", {"status": 202}, S2)
    .yes(A, "claimed")
    .yes(A, "claimed", shift=S2),
    "somebody else is told": Story().start().yes(A, "claimed").message("confirmation", B, "k1"),
    "the winner is not told": Story().start().yes(A, "claimed").read(A),
    "told twice": Story().start().yes(A, "claimed").message("confirmation", A, "k1").message("confirmation", A, "k2"),
    "asked twice": Story().start().message("offer", A, "k1").message("offer", A, "k2"),
    "asked before the start": Story().message("offer", A, "k1").start(),
    "a put while somebody is left": Story()
    .start()
    .ask("cancel", {"status": 200})
    .yes(B, "already_claimed")
    .start()
    .stop(A)
    .stop(C)
    .ask("put", {"status": 200}),
    "two messages under one key": Story().start().message("offer", A, "k1").message("offer", B, "k1"),
    "a request that fails": Story().ask("start", {"status": 500}),
}


@pytest.mark.parametrize("story", GOOD.values(), ids=GOOD)
def test_a_history_that_the_rules_explain(story: Story) -> None:
    """Also one with messages that are late, and with answers that nobody knows."""
    check(story.events)


@pytest.mark.parametrize("story", BAD.values(), ids=BAD)
def test_a_history_that_breaks_the_claim(story: Story) -> None:
    """Whatever it is that no order of the requests explains."""
    with pytest.raises(Broken):
        check(story.events)


def test_what_is_never_sent_breaks_the_claim() -> None:
    """In the end, when everything works again."""
    left = Event("observer", "ok", "settled", {"left": ["confirmation g7-s1 g7-A sending"]}, 0, 99)
    with pytest.raises(Broken, match="in the end no message is left to be sent"):
        check([*GOOD["a claim"].events, left])


def test_what_certainly_did_not_happen_is_left_out() -> None:
    """A refused connection is a `fail`; a request that was under way at the end is like an `info`."""
    story = GOOD["a claim that was lost"].events
    failed = [replace(one, type="fail") if one.type == "info" else one for one in story]
    assert [call.asked.f for call in calls(failed)] == ["start", "read"]
    assert [call.answer for call in calls(story[:3])] == [{"status": 202}, None]


def test_a_history_is_kept_and_checked_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the line of a failure says."""
    for name, status in ((GOOD["a claim"], 0), (BAD["two winners"], 1)):
        file = tmp_path / f"{status}.jsonl"
        write(name.events, file)
        assert read(file) == name.events
        assert main(["--check", str(file)]) == status
    printed, _, alone = capsys.readouterr().out.partition("These answers alone contradict each other")
    assert "no order of the requests of g7 explains all answers" in printed
    assert [line.split(":")[1].split()[0] for line in alone.splitlines()[1:]] == ["reply", "reply"]


def test_a_clock_is_set_from_outside(tmp_path: Path) -> None:
    """While the process that reads it runs."""
    file = tmp_path / "clock"
    set_clock(file, 0.0)
    clock = WrongClock(file)
    right = clock.now()
    set_clock(file, 3600.0)
    assert 3600 <= (clock.now() - right).total_seconds() < 3660


@pytest.mark.timeout(300)
@pytest.mark.process
def test_a_sample_of_the_histories_breaks_no_rule() -> None:
    """Two processes, and each kind of fault twice."""
    lines = list(PARTS["histories"](Options(sample=True, workers=1)))
    assert all(ok for _, ok in lines), lines
