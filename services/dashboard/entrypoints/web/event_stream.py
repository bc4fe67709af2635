"""Server-sent events: an answer that goes on as long as a page is in front, and shows it parts of itself anew.

It ends with the session, whose time it does not prolong, and says so in place of what was shown.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import structlog
from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from services.dashboard.entrypoints.web.dependencies import Dependencies
from services.dashboard.entrypoints.web.rendering import render_part
from services.dashboard.usecases.follow_changes import Listener, News
from shared.errors import Invalid, Unavailable

log = structlog.get_logger(__name__)

REST_S: Final = 0.2
"""From one part to the next: a hundred changes in a second are shown together."""
_TURN_S: Final = 1.0
"""How long a process that stops may have to wait for an answer to notice."""

Show = Callable[[News], Awaitable[str]]
"""What the page shows now, as HTML; it is sent when it is not what was sent last."""


def event_stream(request: Request, deps: Dependencies, account: str, show: Show) -> Response:
    """The answer to a page of *account* that wants to stay up to date. 429: there are too many already."""
    if deps.live.hub.is_full(account):
        return Response(status_code=429)
    frames = _frames(deps, request.cookies.get(deps.cookie, ""), account, show)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # A proxy must pass on each part at once.
    return StreamingResponse(frames, media_type="text/event-stream", headers=headers)


async def _frames(deps: Dependencies, token: str, account: str, show: Show) -> AsyncIterator[str]:
    try:
        async for frame in _parts(deps, token, account, show):
            yield frame
    except Invalid:
        # Of many that were asked for at once, each found a free place before the others had begun.
        return


async def _parts(deps: Dependencies, token: str, account: str, show: Show) -> AsyncIterator[str]:
    clock, shown = asyncio.get_running_loop().time, ""
    with deps.live.hub.listening(account) as listener:
        # What has changed while the page was loading, or hidden, is shown at once.
        news: News | None = News(is_anything=True)
        checked_at = clock()
        while not deps.live.is_stopping():
            is_due = clock() - checked_at >= deps.live.check_s
            try:
                # Before each part: who was disabled or logged out a moment ago is shown nothing more.
                if (news or is_due) and not await _is_logged_in(deps, token, account):
                    yield _message(render_part("ended.html"))
                    yield "event: ended\ndata: \n\n"
                    return
                if news or is_due:
                    part, checked_at = await show(news or News()), clock() if is_due else checked_at
                    # The comment keeps the connection open on its way through proxies.
                    yield _message(part) if part != shown else ":\n\n"
                    shown = part
                    await asyncio.sleep(REST_S)
            except Unavailable:
                # The page keeps what it shows; the next turn tries again.
                await asyncio.sleep(_TURN_S)
                continue
            news = await _next(listener)


async def _next(listener: Listener) -> News | None:
    return await listener.wait(_TURN_S)


async def _is_logged_in(deps: Dependencies, token: str, account: str) -> bool:
    found = await deps.authenticate(token, is_use=False)
    return found is not None and found.name == account


def _message(part: str) -> str:
    return "".join(f"data: {line}\n" for line in part.splitlines()) + "\n"
