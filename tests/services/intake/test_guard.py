"""Robots are marked, floods are held off, and no person is lost."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from services.intake.entrypoints.web.dress import Dress
from tests.services.intake.fakes import CONTACT, Scene, answers, brochure_only, browser
from tests.services.intake.walk import FORM, fill, send

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


async def test_the_sixth_request_of_an_hour_is_marked_and_a_flood_is_held_off(scene: Scene) -> None:
    async with browser(scene, "203.0.113.7") as client:
        replies = [
            await client.post(f"{FORM}submit", data=brochure_only(company=f"見本{number}")) for number in range(31)
        ]

    assert suspicions(scene) == [()] * 5 + [("many-requests",)] * 25
    assert [reply.status_code for reply in replies] == [303] * 30 + [429]
    assert 'value="見本30"' in replies[-1].text


async def test_a_flood_from_one_place_holds_nobody_else_off(scene: Scene) -> None:
    async with browser(scene, "203.0.113.7") as client:
        for number in range(31):
            await client.post(f"{FORM}submit", data=brochure_only(company=f"見本{number}"))
    async with browser(scene, "203.0.113.8") as client:
        reply = await client.post(f"{FORM}submit", data=brochure_only())

    assert reply.status_code == 303
    assert suspicions(scene)[-1] == ()


async def test_in_a_flood_the_draft_is_kept_until_it_can_be_sent(scene: Scene) -> None:
    async with browser(scene, "203.0.113.7") as client:
        await fill(client, brochure_only())
        for number in range(30):
            await client.post(f"{FORM}submit", data=brochure_only(company=f"見本{number}"))

        refused = await send(client)

        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert "入力された内容は保存されています" in refused.text
        assert CONTACT["company"] in (await client.get(f"{FORM}confirm")).text


async def test_one_place_cannot_begin_forms_by_the_thousand(scene: Scene) -> None:
    async with browser(scene, "203.0.113.7") as client:
        statuses = [(await client.post(f"{FORM}start", data={"afresh": "1"})).status_code for _ in range(121)]

    assert statuses == [303] * 120 + [429]


@pytest.mark.parametrize(
    "path",
    ["start", "contact", "confirm", "forget", "save", "resume/nobody", "ask/policy", "help/nobody"],
)
async def test_no_other_site_can_make_a_browser_post(client: httpx.AsyncClient, path: str) -> None:
    """The cookie goes along with a click on a link, so that it alone proves nothing."""
    await fill(client, brochure_only())

    reply = await client.post(f"{FORM}{path}", headers={"Sec-Fetch-Site": "cross-site"})

    assert reply.status_code == 403


async def test_over_https_browsers_are_told_to_stay_there() -> None:
    transport = httpx.ASGITransport(app=Dress(FastAPI(), https=True))
    async with httpx.AsyncClient(transport=transport, base_url="https://intake.test") as client:
        reply = await client.get("/")

    assert int(reply.headers["Strict-Transport-Security"].removeprefix("max-age=")) >= 31_536_000


@pytest.mark.parametrize("path", [FORM, "/static/form.css", "/api/v1/requests/nobody", "/nowhere/at/all", "/live"])
async def test_every_answer_wears_the_headers_that_keep_it_from_misuse(client: httpx.AsyncClient, path: str) -> None:
    reply = await client.get(path)

    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["Referrer-Policy"] == "same-origin"
    assert reply.headers["Cache-Control"] == "no-store"


async def test_files_are_kept_by_browsers_until_they_change(client: httpx.AsyncClient) -> None:
    reply = await client.get("/static/form.css?v=1")

    assert "immutable" in reply.headers["Cache-Control"]
