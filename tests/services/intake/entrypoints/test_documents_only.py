"""Whoever wants the documents by mail and nothing else says so on the start page, and is asked for the contact."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, send, slug_of
from tests.services.intake.builders import CONTACT, a_product
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio

BUTTON = 'name="documents"'
WISH = {"documents": "1"}


@pytest.fixture
def scene() -> Scene:
    return Scene(product=a_product("cover-first"))


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(scene) as client:
        yield client


async def test_one_button_leads_to_the_contact_and_that_to_the_confirmation(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    begun = await client.post(f"{FORM}start", data=WISH)
    ready = await client.post(f"{FORM}contact", data=CONTACT)
    await send(client)

    assert [slug_of(begun), slug_of(ready)] == ["contact", "confirm"]
    [request] = scene.requests
    assert (request.event.wishes.brochure, request.event.wishes.quote) == ("email", False)


async def test_the_wishes_are_shown_before_they_are_sent_and_can_be_changed(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start", data=WISH)
    await client.post(f"{FORM}contact", data=CONTACT)

    confirmation = await client.get(f"{FORM}confirm")
    wishes = await client.get(f"{FORM}wishes")

    assert "メールで希望" in confirmation.text
    assert wishes.text.count(" checked") == 2


async def test_it_counts_as_if_the_page_of_the_wishes_had_been_sent(client: httpx.AsyncClient, scene: Scene) -> None:
    await client.post(f"{FORM}start", data=WISH)

    assert [(step.kind, step.page) for step in scene.ledger.steps.kept] == [("started", ""), ("passed", "wishes")]


async def test_in_the_order_of_the_insurer_the_wishes_come_after_the_contact_and_are_chosen() -> None:
    async with browser(Scene(product=a_product("insurer"))) as client:
        begun = await client.post(f"{FORM}start", data=WISH)
        went_on = await client.post(f"{FORM}contact", data=CONTACT)
        wishes = await client.get(went_on.headers["Location"])

    assert [slug_of(begun), slug_of(went_on)] == ["contact", "wishes"]
    assert wishes.text.count(" checked") == 2


async def test_whoever_has_begun_a_form_is_not_offered_to_give_up_its_quote(client: httpx.AsyncClient) -> None:
    before = await client.get(FORM)
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}wishes", data={"brochure": "none", "quote": "yes"})
    after = await client.get(FORM)

    assert (BUTTON in before.text, BUTTON in after.text) == (True, False)
