"""The way from a case back to the list that it was opened from, at the same page of it.

The list's address goes along in the address of the case. A browser repeats that as `Referer` when a form of the case
is sent, so no form need carry it. Whatever comes back is read as a list's address and written again: it leads nowhere
else.
"""

from typing import Final
from urllib.parse import quote, urlencode

from fastapi import Request

from services.dashboard.domain.listing import Viewer
from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.entrypoints.web.list_query import address_of, query_at, selection_of, window_of

_NAME: Final = "list"
_WHOLE_LIST: Final = "/"


def case_at(request_id: str, list_address: str, **more: str) -> str:
    """The address of a case that is opened from the list at *list_address*. *more* is asked for of its page."""
    query = urlencode(({_NAME: list_address} if list_address != _WHOLE_LIST else {}) | more)
    return f"/cases/{quote(request_id, safe='')}{'?' if query else ''}{query}"


def case_again(request: Request, request_id: str, part: str = "", **more: str) -> str:
    """The case again, after one of its forms was sent. *part*: where on its page, as `#work`."""
    return case_at(request_id, _came_from(request), **more) + part


def list_before(request: Request, viewer: Viewer, keys: SearchKeys) -> str:
    """The list that the case of *request* was opened from; the whole list when that is not known."""
    query = query_at(_came_from(request)) or {}
    selection = selection_of(query, viewer, keys)
    return address_of(selection, window_of(query, selection.order))


def _came_from(request: Request) -> str:
    if _NAME in request.query_params:
        return request.query_params[_NAME]
    values = (query_at(request.headers.get("referer", "")) or {}).get(_NAME, ())
    return next(iter(values), _WHOLE_LIST)
