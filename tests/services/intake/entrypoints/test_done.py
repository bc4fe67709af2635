"""The last page: the result appears there when it was mailed, for the browser that asked and for no other."""

import re

import httpx
import pytest

from shared.events import LetterSent, Option, Paper, QuoteOffered
from tests.services.intake.browser import FORM, browser, fill, send
from tests.services.intake.builders import (
    CONTACT,
    answers,
    brochure_only,
    letter_failed,
    letter_sent,
    offered,
    referred,
)
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def sent(client: httpx.AsyncClient, scene: Scene, typed: dict[str, object]) -> str:
    """The id of a request that this browser has sent."""
    await fill(client, typed)
    await send(client)
    return scene.requests[-1].id


async def last_page(client: httpx.AsyncClient, request_id: str) -> str:
    return (await client.get(f"{FORM}done/{request_id}")).text


def an_offer(request_id: str, revision: int = 1, premium: int = 67_000) -> QuoteOffered:
    option = Option(
        plan="basic",
        liability_limit=100_000_000,
        cost_limit=30_000_000,
        liability_deductible=100_000,
        cost_deductible=0,
        riders=(),
        premium=premium,
        chosen=True,
    )
    fuller = Option(
        plan="basic",
        liability_limit=300_000_000,
        cost_limit=50_000_000,
        liability_deductible=100_000,
        cost_deductible=0,
        riders=(),
        premium=premium + 30_000,
        chosen=False,
        kind="fuller",
    )
    return offered(request_id, revision).model_copy(update={"options": (option, fuller)})


def mailed(request_id: str, revision: int = 1) -> LetterSent:
    paper = Paper(quote_no=f"AC3EF4GH-{revision}", sha256="0" * 64)
    letter = letter_sent(request_id, "quote", minutes=revision, letter_id=f"quote-{revision}")
    return letter.model_copy(update={"paper": paper})


async def test_a_quote_that_was_mailed_is_shown_with_its_options(client: httpx.AsyncClient, scene: Scene) -> None:
    request_id = await sent(client, scene, answers())
    before = await last_page(client, request_id)
    for fact in (letter_sent(request_id), an_offer(request_id), mailed(request_id)):
        await scene.follow(fact)

    page = await last_page(client, request_id)

    assert "67,000円" not in before
    assert "お見積りの準備をしています" in before
    for words in (
        "67,000円",
        "97,000円",
        "2026年12月24日",
        "補償を手厚くしたご案内",
        "賠償損害 3億円・費用損害 5,000万円",
    ):
        assert words in page
    assert "お見積りの準備をしています" not in page
    assert scene.product.after.quote in before
    assert (scene.product.after.quote in page, scene.product.after.receipt in page) == (False, False)


async def test_a_quote_that_no_mail_has_brought_yet_is_not_shown(client: httpx.AsyncClient, scene: Scene) -> None:
    """Staff may have to release it, or may hold it: the page is no way around them."""
    request_id = await sent(client, scene, answers())
    for fact in (letter_sent(request_id), an_offer(request_id)):
        await scene.follow(fact)

    page = await last_page(client, request_id)

    assert "67,000円" not in page
    assert "お見積りの準備をしています" in page


async def test_of_several_revisions_only_the_newest_is_shown_and_only_once_it_was_mailed(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    request_id = await sent(client, scene, answers())
    for fact in (an_offer(request_id), mailed(request_id), an_offer(request_id, 2, premium=55_000)):
        await scene.follow(fact)
    between = await last_page(client, request_id)
    await scene.follow(mailed(request_id, 2))

    after = await last_page(client, request_id)

    assert ("67,000円" in between, "55,000円" in between) == (False, False)
    assert ("67,000円" in after, "55,000円" in after) == (False, True)


async def test_a_referral_says_who_answers_by_when(client: httpx.AsyncClient, scene: Scene) -> None:
    request_id = await sent(client, scene, answers())
    await scene.follow(referred(request_id))

    page = await last_page(client, request_id)

    assert page.count(scene.product.after.referral) == 1
    assert "2営業日以内" in scene.product.after.referral


async def test_where_the_mail_went_is_shown_to_who_typed_it_and_to_nobody_else(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    request_id = await sent(client, scene, answers())
    for fact in (letter_sent(request_id), an_offer(request_id), mailed(request_id)):
        await scene.follow(fact)

    own = await last_page(client, request_id)
    async with browser(scene) as other:
        others = await last_page(other, request_id)

    assert f"確認メールを <strong>{CONTACT['email']}</strong> 宛てにお送りしました" in own
    assert (CONTACT["email"] in others, "67,000円" in others) == (False, False)
    assert scene.requests[-1].event.reception_no in others


async def test_a_mail_that_did_not_arrive_is_told_with_the_telephone(client: httpx.AsyncClient, scene: Scene) -> None:
    request_id = await sent(client, scene, answers())
    await scene.follow(letter_failed(request_id, "receipt"))

    page = await last_page(client, request_id)

    assert "宛てのメールをお届けできませんでした" in page
    assert "data-follow" not in page


async def test_the_page_looks_again_only_while_something_is_to_come(client: httpx.AsyncClient, scene: Scene) -> None:
    request_id = await sent(client, scene, answers())
    followed = re.findall(r'data-follow="([^"]*)"', await last_page(client, request_id))
    for fact in (letter_sent(request_id), an_offer(request_id), mailed(request_id)):
        await scene.follow(fact)

    assert followed == [f"/api/v1/requests/{request_id}"]
    assert (await client.get(followed[0])).json()["state"] == "quoted"
    assert "data-follow" not in await last_page(client, request_id)


async def test_whoever_asked_for_documents_only_is_told_of_the_mail_alone(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    request_id = await sent(client, scene, brochure_only())
    before = await last_page(client, request_id)
    await scene.follow(letter_sent(request_id))

    after = await last_page(client, request_id)

    assert "まもなく、確認メールを" in before
    assert "お見積り" not in after.partition("<main")[2].partition("</main>")[0]
    assert ("data-follow" in before, "data-follow" in after) == (True, False)


async def test_the_status_for_programs_says_no_premium(client: httpx.AsyncClient, scene: Scene) -> None:
    """It is asked for without a cookie."""
    request_id = await sent(client, scene, answers())
    for fact in (an_offer(request_id), mailed(request_id)):
        await scene.follow(fact)

    status = (await client.get(f"/api/v1/requests/{request_id}")).json()

    assert status.keys() == {"request_id", "reception_no", "state", "letters"}
