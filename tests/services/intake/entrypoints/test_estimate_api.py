"""The estimate as the agency's own programs read it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.services.intake.browser import browser
from tests.services.intake.builders import a_product, a_tariff
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio

RETAIL = {"industry": "retail", "turnover": "500000", "plan": "basic"}


async def asked(scene: Scene | None = None, product: str = "cyber-security", **changes: str) -> tuple[int, Any]:
    scene = scene or Scene()
    await scene.ledger.tariffs.keep(a_tariff())
    await scene.dependencies.estimate.refresh()
    async with browser(scene) as client:
        reply = await client.get(f"/api/v1/products/{product}/estimate", params={**RETAIL, **changes})
        return reply.status_code, reply.json()


async def test_a_program_is_told_the_same_band_as_a_visitor_with_every_notice() -> None:
    status, body = await asked()

    assert status == 200
    assert body["options"][0] == {
        "kind": "chosen",
        "plan": "basic",
        "liability_limit": 100_000_000,
        "cost_limit": 30_000_000,
        "liability_deductible": 100_000,
        "cost_deductible": 0,
        "riders": ["fixed_premium"],
        "lowest": 37_120,
        "highest": 129_920,
    }
    assert (body["tariff"], len(body["options"]), body["reasons"]) == ("2026-10-01", 3, [])
    assert body["notices"] == dict(a_product().notices)


async def test_an_excluded_industry_has_its_reason_and_no_options() -> None:
    status, body = await asked(industry="public_body")

    assert (status, body["options"], body["reasons"]) == (200, [], ["この業種は本商品のお引受けの対象外です。"])


@pytest.mark.parametrize("industry", ["public_body", "finance"])
@pytest.mark.parametrize("turnover", ["", "about 5"], ids=["left out", "unreadable"])
async def test_where_the_industry_alone_decides_a_program_needs_no_turnover_as_a_visitor_needs_none(
    industry: str, turnover: str
) -> None:
    status, body = await asked(industry=industry, turnover=turnover)

    assert (status, body["options"], len(body["reasons"])) == (200, [], 1)


async def test_everything_that_is_wrong_is_named_at_once() -> None:
    status, body = await asked(industry="unheard-of", turnover="about 5")

    assert (status, body["type"]) == (422, "urn:mitsumori:problem:bad-answers")
    assert [(error["key"], error["code"]) for error in body["errors"]] == [
        ("turnover", "bad-number"),
        ("industry", "not-a-choice"),
    ]


async def test_before_a_tariff_is_known_a_program_is_told_to_come_back() -> None:
    async with browser(Scene()) as client:
        reply = await client.get("/api/v1/products/cyber-security/estimate", params=RETAIL)

    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")


async def test_a_product_that_shows_no_estimate_tells_none() -> None:
    status, _ = await asked(Scene(product=replace(a_product(), estimate="off")))
    unknown, _ = await asked(product="other")

    assert (status, unknown) == (404, 404)


async def test_whoever_asks_too_often_is_told_to_wait_a_minute_and_may_still_look_up_an_address() -> None:
    scene = Scene()
    async with browser(scene, "203.0.113.9") as client:
        replies = [await client.get("/api/v1/products/cyber-security/estimate", params=RETAIL) for _ in range(61)]
        page = await client.get("/cyber-security/estimate", params=RETAIL)
        address = await client.get("/cyber-security/addresses", params={"postal_code": "1000001"})
        scene.clock.forward(timedelta(minutes=1, seconds=1))
        later = await client.get("/cyber-security/estimate", params=RETAIL)

    assert [reply.status_code for reply in replies[59:]] == [503, 429]
    assert (page.status_code, later.status_code) == (429, 200)
    assert "1分ほどおいて" in replies[60].json()["title"]
    assert "1分ほどおいて" in page.text
    assert "1時間" not in page.text
    assert replies[60].headers["Retry-After"] == "60"
    assert address.status_code == 200
