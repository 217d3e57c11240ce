"""FANOUT_DATABASE_URL: what it may look like, and the connection parameters that follow from it.

A URL that is not well formed is refused before libpq sees it. libpq would take parts of a password for a host or a
port, and its error messages repeat those.
"""

import re

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.errors import StartRefused
from app.stores.postgres.failures import one_line

_ESCAPE = r"%(?!00)[0-9A-Fa-f]{2}"
_WELL_FORMED = re.compile(
    r"postgres(?:ql)?://"
    rf"(?:(?:[^:@/?#%\s]|{_ESCAPE})*(?::(?:[^@/%\s]|{_ESCAPE})*)?@)?"
    rf"(?:(?:[\w.\-]|{_ESCAPE})*|\[[0-9A-Fa-f:.]+\])(?::\d{{0,5}})?"
    rf"(?:,(?:(?:[\w.\-]|{_ESCAPE})*|\[[0-9A-Fa-f:.]+\])(?::\d{{0,5}})?)*"
    rf"(?:/(?:[^/?#@%\s]|{_ESCAPE})*)?"
    rf"(?:\?(?:[^#@%\s]|{_ESCAPE})*)?",
    re.ASCII,
)
# "port 5432", ".s.PGSQL.5432"
_PORT = re.compile(r"(\bport |\.s\.PGSQL\.)\d+")
_ADDRESS = re.compile(r"\([0-9a-fA-F.:]+\)")
_QUOTED = re.compile(r""" "[^"]*" | '[^']*' """, re.VERBOSE)
_REFUSED = (
    "FANOUT_DATABASE_URL (value not shown): must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE; "
    "write each of @ : / ? # % and space in the user, the password or a parameter as %40 %3A %2F %3F %23 %25 %20"
)

#: The server gives a statement up after this time.
STATEMENT_LIMIT_S = 6
#: - read committed: a statement that runs after the locks are taken must see what was committed before it began.
#: - generic plans, no sequential scans: a statement is planned once per connection, perhaps while its tables are
#:   empty, and every statement here finds its rows by an index.
#: - timeouts: a process that hangs in a transaction loses its locks before those who wait for them give up, and the
#:   server gives a statement up before this process does (`connections.CALL_LIMIT_S`).
_SERVER_SETTINGS = (
    "-c timezone=UTC -c default_transaction_isolation=read\\ committed"
    " -c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off"
    f" -c statement_timeout={STATEMENT_LIMIT_S}s -c lock_timeout=5s -c idle_in_transaction_session_timeout=4s"
    # Client and server both notice within seconds when the other host has vanished.
    " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000"
)
_DRIVER_SETTINGS: dict[str, str | int] = {
    "application_name": "shift-fanout",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def connection_parameters(url: str) -> dict[str, str | int]:
    """The parameters for `psycopg.connect`. Parameters in the URL override ours; its `options` are appended.

    Raises StartRefused, with no part of the URL, if it is not well formed.
    """
    given = _parameters_in(url)
    return _DRIVER_SETTINGS | given | {"options": f"{_SERVER_SETTINGS} {given.get('options', '')}".strip()}


def refusal(url: str, error: Exception) -> StartRefused:
    """Why the database cannot be used, in one line with nothing of the URL but its user.

    In a URL with a forgotten host or an unescaped @, the rest of the password stands where a host, a database or a
    parameter should be. libpq quotes what it repeats of these, but for a port and the address of a host.
    """
    given = _parameters_in(url)
    user = given.get("user")
    names = {
        part: name for name, value in given.items() for part in (value, *value.split(",")) if part not in ("", user)
    }

    def named(quoted: re.Match[str]) -> str:
        text = quoted[0][1:-1]
        if text in names:
            return f"({names[text]})"
        # A socket is a file in the folder that is given as the host.
        return next((f"({name})" for value, name in names.items() if text.startswith(f"{value}/")), quoted[0])

    message = _PORT.sub(r"\1(port)", _ADDRESS.sub("(address)", one_line(error)))
    for value, name in names.items():
        if '"' in value or "'" in value:
            message = message.replace(value, f"({name})")
    return StartRefused(f"FANOUT_DATABASE_URL (value not shown): {_QUOTED.sub(named, message)}")


def _parameters_in(url: str) -> dict[str, str]:
    """The parameters that the URL gives. Raises StartRefused."""
    if not _WELL_FORMED.fullmatch(url):
        raise StartRefused(_REFUSED)
    try:
        return {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except (psycopg.Error, UnicodeError):
        # libpq's message repeats the part of the URL that it does not understand.
        raise StartRefused(_REFUSED) from None
