"""The command line `shift-fanout`. Each subcommand is an entry of `COMMANDS` and two functions.

One function adds the subcommand's arguments, the other runs it. A subcommand imports what it needs when it runs, so
that `--help` is quick and extras stay optional.
"""

import argparse
import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app import __version__
from app.cli import argument_types, import_command, keys
from app.errors import StartRefused, StoreUnavailable, missing_extra


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand. `summary`: its line in `--help`."""

    name: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    #: Raises StartRefused with the line to print if it cannot run.
    run: Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand that `arguments` name, by default those of the process. Returns the exit status.

    Raises SystemExit with status 2 for wrong usage. If the subcommand cannot run, raises StartRefused, a SystemExit:
    Python prints its message and exits with status 1.
    """
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        command.run(options)
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
    parser.add_argument("--reload", action="store_true", help="restart when the code changes")
    parser.epilog = "FANOUT_* environment variables are the settings; the README lists them."


def _serve(options: argparse.Namespace) -> None:
    import uvicorn

    from app.cli.bounded_http import LONGEST_HEAD_BYTES
    from app.settings import Settings

    # With several processes, uvicorn would start again and again those that refuse to start.
    Settings.from_env()
    # uvicorn reports a taken port in several log lines. This check reports it in one.
    _listen(options.host, options.port).close()
    uvicorn.run(
        "app.api:create_app",
        factory=True,
        host=options.host,
        port=options.port,
        reload=options.reload,
        # By name, because a process that `--reload` starts imports it again.
        http="app.cli.bounded_http:BoundedProtocol",
        # Without httptools uvicorn has a limit of its own, of 16 KiB.
        h11_max_incomplete_event_size=LONGEST_HEAD_BYTES,
    )


def _add_demo(parser: argparse.ArgumentParser) -> None:
    _add_address(parser)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same run (default: %(default)s)")
    parser.add_argument(
        "--speed",
        type=argument_types.speed,
        default=60.0,
        help="how much faster than real time (default: %(default)g times)",
    )
    parser.add_argument(
        "--twilio", action="store_true", help="carry texts and calls over HTTP, through a simulated Twilio"
    )
    end = parser.add_mutually_exclusive_group()
    end.add_argument(
        "--keep",
        action=argparse.BooleanOptionalAction,
        help="keep serving the board after the summary (default: only if the output is a terminal)",
    )
    end.add_argument("--no-serve", action="store_true", help="show no board; only print the timeline and the summary")
    parser.epilog = "Sends nothing to anybody, and ignores FANOUT_* environment variables."


def _demo(options: argparse.Namespace) -> None:
    from app.simulation import demo

    listening = None if options.no_serve else _listen(options.host, options.port)
    demo.run(seed=options.seed, speed=options.speed, listening=listening, keep=options.keep, twilio=options.twilio)


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", type=argument_types.phone, metavar="NUMBER", help="send one text to this number, and follow it"
    )
    parser.epilog = (
        "Reads the same FANOUT_* variables as the service, which must be running. Exits with status 1 if there is a "
        "problem, with 0 if there are only warnings."
    )


def _doctor(options: argparse.Namespace) -> None:
    if not asyncio.run(_examine(options.to)):
        raise SystemExit(1)


async def _examine(to: str | None) -> bool:
    """Print the findings; returns whether all is well."""
    import httpx

    from app.cli.doctor import examine, settings_of_the_environment
    from app.clock import SystemClock

    settings, finding = settings_of_the_environment()
    print(finding, flush=True)
    well = finding.ok
    if settings is not None:
        async with httpx.AsyncClient() as http:
            async for finding in examine(settings, clock=SystemClock(), http=http, to=to):
                print(finding, flush=True)
                well &= finding.ok
    return well


def _add_fake_twilio(parser: argparse.ArgumentParser) -> None:
    _add_address(parser, port=8010)
    parser.add_argument(
        "--service",
        type=argument_types.public_url,
        default="http://127.0.0.1:8000",
        metavar="URL",
        help="where the service runs; its FANOUT_PUBLIC_URL (default: %(default)s)",
    )
    parser.add_argument("--account-sid", default="AC" + "0" * 32, metavar="SID", help="default: %(default)s")
    parser.add_argument("--auth-token", default="fake-token", metavar="TOKEN", help="default: %(default)s")
    parser.add_argument(
        "--number",
        type=argument_types.phone,
        default="+15005550006",
        help="the number of the account (default: %(default)s)",
    )
    parser.add_argument(
        "--replies", metavar="WORDS", help="what everybody texts back, such as YES (default: nothing)"
    )
    parser.add_argument(
        "--presses",
        choices=tuple("0123456789*#"),
        metavar="KEY",
        help="the key that everybody presses on a call, such as 1",
    )
    parser.add_argument("--says", metavar="WORDS", help="what everybody says on a call, if they press no key")
    parser.add_argument(
        "--after",
        type=argument_types.seconds,
        default=5.0,
        metavar="SECONDS",
        help="when they answer (default: %(default)g)",
    )
    parser.epilog = (
        "Without --presses and --says nobody picks up. Prints the settings for the service. Its page / lists the "
        "routes by which a test holds single telephones."
    )


