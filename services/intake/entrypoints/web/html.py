"""Renders the templates into pages, and gives static files their addresses."""

from functools import cache
from pathlib import Path
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.products import Product
from shared.web.problems import retry_after
from shared.web.static_files import file_version

STATIC: Final = Path(__file__).parent / "static"
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    # The templates do not change while the process runs: an update starts a new one.
    auto_reload=False,
)


@cache
def asset(name: str) -> str:
    """The address of a file of ours; it changes with the content, so that browsers may cache it for a long time."""
    return f"/static/{name}?v={file_version(STATIC / name)}"


_TEMPLATES.globals["asset"] = asset


def html_page(template: str, product: Product | None, status: int = 200, **context: object) -> HTMLResponse:
    """*template* with *context*, under the head of *product* where there is one."""
    notices = tuple(product.notices.values()) if product else ()
    html = _TEMPLATES.get_template(template).render(product=product, notices=notices, **context)
    return HTMLResponse(html, status_code=status, headers=retry_after(status))
