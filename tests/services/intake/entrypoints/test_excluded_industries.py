"""Whoever is in an industry that this insurance excludes is told at once, and decides how to go on."""

from collections.abc import AsyncIterator

import httpx
import pytest

from pricing.tariff import load_priced_products
from tests.services.intake.browser import FORM, browser, fields_of, fill, send, slug_of
from tests.services.intake.builders import CONTACT, a_product, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio

COVER_FIRST = "cover-first"
TOLD = "お選びの業種はこの保険のお引受けの対象外です。"
WISHES = {"brochure": "email", "quote": "yes"}
COVER = fields_of("cover", answers(industry="consumer_loan"), COVER_FIRST)


@pytest.fixture
def scene() -> Scene:
    return Scene(product=a_product(COVER_FIRST))


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(scene) as client:
        yield client


async def come_to_cover(client: httpx.AsyncClient, brochure: str = "email") -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}wishes", data={"brochure": brochure, "quote": "yes"})


def test_the_form_tells_of_those_industries_that_the_tariff_excludes_and_of_no_other() -> None:
    """The form does not know the tariff: this holds the two together."""
    product = load_priced_products()["cyber-security"]
    tells = product.form.question("industry").tells

    assert tells is not None
    for tariff in product.tariffs:
        [excluded] = [rule for rule in tariff.rules if rule.code == "ineligible-industry"]
        assert set(excluded.when["industry"]) == set(tells.values)


async def test_they_are_told_on_the_second_page_with_the_telephone_and_both_ways_to_go_on(
    client: httpx.AsyncClient,
) -> None:
    await come_to_cover(client)

    reply = await client.post(f"{FORM}cover", data=COVER, follow_redirects=True)

    assert reply.url.path == f"{FORM}cover"
    assert "<title>確認：" in reply.text
    assert TOLD in reply.text.partition('role="alert"')[2].partition("</div>")[0]
    assert f'<a href="tel:{a_product().agency.phone}">' in reply.text.partition("advice told on")[2]
    assert "資料請求だけにする</button>" in reply.text


async def test_they_are_told_also_while_something_else_is_missing_on_the_page(client: httpx.AsyncClient) -> None:
    """What is said hangs on the choice itself, by CSS: it is there before anything was sent."""
    await come_to_cover(client)

    page = await client.get(f"{FORM}cover")

    assert page.text.count("data-tells") == 3
    assert page.text.count(TOLD) == 1


async def test_whoever_wants_to_be_called_goes_on_to_a_quote_by_a_person(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await come_to_cover(client)
    await client.post(f"{FORM}cover", data=COVER)

    went_on = await client.post(f"{FORM}cover", data=COVER)
    await fill(client, answers(industry="consumer_loan"), COVER_FIRST)
    await send(client)

    assert slug_of(went_on) == "history"
    assert scene.opened(scene.requests[0], "rating")["answers"]["industry"] == "consumer_loan"


async def test_whoever_wants_only_the_documents_is_asked_for_the_contact_and_nothing_else(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await come_to_cover(client)

    went_on = await client.post(f"{FORM}cover", data={**COVER, "_action": "documents"})
    ready = await client.post(f"{FORM}contact", data=CONTACT)
    await send(client)

    assert [slug_of(went_on), slug_of(ready)] == ["contact", "confirm"]
    [request] = scene.requests
    assert (request.event.wishes.brochure, request.event.wishes.quote) == ("email", False)
    assert "consumer_loan" not in repr(scene.opened(request, "desk"))


async def test_whoever_had_wished_for_no_documents_says_how_they_should_come(client: httpx.AsyncClient) -> None:
    await come_to_cover(client, brochure="none")

    went_on = await client.post(f"{FORM}cover", data={**COVER, "_action": "documents"})
    page = await client.get(went_on.headers["Location"])

    assert slug_of(went_on) == "wishes"
    assert page.text.count(" checked") == 1
    assert "資料のご請求に進みます" in page.text


async def test_nobody_else_is_told_or_asked_twice(client: httpx.AsyncClient) -> None:
    await come_to_cover(client)

    went_on = await client.post(f"{FORM}cover", data=fields_of("cover", answers(), COVER_FIRST))

    assert slug_of(went_on) == "history"
