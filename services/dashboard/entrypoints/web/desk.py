"""What the pages work with: the deeds of the dashboard on one tray, and the templates."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.dashboard.entrypoints.web.wording import templates
from services.dashboard.usecases.log_in import LogIn, LogOut, Recognise
from services.dashboard.usecases.release import ReleaseQuote
from services.dashboard.usecases.show import ListCases, ShowCase
from shared.products import Products

_TEMPLATES = templates()


@dataclass(frozen=True, slots=True)
class Desk:
    """Put on `app.state.desk` by the composition root."""

    products: Products
    list_cases: ListCases
    show_case: ShowCase
    release: ReleaseQuote
    log_in: LogIn
    log_out: LogOut
    recognise: Recognise
    https: bool

    @property
    def notices(self) -> tuple[str, ...]:
        """What must stand wherever premiums stand: that the tariff is only an example."""
        found = (product.notices.get("sample_tariff") for product in self.products.values())
        return tuple(dict.fromkeys(notice for notice in found if notice))

    @property
    def cookie(self) -> str:
        """Cookies are shared by all ports of a host, so the name says whose it is; `__Host-` where browsers allow."""
        return "__Host-mitsumori-desk" if self.https else "mitsumori-desk"


def desk_of(request: Request) -> Desk:
    """The deeds, for a page."""
    desk: Desk = request.app.state.desk
    return desk


def render(request: Request, template: str, status: int = 200, **names: Any) -> HTMLResponse:  # noqa: ANN401  # whatever the template shows
    """A page. `account` is None unless the page says who is logged in."""
    names = {"account": None, "notices": (), "path": request.url.path, **names}
    return HTMLResponse(_TEMPLATES.get_template(template).render(names), status)
