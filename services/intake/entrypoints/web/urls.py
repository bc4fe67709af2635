"""Which product and which page an address names, and the addresses to send a browser to."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse

from services.intake.entrypoints.web.dependencies import Deps
from shared.products import Page, Product
from shared.web.problems import HttpProblem


async def known_product(product: str, deps: Deps) -> Product:
    """The product of this address. Raises `HttpProblem` (404)."""
    if product not in deps.products:
        raise HttpProblem(404, "not-found")
    return deps.products[product]


KnownProduct = Annotated[Product, Depends(known_product)]


def find_page(product: Product, slug: str) -> Page:
    """The page of this name in the form's order; in another order, if that one has none. Raises `HttpProblem` (404)."""
    orders = (product.form.pages, *(order.pages for order in product.form.orders.values()))
    page = next((page for pages in orders for page in pages if page.slug == slug), None)
    if page is None:
        raise HttpProblem(404, "not-found")
    return page


async def known_page(product: KnownProduct, slug: str) -> Page:
    """The page of this address, in the insurer's order. Raises `HttpProblem` (404)."""
    return find_page(product, slug)


KnownPage = Annotated[Page, Depends(known_page)]


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses within one product. `back_to_confirm`: the customer came from the confirmation and goes back there."""

    product: Product
    back_to_confirm: bool

    def __call__(self, path: str = "", **query: str) -> str:
        """The address of *path*. Pages of questions remember that the customer came from the confirmation."""
        if self.back_to_confirm and self.product.form.has_page(path):
            query = {"back": "confirm", **query}
        return f"/{self.product.slug}/{path}{'?' if query else ''}{urlencode(query)}"


async def urls(request: Request, product: KnownProduct) -> Urls:
    """The addresses as this request needs them."""
    return Urls(product, back_to_confirm=request.query_params.get("back") == "confirm")


CurrentUrls = Annotated[Urls, Depends(urls)]


def see_other(url: str) -> RedirectResponse:
    """Post, redirect, get: reloading the next page sends nothing twice."""
    return RedirectResponse(url, status_code=303)
