"""What a text tells people to do works also after fanouts were forgotten, by their retention or by `purge`."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.domain.commands import Advance
from app.domain.records import Answer, Channel
from app.domain.rules.decide import decide
from tests.property.test_instructions import NUMBERS, POLICY, SHIFTS, Instructions


class Forgetting(Instructions):
    """The same histories, run past the retention."""

    @rule(shift_ids=st.lists(st.sampled_from(sorted(SHIFTS)), min_size=1, unique=True))
    def purge(self, shift_ids: list[str]) -> None:
        """An operator deletes fanouts that are closed."""
        for shift_id in shift_ids:
            fanout = self.tables.fanout(shift_id)
            if fanout is not None:
                command = Advance(shift_id=shift_id, generation=fanout.generation, forget_early=True, now=self.now)
                self.do(command)

    @rule()
    def days_pass(self) -> None:
        """Four days pass, one more than the retention, and the workers do what is due."""
        self.now += timedelta(days=4)
        self.work(3)

    @rule(number=st.sampled_from(sorted(NUMBERS.values())))
    def each_listed_number_means_its_shift(self, number: str) -> None:
        """A no that is not clear is answered by a list of numbers. Nobody need have been sent it yet."""
        asked = self.do(self.reply_of(number, "NO", Channel.SMS))
        for choice in asked.choices:
            answer = decide(self.tables, self.reply_of(number, f"NO {choice.code}", Channel.SMS), POLICY).result
            assert isinstance(answer, Answer)
            assert answer.shift_id == choice.shift_id, (choice, answer)


TestForgetting = Forgetting.TestCase
