"""Robots are marked, and no person is lost."""

from datetime import timedelta

import httpx
import pytest

from tests.services.intake.browser import FORM, fill, send
from tests.services.intake.builders import CONTACT, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def by_hand(client: httpx.AsyncClient, scene: Scene, **more: str) -> None:
    """Fill in the first page at a person's pace, then the rest, and send."""
    await client.post(f"{FORM}start")
    scene.clock.forward(timedelta(seconds=3))
    await client.post(f"{FORM}contact", data={**CONTACT, **more})
    await fill(client, brochure_only())
    await send(client)


def suspicions(scene: Scene) -> list[tuple[str, ...]]:
    return [request.event.suspicions for request in scene.requests]


async def test_a_person_is_not_suspected(client: httpx.AsyncClient, scene: Scene) -> None:
    await by_hand(client, scene)

    assert suspicions(scene) == [()]


async def test_whoever_fills_in_what_nobody_sees_is_marked_and_kept(client: httpx.AsyncClient, scene: Scene) -> None:
    await by_hand(client, scene, homepage="https://spam.example")

    assert suspicions(scene) == [("honeypot",)]


async def test_whoever_types_a_page_in_no_time_is_marked(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, brochure_only())
    await send(client)

    assert suspicions(scene) == [("too-fast",)]


async def test_whoever_never_opened_the_form_is_marked(client: httpx.AsyncClient, scene: Scene) -> None:
    await client.post(f"{FORM}contact", data=CONTACT)
    await client.post(f"{FORM}wishes", data={"brochure": "email", "quote": "no"})
    await send(client)

    assert suspicions(scene) == [("no-start",)]


async def test_a_text_full_of_links_is_marked(client: httpx.AsyncClient, scene: Scene) -> None:
    links = "https://a.example http://b.example https://c.example"

    await client.post(f"{FORM}submit", data=answers(incidents="yes", incidents_note=links))
    await client.post(f"{FORM}submit", data=answers(incidents="yes", incidents_note="https://our.example を改ざん"))

    assert suspicions(scene) == [("many-links",), ()]
