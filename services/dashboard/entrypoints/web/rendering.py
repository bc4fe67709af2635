"""Renders HTML: the templates, parts that may fail alone, and the page that is shown when something goes wrong."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import structlog
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from services.dashboard.domain.facts import fact_id
from services.dashboard.domain.listing import Tab
from services.dashboard.domain.roles import Permission, Staff
from services.dashboard.entrypoints.web import (
    backlog_wording,
    contact_links,
    decide_wording,
    figures_wording,
    filter_wording,
    letter_wording,
    list_wording,
    wording,
    work_wording,
)
from services.dashboard.entrypoints.web.api_problems import API, render_as_json
from services.dashboard.entrypoints.web.list_query import address_of, bulk_of, conditions_of, day_of, export_of
from services.dashboard.entrypoints.web.page_policy import with_script
from services.dashboard.entrypoints.web.visible import finalize
from services.dashboard.entrypoints.web.way_back import case_at
from services.dashboard.ports.cases import Window
from shared.web.problems import HttpProblem
from shared.yen import spoken_yen, yen

log = structlog.get_logger(__name__)

KEYS_COOKIE: Final = "mitsumori-desk-keys"
KEYS_OFF: Final = "off"

_HTMX_CONFIG: Final = json.dumps(
    {
        "extensions": "sse",
        "metaCharacter": "-",  # A colon in an attribute's name is not valid HTML.
        "morphSkip": "[data-hx-morph-skip]",
        "includeIndicatorCSS": False,
        "history": False,
        "noSwap": [204, 304, "4xx", "5xx"],  # A refusal must not take the place of the list.
        "defaultTimeout": 10_000,
    }
)


def _environment() -> Environment:
    """Everything is escaped and made visible, and a name that does not exist is an error."""
    environment = Environment(
        loader=PackageLoader("services.dashboard.entrypoints.web"),
        autoescape=True,
        finalize=finalize,
        auto_reload=False,  # A page has ten templates, which never change while a process runs.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        jst=_when,
        when=wording.when,
        for_machines=wording.for_machines,
        clock_time=wording.clock_time,
        clock_seconds=wording.clock_seconds,
        count=list_wording.count,
        day=wording.day,
        duration=wording.duration,
        span=wording.span,
        yen=yen,
        round_yen=spoken_yen,
        timeline_text=wording.timeline_text,
        letter_state=letter_wording.letter_state,
        letter_course=letter_wording.letter_course,
        letter_sign=letter_wording.letter_sign,
        file_size=letter_wording.file_size,
        letter_task=letter_wording.letter_task,
        option_name=wording.option_name,
        work_text=work_wording.work_text,
        topic_in_words=backlog_wording.topic_in_words,
        reason_in_words=backlog_wording.reason_in_words,
        percent=decide_wording.percent,
        decided_text=decide_wording.decided_text,
        step_text=work_wording.step_text,
        phone_link=contact_links.phone_link,
        mail_link=contact_links.mail_link,
        fact_id=fact_id,
    )
    environment.globals.update(
        STATES=wording.STATES,
        STATES_EXPLAINED=wording.STATES_EXPLAINED,
        OUTCOMES=wording.OUTCOMES,
        OUTCOMES_EXPLAINED=wording.OUTCOMES_EXPLAINED,
        TABS=list_wording.TABS,
        TABS_EXPLAINED=list_wording.TABS_EXPLAINED,
        TAB_ALL=Tab.ALL,
        EMPTY_TABS=list_wording.EMPTY_TABS,
        ORDERS=list_wording.ORDERS,
        WANTED_BROCHURES=list_wording.BROCHURES,
        in_words=filter_wording.in_words,
        chips=filter_wording.chips,
        case_at=case_at,
        conditions_of=conditions_of,
        FIGURES_EXPLAINED=figures_wording.EXPLAINED,
        FIGURE_VALUES=figures_wording.VALUES,
        TIMES=figures_wording.TIMES,
        figure_label=figures_wording.label,
        figure_value=figures_wording.value,
        CONTACTS=work_wording.ASKED_CONTACTS,
        REASONS={"not-taken-up": work_wording.NOT_TAKEN_UP, "declined": work_wording.DECLINED},
        WORK_PROBLEMS=work_wording.PROBLEMS,
        DECISION_PROBLEMS=decide_wording.DECISION_PROBLEMS,
        RELEASE_PROBLEMS=decide_wording.RELEASE_PROBLEMS,
        REFUSALS=work_wording.REFUSALS,
        address_of=address_of,
        day_of=day_of,
        export_of=export_of,
        bulk_of=bulk_of,
        last_page=Window(is_last=True),
        HTMX_CONFIG=_HTMX_CONFIG,
        LETTERS=wording.LETTERS,
        MAILS=wording.MAILS,
        wishes=wording.wishes,
        awaited_release=wording.awaited_release,
        suspicions=wording.suspicions,
        part=_part,
        row_or=_row_or,
    )
    return environment


@pass_context
def _when(context: Context, moment: datetime) -> str:
    """As `when`, on a page whose `now` is known; a macro of another file uses `when`."""
    return wording.when(moment, context["now"])


def _row_or(shown: Callable[..., Markup], instead: Callable[..., Markup], *row: Any) -> Markup:  # noqa: ANN401  # what the macros take
    """One row of the list by the macro *shown*; by *instead* when what is stored cannot be shown."""
    try:
        return shown(*row)
    except Exception as error:
        log.exception("row not shown", error=type(error).__name__)
        return instead(*row)


@pass_context
def _part(context: Context, template: str, instead: str, **names: Any) -> Markup:  # noqa: ANN401  # whatever the part needs
    """One part of a page. When what is stored cannot be shown, *instead* says so, and the rest of the page stays."""
    known = {**context.get_all(), **names}
    try:
        return Markup(_TEMPLATES.get_template(template).render(known))  # noqa: S704  # a template escapes its texts
    except Exception as error:
        log.exception("part not shown", step=template, error=type(error).__name__)
        return Markup(_TEMPLATES.get_template(instead).render(known))  # noqa: S704  # a template escapes its texts


_TEMPLATES: Final = _environment()


def has_keys(request: Request) -> bool:
    """Whether single keys do something on the pages of this browser (WCAG 2.1.4: they can be switched off)."""
    return request.cookies.get(KEYS_COOKIE) != KEYS_OFF


def _may_nothing(_permission: Permission) -> bool:
    return False


def render(request: Request, template: str, status: int = 200, **names: Any) -> HTMLResponse:  # noqa: ANN401  # whatever the template needs
    """A page. `account` is None unless the page says who is logged in; `may` says what their role may do."""
    staff: Staff | None = getattr(request.state, "staff", None)
    names = {
        "account": None,
        "notices": (),
        "path": request.url.path,
        "status": status,
        "is_live": False,
        "has_keys": has_keys(request),
        "now": request.app.state.dependencies.now(),
        "may": staff.may if staff else _may_nothing,
        **names,
    }
    return HTMLResponse(_TEMPLATES.get_template(template).render(names), status)


def render_live(request: Request, template: str, status: int = 200, **names: Any) -> Response:  # noqa: ANN401  # whatever the template needs
    """A page with scripts, which only such a page may run."""
    return with_script(render(request, template, status, **names, is_live=True))


def render_part(template: str, **names: Any) -> str:  # noqa: ANN401  # whatever the template needs
    """A part of a live page, to take the place of what it shows."""
    return _TEMPLATES.get_template(template).render(names)


def problem_page(
    request: Request, status: int, account: str | None = None, *, why: str = "", back: str = "/"
) -> HTMLResponse:
    """The page that says what went wrong and what to do: *why*, or else what can be said of every such *status*."""
    return render(request, "problem.html", status, account=account, why=why, back=back)


def render_problem(request: Request, problem: HttpProblem) -> Response:
    """The dashboard's renderer for the error table (`shared/web/problems.py`): pages for people, JSON for programs."""
    if request.url.path.startswith(API):
        return render_as_json(request, problem)
    return problem_page(request, problem.status)
