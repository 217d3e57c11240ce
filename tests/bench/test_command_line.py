"""The help of `python -m bench`."""

from bench.__main__ import BENCHMARKS, argument_parser


def test_the_help_explains_every_benchmark_in_a_sentence() -> None:
    """Each name that `--only` accepts has its summary, a full sentence, in the help."""
    text = " ".join(argument_parser().format_help().split())
    for name, benchmark in BENCHMARKS.items():
        assert f" {name} {benchmark.summary}" in text
        assert benchmark.summary.endswith(".")
