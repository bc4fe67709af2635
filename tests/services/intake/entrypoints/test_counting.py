"""How far visitors come, counted without knowing them."""

from datetime import timedelta

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, fill, send
from tests.services.intake.builders import CANARY, CONTACT, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def test_a_walk_through_the_form_is_counted_step_by_step(client: httpx.AsyncClient, scene: Scene) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data={"company": CANARY["company"]})
    await fill(client, brochure_only())
    await send(client)

    steps = [(step.kind, step.page) for step in scene.ledger.steps.kept]
    assert steps == [
        ("started", ""),
        ("error", "contact"),
        ("passed", "contact"),
        ("passed", "wishes"),
        ("sent", ""),
    ]
    assert len({step.visit for step in scene.ledger.steps.kept}) == 1


async def test_a_count_holds_no_answer_and_nothing_that_leads_to_a_person(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data={**CONTACT, "email": "canary@"})
    await fill(client, answers(incidents="yes", incidents_note=CANARY["incidents_note"]))
    await send(client)

    shown = repr(scene.ledger.steps.kept)
    assert not [word for word in (*CANARY.values(), "canary@", scene.requests[0].id) if word in shown]
    assert client.cookies["mitsumori_draft"] not in shown


async def test_one_place_cannot_leave_steps_by_the_thousand(scene: Scene) -> None:
    """Each post of a wrong page left a document for 400 days, without an end: a few gigabytes a day from one machine,
    all of which `mitsumori funnel` reads. The page is answered as ever; what no office does is no longer counted.
    """
    async with browser(scene, "203.0.113.7") as client:
        await client.post(f"{FORM}start")
        for _ in range(700):
            reply = await client.post(f"{FORM}contact", data={"company": ""})
            scene.clock.forward(timedelta(seconds=1))
    async with browser(scene, "198.51.100.8") as other:
        await other.post(f"{FORM}start")

    assert reply.headers["Location"].startswith(f"{FORM}contact?check=1")
    assert len(scene.ledger.steps.kept) == 600 + 1
