"""Whatever goes wrong, people get a page and programs a problem."""

from dataclasses import dataclass, replace

import httpx
import pytest

from services.intake.entrypoints.web.dependencies import Dependencies
from shared.products import Product
from tests.services.intake.browser import FORM, browser
from tests.services.intake.builders import a_product
from tests.services.intake.fakes import PlainPapers, Scene

pytestmark = pytest.mark.anyio


class BrokenPapers(PlainPapers):
    async def questionnaire(self, product: Product) -> bytes:
        raise ZeroDivisionError(product.name)


@dataclass
class SceneWithBug(Scene):
    @property
    def dependencies(self) -> Dependencies:
        return replace(super().dependencies, papers=BrokenPapers())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", f"{FORM}nowhere", 404, id="a page that no product has"),
        pytest.param("GET", f"{FORM}nowhere/at/all", 404, id="an address without a route"),
        pytest.param("DELETE", f"{FORM}contact", 405, id="a method without a route"),
    ],
)
async def test_people_get_a_page_with_the_product_s_phone_number(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    reply = await client.request(method, path)

    assert reply.status_code == status
    assert "ページが見つかりません" in reply.text
    assert a_product().agency.phone in reply.text


async def test_a_bug_is_a_page_without_a_detail() -> None:
    async with browser(SceneWithBug()) as client:
        reply = await client.get(f"{FORM}questions.pdf")

    assert reply.status_code == 500
    assert "エラーが発生しました" in reply.text
    assert "ZeroDivisionError" not in reply.text
    assert reply.headers["X-Frame-Options"] == "DENY"


async def test_an_address_without_a_product_is_a_page_all_the_same(client: httpx.AsyncClient) -> None:
    reply = await client.get("/nowhere/at/all")

    assert reply.status_code == 404
    assert "ページが見つかりません" in reply.text


async def test_programs_get_a_problem(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/nowhere")

    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "application/problem+json"
