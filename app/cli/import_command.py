"""The arguments of `shift-fanout import`, and the way from them to `import_file`. Imports nothing that takes long."""

import argparse
from pathlib import Path

from app.cli import argument_types


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the subcommand."""
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="columns: the names of the fields, and id")
    parser.add_argument(
        "--kind",
        choices=("caregivers", "shifts"),
        help="what the file has (default: caregivers if there is a column phone)",
    )
    parser.add_argument(
        "--all-or-nothing",
        action="store_true",
        help="store nothing if a line is wrong in itself (default: store the others). What the service refuses, such "
        "as a number that somebody else has, does not hold back the others",
    )
    parser.add_argument(
        "--url",
        type=argument_types.service_url,
        default="http://127.0.0.1:8000",
        help="the service (default: %(default)s)",
    )
    parser.epilog = (
        "FANOUT_API_KEY is sent as the key. Commas or semicolons separate the cells. "
        "An empty cell is a field that is left out. "
        "Several roles or organizations of a caregiver stand in one cell, with | between them. "
        "Exits with status 1 if a line was not stored."
    )


async def run(options: argparse.Namespace) -> tuple[list[str], bool]:
    """Import the file. Returns the lines to print, and whether every line of the file was stored.

    Raises StartRefused if the file cannot be imported.
    """
    import httpx

    from app.cli import import_file
    from app.settings import Settings

    key = Settings.from_env().api_key
    records = import_file.read_file(options.file, options.kind)
    async with httpx.AsyncClient() as http:
        outcome = await import_file.send(http, options.url, key, records, all_or_nothing=options.all_or_nothing)
    return outcome.lines(), not outcome.refused
