"""The statements of one transaction, sent together until a result is needed. Knows no statement.

This uses libpq's pipeline mode through `psycopg.pq`. psycopg's own cursors and pipeline do the same, but take four
times the processor time, which was a third of what a late accept costs with PostgreSQL (ADR 24).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import TracebackType
from typing import Any, LiteralString, Self

import psycopg
from psycopg import errors
from psycopg.abc import PQGen
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

Parameter = str | int | datetime | Sequence[str] | Sequence[int] | None

_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%s|%%")


class QueryResult:
    """What a statement returned: there after the next `Transaction.sync`. Every value is text, or None."""

    def __init__(self, encoding: str) -> None:
        self.found: PGresult | None = None
        self._encoding = encoding

    def rows(self) -> list[tuple[str | None, ...]]:
        """All rows."""
        found = self.found
        if found is None:
            raise RuntimeError("the transaction has not been synced since this statement")
        columns = range(found.nfields)
        return [tuple(self._text(found.get_value(row, column)) for column in columns) for row in range(found.ntuples)]

    def value(self) -> str:
        """The only value of a statement that returns one row."""
        (row,) = self.rows()
        (value,) = row
        if value is None:
            raise RuntimeError("the statement returned null")
        return value

    def _text(self, value: bytes | None) -> str | None:
        return None if value is None else value.decode(self._encoding)


class Transaction:
    """Sends statements on a connection that nothing else uses. A context manager.

    Statements are written as for psycopg, with `%s` or `%(name)s`. Their parameters have no type of their own, so
    the server must be able to tell it from the statement.
    """

    def __init__(
        self,
        connection: psycopg.AsyncConnection[Any],
        prepared: dict[LiteralString, bytes],
        on_answer: Callable[[], None],
    ) -> None:
        """`prepared`: the names of the statements that transactions have prepared on this connection so far.

        `on_answer` is called whenever the server has answered what was sent.
        """
        self.connection = connection
        self._on_answer = on_answer
        self._prepared = prepared
        self._pgconn = connection.pgconn
        self._encoding = connection.info.encoding
        #: What the server has not answered yet: a statement to prepare, by its text; the result of one to run.
        self._unanswered: list[LiteralString | QueryResult] = []
        #: Statements whose preparation has not been answered yet.
        self._preparing: dict[LiteralString, bytes] = {}

    async def __aenter__(self) -> Self:
        self._pgconn.enter_pipeline_mode()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._pgconn.exit_pipeline_mode()
        elif not isinstance(error, Exception) or not await self._rolled_back():
            # What the server has sent, or will send, cannot be told from the results of the next transaction.
            await self.connection.close()

    async def execute(
        self, statement: LiteralString, parameters: Sequence[Parameter] | Mapping[str, Parameter] = ()
    ) -> QueryResult:
        """Queue the statement. It is prepared, once on each connection."""
        text, names = _numbered(statement)
        if isinstance(parameters, Mapping):
            parameters = [parameters[name] for name in names]
        given = [self._given(parameter) for parameter in parameters]
        name = self._prepared.get(statement) or self._preparing.get(statement)
        if name is None:
            name = self._preparing[statement] = b"s%d" % (len(self._prepared) + len(self._preparing))
            self._pgconn.send_prepare(name, text.encode(self._encoding))
            self._unanswered.append(statement)
        self._pgconn.send_query_prepared(name, given)
        result = QueryResult(self._encoding)
        self._unanswered.append(result)
        return result

    async def sync(self) -> None:
        """Send what is queued and wait for the results. Raises the first error that a statement had.

        It sends a sync and not only a flush. After a flush the server does not count the session as idle, so
        `idle_in_transaction_session_timeout` would not end the transaction of a process that hangs.
        """
        error = await self._settle()
        if error is not None:
            raise error

    async def _settle(self) -> psycopg.Error | None:
        """Send what is queued and take over the answers; returns the first error among them."""
        self._pgconn.pipeline_sync()
        answers = await self.connection.wait(_until_synced(self._pgconn))
        self._on_answer()
        unanswered, self._unanswered = self._unanswered, []
        preparing, self._preparing = self._preparing, {}
        for one, (answer, *_) in zip(unanswered, answers, strict=True):
            if answer.status == ExecStatus.FATAL_ERROR:
                # The server has ignored what follows.
                return self._error_of(answer)
            if isinstance(one, QueryResult):
                one.found = answer
            else:
                self._prepared[one] = preparing[one]
        return None

    def _error_of(self, answer: PGresult) -> psycopg.Error:
        error = errors.error_from_result(answer, encoding=self._encoding)
        if isinstance(error, errors.InvalidSqlStatementName):
            # Something has discarded the prepared statements of the session. As after a conflict, try again.
            self._prepared.clear()
            return errors.SerializationFailure("the prepared statements were discarded")
        return error

    async def _rolled_back(self) -> bool:
        """End the transaction without its writes; returns whether the connection can be used again."""
        try:
            # The server ignores everything after an error until a sync, and so would ignore the ROLLBACK.
            await self._settle()
            await self.execute("ROLLBACK")
            await self._settle()
            self._pgconn.exit_pipeline_mode()
        except psycopg.Error:
            return False
        return True

    def _given(self, parameter: Parameter) -> bytes | None:
        """The parameter as PostgreSQL reads it."""
        if parameter is None:
            return None
        if isinstance(parameter, str):
            text = parameter
        elif isinstance(parameter, datetime):
            text = parameter.isoformat()
        elif isinstance(parameter, int):
            text = str(parameter)
        else:
            text = f"{{{','.join(map(_element, parameter))}}}"
        encoded = text.encode(self._encoding)
        if b"\0" in encoded:
            # libpq would take it for the end.
            raise psycopg.DataError("a text cannot contain NUL")
        return encoded


def _until_synced(pgconn: PGconn) -> PQGen[list[list[PGresult]]]:
    """Send what libpq holds, and fetch results until that of the sync, which is left out."""
    yield from send(pgconn)
    answers: list[list[PGresult]] = []
    while True:
        results = yield from fetch_many(pgconn)
        if not results:
            raise psycopg.InterfaceError("there are fewer results than statements")
        if results[0].status == ExecStatus.PIPELINE_SYNC:
            return answers
        answers.append(results)


@cache
def _numbered(statement: LiteralString) -> tuple[str, tuple[str, ...]]:
    """The statement with numbered parameters, and the names of these, if they have names."""
    names: list[str] = []
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "%%":
            return "%"
        if found[1] is None:
            count += 1
            return f"${count}"
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    text = _PLACEHOLDER.sub(number, statement)
    return text, tuple(names)


def _element(value: str | int) -> str:
    """An element of an array literal."""
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
