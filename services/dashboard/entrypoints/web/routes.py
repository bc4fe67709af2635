"""Everything that the dashboard answers over HTTP, and the checks before it."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.dashboard.entrypoints.web import (
    account_pages,
    answers_pages,
    api,
    backlog_pages,
    bulk_pages,
    company_pages,
    decide_pages,
    draft_pages,
    export_pages,
    figures_pages,
    hand_over_pages,
    help_pages,
    letter_pages,
    live_pages,
    login_pages,
    own_pages,
    pages,
    passkey_pages,
    password_pages,
    post_pages,
    program_pages,
    two_step_pages,
    view_pages,
)
from services.dashboard.entrypoints.web.access import (
    FirstOf,
    NotAllowed,
    NotLoggedIn,
    ScriptNotLoggedIn,
    refuse,
    say_not_logged_in,
    send_there_first,
)
from services.dashboard.entrypoints.web.page_policy import PAGE_POLICY
from services.dashboard.entrypoints.web.rendering import render_problem
from shared.web.checks import add_checks
from shared.web.own_site import OwnSite
from shared.web.site_files import NO_ROBOTS, site_files
from shared.web.static_files import VersionedFiles

_STATIC: Final = Path(__file__).parent / "static"
_EXTRA_HEADERS: Final = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def add_routes(app: FastAPI, origin: str, more_hosts: Collection[str] = ()) -> None:
    """Add pages and checks to *app*, which needs `Dependencies` on its state before the first request.

    *app* comes from `new_app(…, render=render_problem)`. *origin* is the dashboard's own, as browsers write it;
    *more_hosts*: other names under which staff open it.
    """
    app.router.routes += site_files(_STATIC / "icon.svg", NO_ROBOTS)
    # Not `include_router`: FastAPI would make each of them anew, for every app.
    for module in (
        login_pages,
        company_pages,
        passkey_pages,
        password_pages,
        own_pages,
        two_step_pages,
        account_pages,
        program_pages,
        live_pages,
        draft_pages,
        pages,
        decide_pages,
        answers_pages,
        hand_over_pages,
        letter_pages,
        view_pages,
        bulk_pages,
        post_pages,
        backlog_pages,
        export_pages,
        figures_pages,
        help_pages,
        api,
    ):
        app.router.routes += module.router.routes
    app.mount("/static", VersionedFiles(_STATIC, otherwise="no-cache"), name="static")
    app.add_exception_handler(NotLoggedIn, login_pages.redirect_to_login)
    app.add_exception_handler(ScriptNotLoggedIn, say_not_logged_in)
    app.add_exception_handler(NotAllowed, refuse)
    app.add_exception_handler(FirstOf, send_there_first)
    add_checks(
        app,
        OwnSite.at(origin, more_hosts),
        render=render_problem,
        page_policy=PAGE_POLICY,
        https=origin.startswith("https:"),
        strict=True,
        extra_headers=_EXTRA_HEADERS,
    )
