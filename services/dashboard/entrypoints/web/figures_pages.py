"""The page of the figures: each number of it opens the list of exactly its cases."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.dashboard.domain.figures import Figure, Period, PeriodProblem, period_of, period_problem
from services.dashboard.domain.listing import Filter, Selection, Viewer
from services.dashboard.entrypoints.web.access import OF_CASES
from services.dashboard.entrypoints.web.dependencies import Deps
from services.dashboard.entrypoints.web.figures_wording import FIGURES, PERIOD_PROBLEMS, conversion
from services.dashboard.entrypoints.web.list_query import address_of, day_in
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import render
from shared.clock import JST

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)

SPANS: Final = {
    "days=7": "直近7日",
    "days=30": "直近30日",
    "days=90": "直近90日",
    "month=this": "今月",
    "month=last": "先月",
}
_USUAL: Final = 30
_DAYS: Final = re.compile(r"7|30|90")


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """From which day to which. `span`: which of `SPANS` that is."""

    first: date
    last: date
    span: str | None = None

    @property
    def problem(self) -> PeriodProblem | None:
        """Why nothing is counted."""
        return period_problem(self.first, self.last)

    @property
    def period(self) -> Period:
        """The same for counting, if there is no problem."""
        return period_of(self.first, self.last)


@router.get("/figures")
async def figures(request: Request, deps: Deps, account: CurrentAccount) -> Response:
    """Every figure of a period. For one that cannot be counted nothing is shown but what is wrong with it."""
    asked = period_in(request.query_params, deps.now().astimezone(JST).date())
    viewer = Viewer(account=account, now=deps.now())

    def list_of(wanted: Filter) -> str:
        return address_of(Selection(viewer=viewer, filter=wanted))

    names: dict[str, Any] = {
        "account": account,
        "notices": deps.notices,
        "titles": FIGURES,
        "asked": asked,
        "spans": SPANS,
        "list_of": list_of,
        "industries": deps.industries,
    }
    if problem := asked.problem:
        return render(request, "figures.html", 422, problem=PERIOD_PROBLEMS[problem], **names)
    shown, visits = await asyncio.gather(deps.show_figures(asked.period), deps.show_visits(asked.period))
    return render(
        request,
        "figures.html",
        **names,
        problem=None,
        figures=shown,
        visits=visits,
        conversion=conversion(shown[Figure.OUTCOMES]),
    )


def period_in(query: Mapping[str, str], today: date) -> AskedPeriod:
    """What the address asks for. What is no day or span of ours counts as not said."""
    first, last = day_in(query.get("from", "")), day_in(query.get("to", ""))
    if first and last:
        return AskedPeriod(first, last)
    first_of_month = today.replace(day=1)
    match query.get("month"):
        case "this":
            return AskedPeriod(first_of_month, today, "month=this")
        case "last":
            last_of_before = first_of_month - timedelta(days=1)
            return AskedPeriod(last_of_before.replace(day=1), last_of_before, "month=last")
    asked = query.get("days", "")
    days = int(asked) if _DAYS.fullmatch(asked) else _USUAL
    return AskedPeriod(today - timedelta(days=days - 1), today, f"days={days}")
