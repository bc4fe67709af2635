"""Renders HTML: the templates, and the page that is shown when something goes wrong."""

from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.dashboard.entrypoints.web import wording
from shared.web.problems import HttpProblem
from shared.yen import spoken_yen, yen


def _environment() -> Environment:
    """Everything is escaped, and a name that does not exist is an error."""
    environment = Environment(
        loader=PackageLoader("services.dashboard.entrypoints.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        jst=wording.jst,
        day=wording.day,
        duration=wording.duration,
        yen=yen,
        round_yen=spoken_yen,
        timeline_text=wording.timeline_text,
        letter_state=wording.letter_state,
        option_name=wording.option_name,
    )
    environment.globals.update(
        STATES=wording.STATES,
        LETTERS=wording.LETTERS,
        MAILS=wording.MAILS,
        wishes=wording.wishes,
        suspicions=wording.suspicions,
    )
    return environment


_TEMPLATES: Final = _environment()


def render(request: Request, template: str, status: int = 200, **names: Any) -> HTMLResponse:  # noqa: ANN401  # whatever the template needs
    """A page. `account` is None unless the page says who is logged in."""
    names = {"account": None, "notices": (), "path": request.url.path, "status": status, **names}
    return HTMLResponse(_TEMPLATES.get_template(template).render(names), status)


def problem_page(request: Request, status: int, account: str | None = None) -> HTMLResponse:
    """The page that says what went wrong and what to do."""
    return render(request, "problem.html", status, account=account)


def render_problem(request: Request, problem: HttpProblem) -> HTMLResponse:
    """The dashboard's renderer for the error table (`shared/web/problems.py`)."""
    return problem_page(request, problem.status)
