"""Query parameters that a route does not have are refused: a misspelled filter must not be ignored in silence."""

from collections.abc import Collection
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from app.web.problems import invalid


def check_parameters(query: bytes, known: Collection[str] = ()) -> None:
    """Raises ProblemError (422), which names them, if the query has parameters that are not known."""
    names = dict.fromkeys(name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    unknown = [name for name in names if name not in known]
    if unknown:
        raise invalid(
            [{"type": "unknown", "loc": ("query", name), "msg": "there is no such parameter"} for name in unknown]
        )


async def _only_described_parameters(request: Request) -> None:
    query: bytes = request.scope["query_string"]
    if query:
        method = "get" if request.method == "HEAD" else request.method.lower()
        operation = request.app.openapi()["paths"].get(request.scope["route"].path, {}).get(method, {})
        check_parameters(query, {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"})


#: A dependency of every route. The description says which parameters a route has; pages, not described, have none.
only_described_parameters = Depends(_only_described_parameters)
