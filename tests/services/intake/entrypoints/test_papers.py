"""The PDFs as a browser gets them."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from services.intake.adapters.paper_queue import MOST_WAITING
from services.intake.adapters.typst import TypstPapers
from services.intake.app import create_web_app
from services.intake.domain.copy import Copy
from shared.errors import Unavailable
from shared.products import Product
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.printed import printed
from tests.services.intake.browser import FORM, browser, fill, no_lifespan, send
from tests.services.intake.builders import IT, NOON, answers
from tests.services.intake.fakes import PlainPapers, Scene
from tests.shared.runtime.fakes import PanicException, compile_that_raises

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


@asynccontextmanager
async def after_sending(scene: Scene, **typed: str) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(scene) as client:
        await fill(client, answers(**typed))
        await send(client)
        yield client


async def test_a_keycap_in_a_name_does_not_cost_the_copy() -> None:
    """It was answered with 500: the sign that should stand for the keycap's digit had no font either."""
    async with after_sending(Scene(papers=TypstPapers(lambda: NOON, TypstHere(FONTS))), company="見本1️⃣商会") as client:
        reply = await client.get(f"{FORM}copy.pdf")
        again = await client.get(f"{FORM}copy.pdf")

    assert reply.status_code == 200
    assert "企業名見本〓商会" in printed(reply.content).text
    assert again.content == reply.content


async def test_a_copy_over_which_typst_panics_is_a_polite_page_and_blocks_nobody() -> None:
    """The connection ended without an answer. Nor may such a copy keep its place in the queue."""
    papers = TypstPapers(lambda: NOON, compile_that_raises(PanicException, "copy.typ"))
    async with after_sending(Scene(papers=papers)) as client:
        replies = [await client.get(f"{FORM}copy.pdf") for _ in range(MOST_WAITING + 1)]
        questions = await client.get(f"{FORM}questions.pdf")

    assert {reply.status_code for reply in replies} == {500}
    assert "ご不便をおかけして申し訳ありません" in replies[-1].text
    assert questions.content.startswith(b"%PDF-")


async def test_when_too_many_papers_wait_the_browser_is_told_when_to_come_back() -> None:
    class Busy(PlainPapers):
        async def copy(self, *_: object) -> bytes:
            raise Unavailable("papers")

    async with after_sending(Scene(papers=Busy())) as client:
        reply = await client.get(f"{FORM}copy.pdf")

    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert "text/html" in reply.headers["Content-Type"]


async def test_a_stranger_with_many_requests_keeps_nobody_from_their_copy() -> None:
    """Each copy of a place in the network is asked for in its name: of twenty at once, two are being made."""
    made_for: list[str] = []

    class Remembering(PlainPapers):
        async def copy(self, product: Product, copy: Copy, client: str = "") -> bytes:
            made_for.append(client)
            return await super().copy(product, copy)

    scene = Scene(papers=Remembering())
    for address in ("203.0.113.7", "2001:db8:1:2::3", "127.0.0.1"):
        async with browser(scene, address) as client:
            await fill(client, answers())
            await send(client)
            await client.get(f"{FORM}copy.pdf")

    assert made_for == ["203.0.113.7", "2001:db8:1:2::/64", ""]


async def test_a_browser_that_hangs_up_has_its_copy_dropped() -> None:
    """Copies were made to the end for nobody, and everybody else's waited."""

    dropped = asyncio.Event()

    class Slow(PlainPapers):
        async def copy(self, *_: object) -> bytes:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                dropped.set()
                raise
            return b"%PDF"

    scene = Scene(papers=Slow())
    async with after_sending(scene) as client:
        sent = await ask_and_leave(scene, f"{FORM}copy.pdf", client.cookies)

    await asyncio.wait_for(dropped.wait(), 5)
    assert b"%PDF" not in sent


async def ask_and_leave(scene: Scene, path: str, cookies: httpx.Cookies) -> bytes:
    """Ask for *path* and be gone; what was answered."""
    app = create_web_app(no_lifespan, public_url=scene.public_url)
    app.state.dependencies = scene.dependencies
    request = httpx.Request("GET", f"{scene.public_url}{path}", cookies=cookies)
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 50_000),
        "server": ("intake.test", 80),
    }
    arriving = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[bytes] = []

    async def receive() -> MutableMapping[str, Any]:
        return arriving.pop() if arriving else {"type": "http.disconnect"}

    async def keep(message: MutableMapping[str, Any]) -> None:
        sent.append(message.get("body", b""))

    await app(scope, receive, keep)
    return b"".join(sent)
