"""All that customers reach of notify: brochures that mails link to, the page about news, and the checks before both.

They are served only where `MITSUMORI_BROCHURES_URL` says under which address; the proxy leads nothing else here.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.applications import Starlette

from services.notify.entrypoints.brochures import brochure_route
from services.notify.entrypoints.news import news_routes
from services.notify.entrypoints.page import PAGE_POLICY
from services.notify.entrypoints.problem_pages import page_renderer
from shared.clock import Clock
from shared.products import Agency
from shared.web.body_limit import BodyLimitMiddleware
from shared.web.hosts import HostMiddleware
from shared.web.own_site import OwnSite
from shared.web.place_limit import PlaceLimit
from shared.web.problems import add_error_table
from shared.web.request_log import RequestLog
from shared.web.security_headers import SecurityHeadersMiddleware

MOST: Final = 60
"""Requests of one place in a minute: some viewers fetch a PDF in a dozen parts."""
_WINDOW: Final = timedelta(minutes=1)
_MORE_HEADERS: Final = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


def serve_pages(app: Starlette, site: OwnSite, agencies: Mapping[str, Agency], now: Clock) -> None:
    """Let *app* answer requests that are sent to *site*. *agencies*: by product, whom customers may call."""
    limit = PlaceLimit(MOST, _WINDOW, now)
    render = page_renderer(agencies)
    app.router.routes += [brochure_route(limit), *news_routes(agencies, limit)]
    app.router.redirect_slashes = False
    https = any(origin.startswith("https:") for origin in site.origins)
    app.add_middleware(RequestLog)
    add_error_table(app, render)
    app.add_middleware(BodyLimitMiddleware, render=render)
    app.add_middleware(HostMiddleware, hosts=site.hosts, render=render)
    app.add_middleware(SecurityHeadersMiddleware, https=https, page_policy=PAGE_POLICY, extra=_MORE_HEADERS)
