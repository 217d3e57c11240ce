"""The command `keys`: adds, lists and revokes the keys in the file FANOUT_API_KEYS."""

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from app.errors import StartRefused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the arguments of `keys`."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = _action(actions, "add", "Add a key and print it, once.", _add)
    add.add_argument("--name", required=True, help="who uses the key; it stands in the log")
    add.add_argument(
        "--organization", metavar="ID", help="the only organization that the key is for (default: all of them)"
    )
    add.add_argument(
        "--may",
        choices=("inbound", "read", "coordinate", "admin"),
        default="coordinate",
        help="what the key may do (default: %(default)s)",
    )
    _action(actions, "list", "List the keys, without the keys themselves.", _list)
    revoke = _action(actions, "revoke", "Remove a key; running services refuse it at once.", _revoke)
    revoke.add_argument("name", metavar="NAME", help="the name of the key")


def run(options: argparse.Namespace) -> Iterator[str]:
    """The lines to print. Raises StartRefused if the file cannot be used, or not in this way."""
    from app.access.key_file import KeyFileError

    action: Callable[[Path, argparse.Namespace], Iterator[str]] = options.action
    named = options.file or os.environ.get("FANOUT_API_KEYS", "").strip()
    if not named:
        raise StartRefused("which file? Set FANOUT_API_KEYS, or give --file")
    try:
        yield from action(Path(named), options)
    except KeyFileError as exc:
        raise StartRefused(exc.reason) from None


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    summary: str,
    action: Callable[[Path, argparse.Namespace], Iterator[str]],
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=summary)
    parser.add_argument("--file", metavar="FILE", help="the key file (default: FANOUT_API_KEYS)")
    parser.set_defaults(action=action)
    return parser


def _add(path: Path, options: argparse.Namespace) -> Iterator[str]:
    from app.access.key_file import add_key
    from app.access.keys import Permission

    key = add_key(path, options.name, options.organization, Permission(options.may))
    yield f"The key of {options.name}. It is shown only now: {key}"


def _list(path: Path, options: argparse.Namespace) -> Iterator[str]:
    from app.access.key_file import read_keys

    for one in read_keys(path):
        yield f"{one.name}: may {one.may}, " + (
            "all organizations" if one.organization_id is None else f"organization {one.organization_id}"
        )


def _revoke(path: Path, options: argparse.Namespace) -> Iterator[str]:
    from app.access.key_file import revoke_key

    revoke_key(path, options.name)
    yield f"The key of {options.name} is revoked"
