"""The queue of each number: order, limits, and nothing left behind."""

import asyncio

from fakes import FakeClock

from app.runtime.turns import MOST_WAITING, WAIT_AT_MOST_S, Turns
from app.simulation.clock import settled


class Line:
    """Starts things that take a turn each, and notes in which order they went on."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.turns = Turns(self.clock)
        self.went_on: list[str] = []
        self.ready: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, name: str, number: str = "1") -> None:
        """Start something that waits until the test lets it go, and then for its turn."""
        self.ready[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._run(name, number))
        await settled()

    async def _run(self, name: str, number: str) -> None:
        with self.turns.take(number) as turn:
            await self.ready[name].wait()
            if turn is not None:
                await turn.wait()
            self.went_on.append(name)

    async def let_go(self, *names: str) -> None:
        """These have done what comes before their turn."""
        for name in names:
            self.ready[name].set()
            await settled()


async def test_one_number_goes_on_in_its_order() -> None:
    """The second is ready first and waits for the first."""
    line = Line()
    for name in ("first", "second", "third"):
        await line.start(name)
    await line.let_go("third", "second")
    assert line.went_on == []
    await line.let_go("first")
    assert line.went_on == ["first", "second", "third"]


async def test_numbers_do_not_wait_for_each_other() -> None:
    """Another number goes on at once."""
    line = Line()
    await line.start("slow", "1")
    await line.start("other", "2")
    await line.let_go("other")
    assert line.went_on == ["other"]
    await line.let_go("slow")


async def test_one_that_is_cancelled_lets_no_one_overtake() -> None:
    """The third still waits for the first when the second is gone."""
    line = Line()
    for name in ("first", "second", "third"):
        await line.start(name)
    line.tasks["second"].cancel()
    await line.let_go("third")
    assert line.went_on == []
    await line.let_go("first")
    assert line.went_on == ["first", "third"]


async def test_nobody_waits_for_ever() -> None:
    """A turn that never ends holds the others up for five seconds."""
    line = Line()
    await line.start("stuck")
    await line.start("next")
    await line.let_go("next")
    await line.clock.advance(WAIT_AT_MOST_S - 0.1)
    assert line.went_on == []
    await line.clock.advance(0.1)
    assert line.went_on == ["next"]
    await line.let_go("stuck")


async def test_a_flood_from_one_number_does_not_queue() -> None:
    """One more than the queue holds gets no turn and goes on at once."""
    line = Line()
    for count in range(MOST_WAITING + 1):
        await line.start(str(count))
    await line.let_go(str(MOST_WAITING))
    assert line.went_on == [str(MOST_WAITING)]
    await line.let_go(*map(str, range(MOST_WAITING)))
    assert line.went_on == [str(MOST_WAITING), *map(str, range(MOST_WAITING))]


async def test_nothing_is_kept_of_a_number_that_is_done() -> None:
    """The queues of numbers do not grow with the numbers."""
    line = Line()
    for count in range(5):
        await line.start(str(count), str(count))
        await line.let_go(str(count))
    assert line.turns.numbers == 0


def test_a_turn_of_another_event_loop_holds_nobody_up() -> None:
    """A loop that was closed with a turn in it does not block that number in the next loop."""
    turns = Turns(FakeClock())
    dead = turns.take("1")
    loop = asyncio.new_event_loop()

    async def enter() -> None:
        dead.__enter__()

    loop.run_until_complete(enter())
    loop.close()

    async def next_loop() -> bool:
        with turns.take("1") as turn:
            return turn is not None and turn.begun

    assert asyncio.run(next_loop())
