"""The page whose address is printed on a 見積書 (真贋確認)."""

import httpx
import pytest

from shared.events import Paper
from tests.services.intake.browser import FORM, browser
from tests.services.intake.builders import letter_sent, offered
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio

SHA256 = "0123456789abcdef" * 4


async def a_scene() -> Scene:
    scene = Scene()
    await scene.follow(offered("r-1"))
    paper = Paper(quote_no="AC3EF4GH-1", sha256=SHA256)
    await scene.follow(letter_sent("r-1", "quote").model_copy(update={"paper": paper}))
    return scene


async def the_page(sha256: str | None = None, quote_id: str = "q-1") -> httpx.Response:
    async with browser(await a_scene()) as client:
        return await client.get(f"{FORM}quotes/{quote_id}", params={} if sha256 is None else {"sha256": sha256})


async def test_whoever_holds_a_paper_sees_what_must_stand_on_it() -> None:
    page = await the_page()

    assert page.status_code == 200
    for part in ("有効期限内です", "AC3EF4GH-1", "2026年11月24日", "2026年12月24日", "67,000円"):
        assert part in page.text


async def test_the_page_leaves_no_trace_at_the_reader_and_in_search_engines() -> None:
    page = await the_page()

    assert "set-cookie" not in page.headers
    assert '<meta name="robots" content="noindex">' in page.text


async def test_of_a_paper_that_nobody_knows_it_is_not_said_that_it_is_false() -> None:
    """It may have been issued by the version before: whoever holds a true one would be told that it is forged."""
    page = await the_page(quote_id="q-9")

    assert page.status_code == 404
    assert "ここでは確認できません" in page.text


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(SHA256, id="as our script writes it"),
        pytest.param(SHA256.upper(), id="in large letters"),
        pytest.param(" ".join(SHA256[at : at + 2] for at in range(0, 64, 2)), id="in pairs, as Windows once did"),
        pytest.param(f"  {SHA256}\n", id="with blanks around"),
    ],
)
async def test_the_pdf_that_was_sent_is_told_to_be_ours(typed: str) -> None:
    assert "発行した見積書と同じものです" in (await the_page(typed)).text


async def test_a_pdf_with_one_changed_byte_is_told_not_to_be_ours() -> None:
    page = await the_page("f" * 64)

    assert "同じものではありません" in page.text
    assert "発行した見積書と同じものです" not in page.text


@pytest.mark.parametrize("typed", [SHA256[:-1], f"{SHA256}0", "x" * 64, '"><script>'])
async def test_what_is_no_hash_is_asked_for_again_and_stays_typed(typed: str) -> None:
    page = await the_page(typed)

    assert "64文字を入力してください" in page.text
    assert "<script>" not in page.text


async def test_nobody_may_try_one_address_after_the_other() -> None:
    async with browser(await a_scene(), "203.0.113.9") as client:
        replies = [await client.get(f"{FORM}quotes/q-{number}") for number in range(61)]

    assert [reply.status_code for reply in replies[-2:]] == [404, 429]


async def test_while_the_database_is_away_nobody_is_told_that_a_paper_is_not_ours() -> None:
    scene = await a_scene()
    scene.ledger.away = True

    async with browser(scene) as client:
        page = await client.get(f"{FORM}quotes/q-1")

    assert page.status_code == 503
