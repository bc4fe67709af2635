"""Floods are held off, and no person is lost."""

from typing import Any

import pytest

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
