"""A route that FastAPI documents and Starlette answers, for the one that takes every request of a burst.

What FastAPI does for the parameters of a function, and for what is closed after it, is felt under load.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response


class DirectRoute(APIRoute):
    """Its *endpoint* takes the request and nothing else, and makes the whole answer: no model of FastAPI's checks it.

    The route must be among the app's own: of an included router FastAPI answers every route itself.
    """

    def __init__(self, path: str, endpoint: Callable[[Request], Awaitable[Response]], **options: Any) -> None:  # noqa: ANN401  # FastAPI's own options
        super().__init__(path, endpoint, **options)
        self.app = request_response(endpoint)
