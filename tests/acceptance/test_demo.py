"""The demo's printed lines: what they contain, and that the same seed prints the same lines."""

import re

from app.simulation.demo import play_scenario

#: Fast enough that no wait between timers takes noticeable real time.
FAST = 1_000_000.0


async def lines_of(seed: int) -> list[str]:
    """All lines that a run with that seed prints."""
    lines: list[str] = []
    await play_scenario(seed=seed, speed=FAST, write=lines.append)
    return lines


async def test_the_same_seed_prints_the_same_lines_and_another_seed_others() -> None:
    """Times, words and summary are all equal for the same seed."""
    first, again, other = await lines_of(7), await lines_of(7), await lines_of(8)
    assert first == again
    assert first != other


async def test_lines_are_in_order_of_time() -> None:
    """The times of the timeline never decrease."""
    lines = await lines_of(1)
    times = [line[:8] for line in lines[: lines.index("")]]
    assert times == sorted(times)
    assert len(set(times)) > 20


async def test_the_summary_agrees_with_the_timeline() -> None:
    """For five seeds: the summary's claims are those of the timeline, by channel, and the calls add up."""
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


async def test_seed_1_shows_every_kind_of_event() -> None:
    """The default run has texts, calls, a failure, a late yes, an unclear reply, an opt-out and an unfilled shift."""
    text = "\n".join(await lines_of(1))
    for words in ("texted", "called", "did not go through", "by call", "- unfilled -", "(asks for release)"):
        assert words in text
    for outcome in ("claimed", "declined", "already_claimed", "unrecognized", "opted_out", "release_requested"):
        assert f"-> {outcome}\n" in text
