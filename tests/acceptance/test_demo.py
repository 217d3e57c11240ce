"""The demo's printed lines: what they contain, and that the same seed prints the same lines."""

import re
from statistics import median

from app.simulation.demo import play_scenario

#: Fast enough that no wait between timers takes noticeable real time.
FAST = 1_000_000.0


#: The lines of each seed that has run. A run takes most of a second.
_LINES: dict[int, list[str]] = {}


async def new_run(seed: int) -> list[str]:
    """All lines that a run with that seed prints."""
    lines: list[str] = []
    await play_scenario(seed=seed, speed=FAST, write=lines.append)
    return lines


async def lines_of(seed: int) -> list[str]:
    """The same lines, of an earlier run with that seed if there was one."""
    if seed not in _LINES:
        _LINES[seed] = await new_run(seed)
    return list(_LINES[seed])


def seconds_of(line: str) -> int:
    """The time of day at the start of a line of the timeline, in seconds."""
    hours, minutes, seconds = line[:8].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


async def test_the_same_seed_prints_the_same_lines_and_another_seed_others() -> None:
    """Times, words and summary are all equal for the same seed."""
    first, again, other = await lines_of(2), await new_run(2), await lines_of(3)
    assert first == again
    assert first != other


async def test_lines_are_in_order_of_time() -> None:
    """The times of the timeline never decrease."""
    lines = await lines_of(1)
    times = [line[:8] for line in lines[: lines.index("")]]
    assert times == sorted(times)
    assert len(set(times)) > 20


async def test_the_summary_agrees_with_the_timeline() -> None:
    """For five seeds: a shift's holder is its last claim, calls add up, and the median is the one of the column."""
    for seed in range(1, 6):
        lines = await lines_of(seed)
        timeline, table, (sums, last) = lines[: lines.index("")], lines[lines.index("") + 2 : -3], lines[-2:]
        rows = [re.split(r"  +", row) for row in table]
        claims = {}
        for line in timeline:
            if claim := re.search(r"^\S+  (\S+) +(.+), by (text|call): .* -> claimed$", line):
                claims[claim[1]] = (claim[2], claim[3])
            elif "the office releases" in line:
                del claims[line[10:].split()[0]]
        assert {row[0]: (row[2], row[3]) for row in rows if row[2] != "- unfilled -"} == claims
        assert f"{len(claims)} filled, {6 - len(claims)} unfilled" in sums
        called = [int(count) for count in re.findall(r"  called (\d+)", "\n".join(timeline))]
        assert sum(int(row[-2]) for row in rows) == sum(called)
        assert sums.endswith(f" {sum(called)} calls")
        times_s = [int(span[1]) * 60 + int(span[2]) for row in rows if (span := re.match(r"(\d+)m (\d+)s", row[4]))]
        assert len(times_s) == len(claims)
        ((minutes, seconds),) = re.findall(r"^median time to fill: (\d+)m (\d+)s$", last)
        assert abs(int(minutes) * 60 + int(seconds) - median(times_s)) <= 1


async def test_seed_1_shows_every_kind_of_event() -> None:
    """The default run has texts, calls, a failure, a late yes, an unclear reply, an opt-out and an unfilled shift."""
    text = "\n".join(await lines_of(1))
    for words in ("texted", "called", "did not go through", "by call", "- unfilled -"):
        assert words in text
    for outcome in ("claimed", "declined", "already_claimed", "unrecognized", "opted_out", "release_requested"):
        assert f"-> {outcome}\n" in text


async def test_the_demo_shows_what_the_service_replies() -> None:
    """After an outcome, the text that its sender gets stands in a line of its own, a second later."""
    lines = await lines_of(1)
    for outcome, words in (
        ("claimed", "You have it: "),
        ("already_claimed", "is no longer open"),
        ("unrecognized", "we didn't understand"),
        ("release_requested", "We told the office"),
        ("opted_out", "You won't get shift texts"),
    ):
        senders = {line[26:].partition(", by ")[0] for line in lines if line.endswith(f"-> {outcome}")}
        told = {line[29:].partition(": ")[0] for line in lines if line[26:].startswith("to ") and words in line}
        assert told
        assert told <= senders, outcome


async def test_somebody_asked_back_gives_a_clear_answer() -> None:
    """At least one caregiver answers the question of the service with a yes or a no."""
    lines = await lines_of(1)
    asked = [n for n, line in enumerate(lines) if "we didn't understand" in line]
    answered = 0
    for n in asked:
        name = lines[n][29:].partition(": ")[0]
        answered += any(re.search(rf"  {name}, by text: .* -> (claimed|declined)$", line) for line in lines[n:])
    assert answered


async def test_nobody_answering_needs_a_person() -> None:
    """As long after the calls as they came after the texts, an open shift needs a person, and stays unfilled."""
    lines = await lines_of(1)
    (found,) = [line for line in lines if line.endswith("needs a person: unanswered")]
    shift_id = found[10:24].strip()
    (called,) = [line for line in lines if re.search(rf"  {shift_id} +called", line)]
    assert 600 <= seconds_of(found) - seconds_of(called) <= 630
    assert any(line.startswith(shift_id) and "- unfilled -" in line for line in lines)


async def test_the_coordinator_releases_a_holder_and_asks_again() -> None:
    """Somebody wants to give the shift back; the office releases them, they are told, and another one gets it."""
    lines = await lines_of(1)
    start = next(n for n, line in enumerate(lines) if line.endswith("-> release_requested"))
    holder, shift_id = lines[start][26:].partition(", by ")[0], lines[start][10:24].strip()
    rest = iter([line[10:] for line in lines[start + 1 :] if line[10:].startswith(shift_id)])
    for words in (
        f"needs a person: release_requested, {holder}",
        f"the office releases {holder} and asks again",
        f'to {holder}: "You no longer have the ',
        "texted ",
        "-> claimed",
    ):
        assert any(words in line for line in rest), words


async def test_a_viewer_sees_colours_and_the_next_calls() -> None:
    """Colours are only there if asked for. The countdown is kept up to date, and removed before the summary."""
    shown: list[str] = []
    coloured: list[str] = []
    # At this speed the run takes about a third of a second of real time.
    await play_scenario(seed=1, speed=7000.0, write=coloured.append, coloured=True, show_status=shown.append)
    assert shown[-1] == ""
    assert any(re.match(r"calls in \d+m \d\ds \S+", text) for text in shown)
    plain = await lines_of(1)
    assert "\x1b" not in "".join(plain)
    for words in ("-> claimed", "needs a person: unanswered"):
        assert all(f"{words}\x1b[0m" in line for line in coloured if words in line)
    assert [re.sub(r"\x1b\[\d+m", "", line) for line in coloured] == plain
