"""The way from a case back to the list that it was opened from, at the same page of it.

The list's address goes along in the address of the case, and in those that its forms are sent to. Whatever comes back
is read as a list's address and written again: it leads nowhere else.
"""

from typing import Final
from urllib.parse import quote, urlencode

from fastapi import Request

from services.dashboard.domain.listing import Viewer
from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.entrypoints.web.list_query import address_of, query_at, selection_of, window_of

_NAME: Final = "list"
_WHOLE_LIST: Final = "/"


def case_at(request_id: str, list_address: str, page: str = "", **more: str) -> str:
    """The address of a case that is opened from the list at *list_address*, or of a *page* below it, as `/work`.

    *more* is asked for of it.
    """
    query = urlencode(({_NAME: list_address} if list_address != _WHOLE_LIST else {}) | more)
    return f"/cases/{quote(request_id, safe='')}{page}{'?' if query else ''}{query}"


def case_again(request: Request, request_id: str, part: str = "", page: str = "", **more: str) -> str:
    """The case again, after one of its forms was sent. *part*: where on its page, as `#work`."""
    return case_at(request_id, _came_from(request), page, **more) + part


def list_before(request: Request, viewer: Viewer, keys: SearchKeys) -> str:
    """The list that the case of *request* was opened from; the whole list when that is not known."""
    query = query_at(_came_from(request)) or {}
    selection = selection_of(query, viewer, keys)
    return address_of(selection, window_of(query, selection.order))


def _came_from(request: Request) -> str:
    return request.query_params.get(_NAME, _WHOLE_LIST)
