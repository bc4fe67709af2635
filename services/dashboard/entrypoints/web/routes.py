"""Everything that the dashboard answers over HTTP, and the checks before it."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from services.dashboard.entrypoints.web import login_pages, pages
from services.dashboard.entrypoints.web.form_limit import FormLimitMiddleware
from services.dashboard.entrypoints.web.page_policy import PAGE_POLICY
from services.dashboard.entrypoints.web.rendering import render_problem
from shared.web.cross_origin import CrossOriginMiddleware
from shared.web.security_headers import SecurityHeadersMiddleware

_STATIC: Final = Path(__file__).parent / "static"
_EXTRA_HEADERS: Final = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def add_routes(app: FastAPI, origin: str) -> None:
    """Add pages and checks to *app*, which needs `Dependencies` on its state before the first request.

    *app* comes from `new_app(…, render=render_problem)`. *origin* is the dashboard's own, as browsers write it.
    """
    app.include_router(login_pages.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_exception_handler(login_pages.NotLoggedIn, login_pages.redirect_to_login)
    # The last one is the outermost: refusals have security headers too.
    app.add_middleware(FormLimitMiddleware)
    app.add_middleware(CrossOriginMiddleware, origin=origin, render=render_problem, strict=True)
    app.add_middleware(
        SecurityHeadersMiddleware,
        https=origin.startswith("https:"),
        page_policy=PAGE_POLICY,
        file_cache="no-cache",
        extra=_EXTRA_HEADERS,
    )