def _fake_twilio(options: argparse.Namespace) -> None:
    from app.cli import fake_twilio
    from app.simulation.twilio.holders import Habits

    account = fake_twilio.account(
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        number=options.number,
        service_url=options.service,
    )
    habits = Habits(replies=options.replies, presses=options.presses, says=options.says, after_s=options.after)
    listening = _listen(options.host, options.port)
    url = _url_of(listening)
    print(f"The simulated telephone company is at {url}/. Start the service with:", flush=True)
    print("\n".join(fake_twilio.settings_for(account, url, options.service)), flush=True)
    fake_twilio.serve(account, habits, listening)


def _keys(options: argparse.Namespace) -> None:
    for line in keys.run(options):
        print(line)


def _add_migrate(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "FANOUT_DATABASE_URL names the database. Several processes may run this at once. If a migration fails, "
        "nothing is changed."
    )


def _migrate(options: argparse.Namespace) -> None:
    url = _database_url()
    from app.stores.postgres.migrate import migrate

    before, now = migrate(url)
    print(f"schema version {now}" + (", unchanged" if before == now else f", was {before or 'an empty database'}"))


def _add_purge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--older-than",
        type=argument_types.days,
        required=True,
        metavar="DAYS",
        help="delete fanouts closed and answers stored more than DAYS days ago; DAYS may be a fraction",
    )
    parser.epilog = "FANOUT_DATABASE_URL names the database. The service may run meanwhile."


def _purge(options: argparse.Namespace) -> None:
    url = _database_url()
    from app.cli.purge import purge
    from app.clock import SystemClock
    from app.stores.postgres.migrate import check_schema

    check_schema(url)
    try:
        fanouts, answers = asyncio.run(purge(url, SystemClock(), options.older_than))
    except StoreUnavailable as exc:
        raise StartRefused(exc.reason) from exc
    print(f"deleted: {fanouts} fanouts, {answers} stored answers")


def _import(options: argparse.Namespace) -> None:
    lines, well = asyncio.run(import_command.run(options))
    print("\n".join(lines))
    if not well:
        raise SystemExit(1)


def _add_status(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "url",
        nargs="?",
        type=argument_types.service_url,
        metavar="URL",
        help="the service to ask, such as http://127.0.0.1:8000 (default: the database in FANOUT_DATABASE_URL)",
    )
    parser.epilog = (
        "FANOUT_API_KEY is sent as the key; the service needs the extra `metrics` to say all. Exits with status 1 if "
        "it is not ready."
    )


def _status(options: argparse.Namespace) -> None:
    url = None if options.url is not None else _database_url()
    try:
        ready, lines = asyncio.run(_read_status(options.url, url))
    except StoreUnavailable as exc:
        raise StartRefused(exc.reason) from exc
    print("\n".join(lines))
    if not ready:
        raise SystemExit(1)


async def _read_status(url: str | None, database_url: str | None) -> tuple[bool, list[str]]:
    import httpx

    from app.cli import status
    from app.clock import SystemClock
    from app.settings import Settings

    if database_url is not None:
        return await status.of_database(database_url, SystemClock())
    async with httpx.AsyncClient() as http:
        return await status.of_service(http, str(url), Settings.from_env().api_key)


def _database_url() -> str:
    """The URL in FANOUT_DATABASE_URL. Raises StartRefused if it is not set or wrong, or psycopg is missing."""
    from app.settings import Settings

    url = Settings.from_env().database_url
    if url is None:
        raise StartRefused("FANOUT_DATABASE_URL is not set: this command needs a PostgreSQL database")
    try:
        import psycopg_pool  # noqa: F401  # only to check that it is installed
    except ImportError as exc:
        raise StartRefused(missing_extra(exc)) from None
    return url


def _add_address(parser: argparse.ArgumentParser, *, port: int = 8000) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port",
        type=argument_types.port,
        default=port,
        help="port to listen on, 0 for any free one (default: %(default)s)",
    )


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens on this address. Raises StartRefused if it cannot."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as exc:
        raise StartRefused(
            f"cannot listen on {host} port {port}: {exc.strerror}; choose another address with --host or --port"
        ) from exc


def _url_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


COMMANDS = (
    Command("serve", "Start the service.", _add_serve, _serve),
    Command("migrate", "Upgrade the database schema to the version this program needs.", _add_migrate, _migrate),
    Command("purge", "Delete old fanouts and stored answers from the database.", _add_purge, _purge),
    Command(
        "import",
        "Store the caregivers or shifts of a CSV file.",
        import_command.add_arguments,
        _import,
    ),
    Command("keys", "Add, list and revoke the keys of the API.", keys.add_arguments, _keys),
    Command("demo", "Watch a made-up agency fill its shifts, faster than real time.", _add_demo, _demo),
    Command(
        "status",
        "Print how far the service is behind, what waits, and how many shifts need a person.",
        _add_status,
        _status,
    ),
    Command("doctor", "Check that the service can text and call through Twilio.", _add_doctor, _doctor),
    Command(
        "fake-twilio", "Serve a simulated telephone company that speaks Twilio's API.", _add_fake_twilio, _fake_twilio
    ),
)
