"""The command line, `shift-fanout`: one row of `COMMANDS` per subcommand, and two functions for each.

What a subcommand needs is imported when it runs, so that `--help` is quick and extras stay extras.
"""

import argparse
import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app import __version__
from app.errors import StartRefused, StoreUnavailable, missing_extra


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: the line `--help` shows, what adds its arguments to a parser, what runs it."""

    name: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    #: Raises StartRefused with one line for whoever typed the command.
    run: Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand that `arguments` (those of the process unless given) name; returns the exit status.

    Raises SystemExit: with status 2 for wrong usage, with StartRefused's line and status 1 if it can't run.
    """
    given = _parser().parse_args(arguments)
    command: Command = given.command
    try:
        command.run(given)
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shift-fanout",
        description="Fills open home-health shifts: texts every qualified caregiver, then calls; the first yes wins.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        subparser = subparsers.add_parser(command.name, help=command.summary, description=command.summary)
        command.add_arguments(subparser)
        subparser.set_defaults(command=command)
    return parser


def _add_serve(parser: argparse.ArgumentParser) -> None:
    _add_address(parser)
    parser.add_argument("--reload", action="store_true", help="start again whenever the code changes")
    parser.epilog = "Settings come from FANOUT_* environment variables; the README lists them."


def _serve(given: argparse.Namespace) -> None:
    import uvicorn

    _listen(given.host, given.port).close()
    uvicorn.run("app.api:create_app", factory=True, host=given.host, port=given.port, reload=given.reload)


def _add_demo(parser: argparse.ArgumentParser) -> None:
    _add_address(parser)
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same run (default: %(default)s)")
    parser.add_argument(
        "--speed", type=_speed, default=60.0, help="how many times as fast as real time (default: %(default)g)"
    )
    end = parser.add_mutually_exclusive_group()
    end.add_argument(
        "--keep",
        action=argparse.BooleanOptionalAction,
        help="go on serving the board after the summary (default: if the output is a terminal)",
    )
    end.add_argument("--no-serve", action="store_true", help="open no port: only the timeline and the summary")
    parser.epilog = "Nothing leaves the process, and FANOUT_* environment variables do not count."


def _demo(given: argparse.Namespace) -> None:
    from app.simulation import demo

    listening = None if given.no_serve else _listen(given.host, given.port)
    demo.run(seed=given.seed, speed=given.speed, listening=listening, keep=given.keep)


def _add_migrate(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "FANOUT_DATABASE_URL names the database. May be run by many at once; a step that fails changes nothing."
    )


def _migrate(given: argparse.Namespace) -> None:
    url = _database_url()
    from app.stores.postgres.migrate import migrate

    before, now = migrate(url)
    print(f"schema version {now}" + (", as it was" if before == now else f", was {before or 'missing'}"))


def _add_purge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--older-than", type=_days, required=True, metavar="DAYS", help="closed for so many days; fractions allowed"
    )
    parser.epilog = "FANOUT_DATABASE_URL names the database. Works in small batches, beside the running service."


def _purge(given: argparse.Namespace) -> None:
    url = _database_url()
    from app.cli.purge import purge
    from app.clock import SystemClock
    from app.stores.postgres.migrate import check_schema

    check_schema(url)
    try:
        fanouts, answers = asyncio.run(purge(url, SystemClock(), given.older_than))
    except StoreUnavailable as exc:
        raise StartRefused(exc.reason) from exc
    print(f"forgotten: {fanouts} fanouts, {answers} stored answers")


def _database_url() -> str:
    """FANOUT_DATABASE_URL. Raises StartRefused if it is not set, wrong, or the extra is missing."""
    from app.settings import Settings

    url = Settings.from_env().database_url
    if url is None:
        raise StartRefused("FANOUT_DATABASE_URL is not set: this command works on a PostgreSQL database")
    try:
        import psycopg_pool  # noqa: F401  # only to see whether it is there
    except ImportError as exc:
        raise StartRefused(missing_extra(exc)) from None
    return url


def _days(text: str) -> timedelta:
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not 0 <= days <= 36_500:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days: allowed is 0 to 36500")
    return timedelta(days=days)


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=_port, default=8000, help="port to listen on, 0 for any free one (default: %(default)s)"
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: allowed is 0 to 65535")
    return int(text)


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    # Slower than real time the board's own clock and its wait for a sign of life would not fit.
    if not 1 <= speed <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a speed: allowed is 1 to 1000000")
    return speed


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises StartRefused."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as exc:
        raise StartRefused(
            f"cannot listen on {host} port {port}: {exc.strerror}; choose another with --port"
        ) from exc


COMMANDS = (
    Command("serve", "Start the service.", _add_serve, _serve),
    Command("migrate", "Bring the database schema to this version.", _add_migrate, _migrate),
    Command("purge", "Forget closed fanouts and stored answers of the database early.", _add_purge, _purge),
    Command("demo", "See shifts fill in a made-up town, in fast motion.", _add_demo, _demo),
)
