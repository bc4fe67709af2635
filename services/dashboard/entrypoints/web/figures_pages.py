"""The page of the figures: each number of it opens the list of exactly its cases."""

import asyncio
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.dashboard.domain.figures import Figure, Period, period_of
from services.dashboard.domain.listing import Filter, Selection, Viewer
from services.dashboard.entrypoints.web.dependencies import Deps
from services.dashboard.entrypoints.web.figures_wording import FIGURES, conversion
from services.dashboard.entrypoints.web.list_query import address_of, day_in
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import render
from shared.clock import JST

router = APIRouter(include_in_schema=False)

SPANS: Final = {"7": "直近7日", "30": "直近30日", "90": "直近90日"}
_USUAL: Final = "30"
_SPAN: Final = re.compile(r"7|30|90")


@router.get("/figures")
async def figures(request: Request, deps: Deps, account: CurrentAccount) -> Response:
    """Every figure of a period."""
    period, span = period_in(request.query_params, deps.now().astimezone(JST).date())
    shown, visits = await asyncio.gather(deps.show_figures(period), deps.show_visits(period))
    viewer = Viewer(account=account, now=deps.now())

    def list_of(wanted: Filter) -> str:
        return address_of(Selection(viewer=viewer, filter=wanted))

    return render(
        request,
        "figures.html",
        account=account,
        notices=deps.notices,
        figures=shown,
        visits=visits,
        titles=FIGURES,
        period=period,
        span=span,
        spans=SPANS,
        list_of=list_of,
        industries=deps.industries,
        conversion=conversion(shown[Figure.OUTCOMES]),
    )


def period_in(query: Mapping[str, str], today: date) -> tuple[Period, str | None]:
    """What the address asks for, and which of `SPANS` that is. Whatever makes no sense in it counts as not said."""
    first, last = day_in(query.get("from", "")), day_in(query.get("to", ""))
    if first and last and first <= last:
        return period_of(first, last), None
    asked = query.get("days", "")
    span = asked if _SPAN.fullmatch(asked) else _USUAL
    return period_of(today - timedelta(days=int(span) - 1), today), span
