"""Floods are held off, and no person is lost."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import new_key
from tests.services.intake.browser import FORM, browser, fill, send
from tests.services.intake.builders import CONTACT, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


def someone(number: int) -> dict[str, Any]:
    """Another customer, with a mailbox of their own."""
    return brochure_only(company=f"見本{number}", email=f"mihon{number}@example.co.jp")


def suspicions(scene: Scene) -> list[tuple[str, ...]]:
    return [request.event.suspicions for request in scene.requests]


async def test_the_sixth_request_of_an_hour_is_marked_and_a_flood_is_held_off(scene: Scene) -> None:
    async with browser(scene, "203.0.113.7") as client:
        replies = [await client.post(f"{FORM}submit", data=someone(number)) for number in range(31)]

    assert suspicions(scene) == [()] * 5 + [("many-requests",)] * 25
    assert [reply.status_code for reply in replies] == [303] * 30 + [429]
    assert 'value="見本30"' in replies[-1].text


async def test_a_flood_from_one_place_holds_nobody_else_off(scene: Scene) -> None:
    async with browser(scene, "203.0.113.7") as client:
        for number in range(31):
            await client.post(f"{FORM}submit", data=someone(number))
    async with browser(scene, "203.0.113.8") as client:
        reply = await client.post(f"{FORM}submit", data=brochure_only())

    assert reply.status_code == 303
    assert suspicions(scene)[-1] == ()


async def test_in_a_flood_the_draft_is_kept_until_it_can_be_sent(scene: Scene) -> None:
    async with browser(scene, "203.0.113.7") as client:
        await fill(client, brochure_only())
        for number in range(30):
            await client.post(f"{FORM}submit", data=someone(number))

        refused = await send(client)

        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert "入力された内容は保存されています" in refused.text
        assert CONTACT["company"] in (await client.get(f"{FORM}confirm")).text


async def test_one_place_cannot_begin_forms_by_the_thousand(scene: Scene) -> None:
    async with browser(scene, "203.0.113.7") as client:
        statuses = [(await client.post(f"{FORM}start", data={"afresh": "1"})).status_code for _ in range(121)]

    assert statuses == [303] * 120 + [429]


async def test_conflicts_are_counted(scene: Scene) -> None:
    """The same key with other answers was taken for a repetition: each was sealed and looked up, without any limit."""
    async with browser(scene, "203.0.113.7") as client:
        again = {"idempotency_key": "one-key", "email": CONTACT["email"]}
        statuses = [
            (await client.post(f"{FORM}submit", data=someone(number) | again)).status_code for number in range(602)
        ]

    assert statuses == [303] + [409] * 600 + [429]
    assert len(scene.requests) == 1


async def test_a_program_that_repeats_one_request_through_an_outage_is_not_held_off(scene: Scene) -> None:
    """Every ten seconds for an hour; none of them makes it suspicious."""
    async with browser(scene, "203.0.113.7") as client:
        scene.ledger.away = True
        for _ in range(360):
            assert (await client.post(f"{FORM}submit", data=brochure_only())).status_code == 503
            scene.clock.forward(timedelta(seconds=10))
        scene.ledger.away = False
        reply = await client.post(f"{FORM}submit", data=brochure_only())

    assert reply.status_code == 303
    assert suspicions(scene) == [()]


@pytest.mark.parametrize("path", ["contact", "confirm", "start", "save", "forget", "ask/history"])
async def test_posts_to_our_pages_are_counted_whatever_becomes_of_them(scene: Scene, path: str) -> None:
    """Only the first post of a form was: the others cost the same work, as fast as they came."""
    async with browser(scene, "203.0.113.7") as client:
        await client.post(f"{FORM}start")
        for _ in range(239):
            await client.post(f"{FORM}{path}", data=CONTACT)
        flooded = await client.post(f"{FORM}contact", data=CONTACT)
        scene.clock.forward(timedelta(minutes=1))
        later = await client.post(f"{FORM}contact", data=CONTACT)

    assert flooded.status_code == 503
    assert CONTACT["company"] in flooded.text
    assert later.status_code == 303


async def test_a_colleague_s_posts_are_counted(scene: Scene) -> None:
    key, sent = new_key(), {"turnover": "", "_page": "history"}
    await scene.dependencies.save_draft(key, Draft(only="history"))
    async with browser(scene, "203.0.113.7") as client:
        statuses = [(await client.post(f"{FORM}help/{key}", data=sent)).status_code for _ in range(241)]

    assert statuses == [303] * 240 + [503]


async def test_a_customer_with_two_windows_meets_no_limit(scene: Scene) -> None:
    """Each window sends the whole form, one after the other, again and again."""
    async with browser(scene, "203.0.113.7") as client:
        for _ in range(10):
            await fill(client, brochure_only())
            other = await client.post(f"{FORM}contact", data=CONTACT)
            sent, again = await send(client), await send(client)
            await client.post(f"{FORM}start", data={"afresh": "1"})

            assert [reply.status_code for reply in (other, sent, again)] == [303] * 3
