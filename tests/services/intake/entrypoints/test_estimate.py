"""A price before anybody says who they are: three answers, one page, nothing kept."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from services.intake.domain.draft import Draft
from services.intake.entrypoints.web.pages.result_view import COVER_NAMES
from shared.events import TariffStarted
from shared.products import INSURERS_ORDER
from tests.services.intake.browser import FORM, browser, fill, slug_of
from tests.services.intake.builders import a_product, a_tariff, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio

COVER_FIRST = "cover-first"
RETAIL = {"industry": "retail", "turnover": "500,000", "plan": "basic"}
CARRIED = {"estimate": "1", **RETAIL}


@asynccontextmanager
async def a_visitor(scene: Scene, tariff: TariffStarted | None = None) -> AsyncIterator[httpx.AsyncClient]:
    await scene.ledger.tariffs.keep(tariff or a_tariff())
    await scene.dependencies.estimate.refresh()
    async with browser(scene) as client:
        yield client


async def the_page(**answers: str) -> httpx.Response:
    async with a_visitor(Scene()) as client:
        return await client.get(f"{FORM}estimate", params=answers)


async def typed_in(client: httpx.AsyncClient, scene: Scene) -> Draft:
    [(_, key)] = client.cookies.items()
    found = await scene.dependencies.open_draft(key)
    assert found is not None
    return found


async def test_three_answers_are_told_a_band_and_every_option_with_what_is_in_it() -> None:
    page = await the_page(**RETAIL)

    assert page.status_code == 200
    for part in (
        *("小売業", "5億円", "ベーシック", "37,120円 ～ 129,920円"),
        *("保険料を抑えたご案内", "30,000円 ～ 100,940円", "補償を手厚くしたご案内", "45,690円 ～ 159,930円"),
        *("賠償損害の支払限度額", "5,000万円", "費用損害の免責金額", "保険料確定特約"),
    ):
        assert part in page.text


async def test_the_covers_are_called_as_on_the_page_of_the_result() -> None:
    page = await the_page(**RETAIL)

    headings = re.findall(r"<h3>(.+?)</h3>", page.text)
    assert headings == [COVER_NAMES[kind] for kind in ("chosen", "lighter", "fuller")]


async def test_beside_the_figure_it_is_said_for_which_cover_it_is_and_which_riders_would_change_it() -> None:
    """With IT業務特約 the premium is up to six times as high as the band."""
    page = await the_page(**RETAIL)

    panel = page.text.partition('<p class="number">')[2].partition("</div>")[0]
    assert "の支払限度額・免責金額・特約の場合です" in panel
    assert "特約（IT業務特約・情報漏えい限定補償特約）を付帯したりすると" in panel
    assert "高くなることも、低くなることもあります" in panel
    assert "保険料確定特約" not in panel


async def test_one_figure_is_called_the_minimum_premium_and_not_a_range() -> None:
    tariff = a_tariff()
    retail = next(one for one in tariff.industries if one.industry == "retail")
    covers = tuple(replace(cover, highest=cover.lowest) for cover in retail.covers)
    small = tariff.model_copy(update={"industries": (replace(retail, covers=covers),)})

    async with a_visitor(Scene(), small) as client:
        page = await client.get(f"{FORM}estimate", params={**RETAIL, "turnover": "50,000"})

    assert '<p class="number">30,000円</p>' in page.text
    assert "最低保険料です" in page.text
    assert "範囲で変わります" not in page.text


async def test_a_band_is_not_called_the_minimum_premium() -> None:
    page = await the_page(**RETAIL)

    assert "範囲で変わります" in page.text
    assert "最低保険料です" not in page.text


async def test_it_is_marked_as_an_illustration_with_every_notice_of_the_product() -> None:
    page = await the_page(**RETAIL)

    assert "概算（例示）" in page.text
    for notice in a_product().notices.values():
        assert notice in page.text


async def test_it_is_small_and_leaves_nothing_behind() -> None:
    scene = Scene()
    async with a_visitor(scene) as client:
        page = await client.get(f"{FORM}estimate", params=RETAIL)

    assert len(page.content) <= 20_000
    assert "set-cookie" not in page.headers
    assert (scene.ledger.drafts.kept, scene.ledger.steps.kept) == ({}, [])


async def test_the_log_does_not_say_what_a_visitor_earns() -> None:
    with capture_logs() as lines:
        await the_page(**{**RETAIL, "turnover": "512,345"})

    assert [line["path"] for line in lines if line["event"] == "request served"] == ["/{product}/estimate"]
    assert "345" not in repr(lines)
    assert "retail" not in repr(lines)


@pytest.mark.parametrize("turnover", ["500,000", "", "about 5"], ids=["answered", "left out", "unreadable"])
async def test_an_excluded_industry_is_told_at_once_and_by_whom_to_be_advised(turnover: str) -> None:
    """Three of them answered every question of the form before they were told."""
    page = await the_page(industry="public_body", turnover=turnover, plan="basic")

    assert page.status_code == 200
    assert "この業種は本商品のお引受けの対象外です。" in page.text
    assert page.text.count(f"tel:{a_product().agency.phone}") == 2
    assert f'action="{FORM}start"' not in page.text


async def test_an_excluded_industry_is_promised_the_same_as_on_the_form() -> None:
    page = await the_page(industry="public_body", turnover="500,000", plan="basic")

    question = next(question for question in a_product().form.questions if question.key == "industry")
    assert question.tells
    for promise in ("お引受けの対象外", "算出されません", "担当者", "個別", "ご案内"):
        assert promise in question.tells.text
        assert promise in page.text
    for promise in ("お電話", "でのご相談も承ります", "資料"):
        assert promise in page.text


@pytest.mark.parametrize("turnover", ["500,000", ""], ids=["answered", "left out"])
async def test_an_industry_that_a_person_quotes_is_led_into_the_form_with_its_answers(turnover: str) -> None:
    page = await the_page(industry="finance", turnover=turnover, plan="basic")

    assert page.status_code == 200
    assert "個別のお見積りとなります" in page.text
    assert "担当者が個別にお見積りします" in page.text
    assert "申し訳ありません" not in page.text
    form = page.text.partition(f'<form method="post" action="{FORM}start">')[2].partition("</form>")[0]
    assert 'name="industry" value="finance"' in form
    assert "この回答を引き継いで" in form


async def test_an_amount_outside_of_the_table_leads_to_a_person() -> None:
    page = await the_page(**{**RETAIL, "turnover": "1"})

    assert "担当者が個別にお見積りします" in page.text
    assert f'action="{FORM}start"' in page.text


async def test_where_some_answers_need_a_person_the_band_has_no_end() -> None:
    page = await the_page(industry="it", turnover="500,000,000", plan="basic")

    assert "4,153,820円 ～（ご回答により個別のお見積り）" in page.text
    assert "個別のお見積り</p>" in page.text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"turnover": ""}, "売上高(税込)を", id="nothing"),
        pytest.param({"turnover": "about 5"}, "ひとつの金額", id="no amount"),
        pytest.param({"industry": "unheard-of"}, "業種", id="no industry of ours"),
        pytest.param({"plan": "golden"}, "プラン", id="no plan of ours"),
    ],
)
async def test_what_is_wrong_is_said_at_its_question(changes: dict[str, str], says: str) -> None:
    page = await the_page(**{**RETAIL, **changes})

    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert says in page.text.partition('<div class="summary"')[2].partition("</ul>")[0]
    assert "129,920円" not in page.text


async def test_without_answers_it_asks_for_them_and_complains_of_nothing() -> None:
    page = await the_page()

    assert page.status_code == 200
    assert "aria-invalid" not in page.text
    assert page.text.count("<select") == 1


async def test_before_a_tariff_is_known_the_page_leads_to_the_form_and_the_telephone() -> None:
    async with browser(Scene()) as client:
        page = await client.get(f"{FORM}estimate", params=RETAIL)

    assert page.status_code == 200
    assert "ただいま、保険料の目安をお示しできません" in page.text
    assert "</a>）でご連絡ください。" in page.text
    assert f'action="{FORM}start"' in page.text
    assert f"tel:{a_product().agency.phone}" in page.text


async def test_the_start_page_asks_the_three_questions() -> None:
    async with a_visitor(Scene()) as client:
        page = await client.get(FORM)

    form = page.text.partition(f'<form method="get" action="{FORM}estimate">')[2].partition("</form>")[0]
    assert [f'name="{key}"' in form for key in RETAIL] == [True, True, True]


async def test_the_plan_that_a_link_wishes_is_the_one_that_is_checked_on_the_start_page() -> None:
    """The button of the estimate would write the other plan over the wish."""
    async with a_visitor(Scene()) as client:
        page = await client.get(FORM, params={"plan": "wide"})

    form = page.text.partition(f'<form method="get" action="{FORM}estimate">')[2].partition("</form>")[0]
    assert re.findall(r'name="plan" value="(\w+)"[^>]*checked', form) == ["wide"]


async def test_a_product_may_do_without_it() -> None:
    scene = Scene(product=replace(a_product(), estimate="off"))
    async with a_visitor(scene) as client:
        start, page = await client.get(FORM), await client.get(f"{FORM}estimate", params=RETAIL)
        begun = await client.post(f"{FORM}start", data=CARRIED)

    assert f"{FORM}estimate" not in start.text
    assert page.status_code == 404
    assert begun.status_code == 303


async def test_one_button_carries_the_three_answers_into_the_form() -> None:
    scene = Scene()
    async with a_visitor(scene) as client:
        begun = await client.post(f"{FORM}start", data=CARRIED)
        page = await client.get(begun.headers["Location"])
        draft = await typed_in(client, scene)

    assert draft.typed == {**RETAIL, "quote": "yes"}
    assert "業種・売上高・プランを引き継ぎました" in page.text


async def test_what_was_answered_on_it_last_is_what_counts() -> None:
    """Somebody who tries another turnover must not find the first one in the form."""
    scene = Scene()
    async with a_visitor(scene) as client:
        await client.post(f"{FORM}start", data=CARRIED)
        await client.post(f"{FORM}start", data={**CARRIED, "turnover": "800,000", "company": "見本商会"})
        draft = await typed_in(client, scene)

    assert draft.typed == {**RETAIL, "turnover": "800,000", "quote": "yes"}


@pytest.mark.parametrize("order", [INSURERS_ORDER, COVER_FIRST])
async def test_what_it_changes_in_a_form_that_was_filled_in_is_looked_at_again(order: str) -> None:
    """It led straight to the confirmation, and what is doubtful about the new turnover was never asked."""
    scene = Scene(product=a_product(order))
    async with a_visitor(scene) as client:
        await fill(client, answers(), order)
        again = await client.post(f"{FORM}start", data={**CARRIED, "industry": "it", "turnover": "50,000,000"})
        confirm = await client.get(f"{FORM}confirm")

    page = {INSURERS_ORDER: "history", COVER_FIRST: "cover"}[order]
    assert [slug_of(again), slug_of(confirm)] == [page, page]


async def test_what_it_brings_as_it_was_already_answered_leads_on_at_once() -> None:
    scene = Scene()
    async with a_visitor(scene) as client:
        await fill(client, answers())
        same = {key: answers()[key] for key in ("industry", "turnover")}
        again = await client.post(f"{FORM}start", data={"estimate": "1", **same})

    assert slug_of(again) == "confirm"


async def test_a_request_for_documents_becomes_one_for_a_quote_only_on_the_page_of_the_wishes() -> None:
    scene = Scene()
    async with a_visitor(scene) as client:
        await fill(client, brochure_only())
        again = await client.post(f"{FORM}start", data=CARRIED)

    assert slug_of(again) == "wishes"


@pytest.mark.parametrize(
    "posted",
    [
        pytest.param(RETAIL, id="a link may not bring a turnover"),
        pytest.param(
            {"estimate": "1", "industry": "unheard-of", "turnover": "x" * 9, "plan": ["basic", "wide"]},
            id="nor what is no answer",
        ),
    ],
)
async def test_nothing_else_comes_into_the_form_this_way(posted: dict[str, Any]) -> None:
    scene = Scene()
    async with a_visitor(scene) as client:
        reply = await client.post(f"{FORM}start", data=posted)
        draft = await typed_in(client, scene)

    assert slug_of(reply)
    assert not {"industry", "turnover"} & draft.typed.keys()
