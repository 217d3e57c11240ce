"""The demo by itself: what it tells, and that a seed repeats it exactly."""

import re

from app.simulation.demo import play_scenario

#: More than any run needs to wait.
FAST = 1_000_000.0


async def lines_of(seed: int) -> list[str]:
    """All lines of a run."""
    lines: list[str] = []
    await play_scenario(seed=seed, speed=FAST, write=lines.append)
    return lines


async def test_a_seed_repeats_a_run_exactly_and_another_is_another_run() -> None:
    """Same times, same words, same summary."""
    first, again, other = await lines_of(7), await lines_of(7), await lines_of(8)
    assert first == again
    assert first != other


async def test_times_never_go_back() -> None:
    """The timeline is in the order of simulated time."""
    lines = await lines_of(1)
    times = [line[:8] for line in lines[: lines.index("")]]
    assert times == sorted(times)
    assert len(set(times)) > 20


async def test_the_summary_agrees_with_the_timeline() -> None:
    """Over some seeds: as many shifts filled as yeses won, by the same channels; texts and calls add up."""
    for seed in range(1, 6):
        lines = await lines_of(seed)
        timeline, table, sums = lines[: lines.index("")], lines[lines.index("") + 2 : -2], lines[-1]
        won = sorted(re.findall(r"by (text|call): .* -> claimed$", "\n".join(timeline), re.MULTILINE))
        columns = [re.split(r"  +", row) for row in table]
        assert sorted(row[3] for row in columns if row[2] != "- unfilled -") == won
        assert f"{len(won)} filled, {6 - len(won)} unfilled" in sums
        called = [int(count) for count in re.findall(r"  called (\d+)", "\n".join(timeline))]
        assert sum(int(row[-2]) for row in columns) == sum(called)
        assert sums.endswith(f" {sum(called)} calls")


async def test_seed_1_shows_a_bit_of_everything() -> None:
    """What a newcomer sees: texts, calls, a late yes, an odd answer, an opt-out, an unfilled shift."""
    text = "\n".join(await lines_of(1))
    for words in ("texted", "called", "did not go through", "by call", "- unfilled -", "(asks for release)"):
        assert words in text
    for outcome in ("claimed", "declined", "already_claimed", "unrecognized", "opted_out", "release_requested"):
        assert f"-> {outcome}\n" in text
