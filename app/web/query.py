"""Query parameters that a route does not have, or that come twice, are refused: no filter is ignored in silence."""

from collections import Counter
from collections.abc import Collection, Iterator
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from app.web.problems import invalid


def check_parameters(query: bytes, known: Collection[str] = ()) -> None:
    """Raises ProblemError (422), which names them, if the query has parameters that are not known or come twice."""
    counts = Counter(name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    wrong = {name: "there is no such parameter" for name in counts if name not in known}
    wrong |= {name: "must not be given twice" for name, count in counts.items() if count > 1 and name in known}
    if wrong:
        raise invalid([{"type": "parameter", "loc": ("query", name), "msg": msg} for name, msg in wrong.items()])


async def _only_described_parameters(request: Request) -> None:
    query: bytes = request.scope["query_string"]
    if query:
        check_parameters(query, frozenset(_parameters(request.scope["route"].dependant)))


def _parameters(dependant: Dependant) -> Iterator[str]:
    yield from (parameter.alias for parameter in dependant.query_params)
    for one in dependant.dependencies:
        yield from _parameters(one)


#: A dependency of every route. A page has no parameters.
only_described_parameters = Depends(_only_described_parameters)
