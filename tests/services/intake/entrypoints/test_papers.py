"""The PDFs as a browser gets them."""

import pytest

from tests.services.intake.browser import FORM, browser, fill, send
from tests.services.intake.builders import IT, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def test_what_was_sent_can_be_kept_by_the_browser_that_sent_it_and_by_no_other() -> None:
    scene = Scene()
    async with browser(scene) as client, browser(scene) as other:
        await fill(client, answers(**IT, rider_it="yes", d3_17="no"))
        assert (await client.get(f"{FORM}copy.pdf")).status_code == 404
        await send(client)

        copy = (await client.get(f"{FORM}copy.pdf")).text
        assert (await other.get(f"{FORM}copy.pdf")).status_code == 404

    assert scene.requests[0].event.reception_no in copy
    assert "いいえ（いずれかをしていない）" in copy
    assert "個人情報の利用目的に同意する" in copy


async def test_on_a_shared_machine_the_copy_can_be_taken_away() -> None:
    scene = Scene()
    async with browser(scene) as client:
        await fill(client, answers())
        await send(client)

        led_to = (await client.post(f"{FORM}forget")).headers["Location"]

        assert "消去しました" in (await client.get(led_to)).text
        assert (await client.get(f"{FORM}copy.pdf")).status_code == 404
    assert scene.ledger.drafts.kept == {}
    assert len(scene.requests) == 1


async def test_the_questions_are_there_before_anything_is_typed() -> None:
    async with browser(Scene()) as client:
        reply = await client.get(f"{FORM}questions.pdf")

    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "application/pdf"
