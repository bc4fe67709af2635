"""The checks in front of every page, in one order for all services: a service cannot forget one of them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from fastapi import FastAPI

from shared.web.cross_origin import CrossOriginMiddleware
from shared.web.hosts import HostMiddleware
from shared.web.own_site import OwnSite
from shared.web.problems import Renderer
from shared.web.security_headers import SecurityHeadersMiddleware

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


def add_checks(
    app: FastAPI,
    site: OwnSite,
    *,
    render: Renderer,
    page_policy: str,
    https: bool,
    strict: bool,
    exempt: Sequence[str] = (),
    extra_headers: Mapping[str, str] = _NO_HEADERS,
) -> None:
    """Let *app* answer only what is sent to *site* and from its pages, always with the security headers.

    For *strict* and *exempt* see `CrossOriginMiddleware`. Call this last: the headers must be outermost.
    """
    app.add_middleware(CrossOriginMiddleware, origins=site.origins, render=render, strict=strict, exempt=exempt)
    app.add_middleware(HostMiddleware, hosts=site.hosts, render=render)
    app.add_middleware(SecurityHeadersMiddleware, https=https, page_policy=page_policy, extra=extra_headers)
