"""The page of the figures: every number opens the list of exactly its cases."""

import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.figures import Figure
from services.dashboard.entrypoints.web.figures_wording import FIGURES
from shared.events import CaseClosed
from tests.services.dashboard.builders import (
    NOON,
    TODAY,
    a_closing,
    a_contact,
    a_decision,
    a_form_count,
    a_letter_sent,
    a_referral,
    a_request,
    an_offer,
    an_order_count,
)
from tests.services.dashboard.fakes import InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio

LINK = re.compile(r'<a href="([^"]+)" data-count="([0-9]+)">([0-9,]+)<')
LISTED = re.compile(r"<caption>[^<]* ([0-9,]+)件（")


def some_facts() -> list[Fact]:
    not_taken = CaseClosed(
        request_id="lost",
        decision_id="lost:closed",
        decided_at=NOON,
        decided_by="desk",
        outcome="not-taken-up",
        reason="price",
    )
    return [
        *(a_request(), an_offer(67_000), a_letter_sent("quote"), a_contact()),
        *(a_request("referred"), a_referral(request_id="referred")),
        *(a_request("lost"), an_offer(80_000, request_id="lost"), not_taken),
        *(a_request("theirs"), a_contact("theirs").model_copy(update={"decided_by": "hanako"})),
        *(a_request("won"), a_contact("won"), a_closing("won", "handed-over")),
        a_request("documents", quote=False),
    ]  # fmt: skip


async def test_every_number_of_every_figure_opens_a_list_of_as_many_cases() -> None:
    dashboard = InMemoryDashboard()
    for fact in some_facts():
        await dashboard.cases.add(fact)
    await dashboard.form_counts.put(a_form_count())

    async with dashboard.browser() as browser:
        page = (await browser.get("/figures")).text
        links = LINK.findall(page)
        for address, count, shown in links:
            assert shown.replace(",", "") == count
            opened = (await browser.get(html.unescape(address))).text
            listed = LISTED.search(opened)
            assert (address, listed[1] if listed else "0") == (address, count)

    assert len(links) > 15
    assert page.count('class="empty"') == 0
    assert all(title in page for title in FIGURES.values())


@pytest.mark.parametrize(
    ("answers", "counted"),
    [
        pytest.param({"industry": "wholesale", "turnover": 800_000}, "wholesale 5-10oku", id="both"),
        pytest.param({"industry": "wholesale"}, "wholesale 1-5oku", id="the industry"),
        pytest.param({"turnover": 500_000}, "retail 5-10oku", id="the turnover"),
        pytest.param({"turnover": 499_999}, "retail 1-5oku", id="a turnover of the same band"),
        pytest.param({"d3_22": ["isms"]}, "retail 1-5oku", id="something else"),
        pytest.param(None, "retail 1-5oku", id="other terms of an earlier version, which nobody here can read"),
    ],
)
async def test_a_premium_is_counted_by_the_answers_that_it_was_priced_for(
    answers: dict[str, Any] | None, counted: str
) -> None:
    """Staff corrected them: the premium of today is not one of the industry of yesterday."""
    content = {"reason": "電話", "answers": answers} if answers else None

    found = await premiums_of(
        *(a_request(), an_offer(67_000), a_decision(content=content), an_offer(90_000, revision=2)),
        *(a_request("other"), an_offer(50_000, request_id="other")),
    )

    alone = {counted: (1, "90,000円"), "retail 1-5oku": (1, "50,000円")}
    assert found == ({counted: (2, "70,000円")} if counted == "retail 1-5oku" else alone)


async def test_a_correction_counts_from_the_quote_on_that_it_led_to() -> None:
    """Until then the premium is that of the answers before."""
    first = {"reason": "電話", "answers": {"industry": "wholesale", "turnover": 800_000}}
    again = {"reason": "電話", "answers": {"turnover": 20_000_000}}
    story = (a_request(), an_offer(67_000), a_decision(content=first))

    asked = await premiums_of(*story)
    priced = await premiums_of(*story, an_offer(90_000, revision=2), a_decision(revision=3, content=again))
    priced_again = await premiums_of(
        *(*story, an_offer(90_000, revision=2)), a_decision(revision=3, content=again), an_offer(99_000, revision=3)
    )

    assert asked == {"retail 1-5oku": (1, "67,000円")}
    assert priced == {"wholesale 5-10oku": (1, "90,000円")}
    assert priced_again == {"wholesale 100oku-": (1, "99,000円")}


async def premiums_of(*facts: Fact) -> dict[str, tuple[int, str]]:
    """How many cases each average is of, by its condition. The list that it opens has as many, all of its kind."""
    dashboard = InMemoryDashboard()
    for fact in facts:
        await dashboard.cases.add(fact)
    found = {}
    async with dashboard.browser() as browser:
        page = (await browser.get("/figures")).text
        [section] = re.findall(r'<section class="panel" aria-labelledby="premiums">.*?</section>', page, re.DOTALL)
        for row in re.findall(r"<tr.*?</tr>", section, re.DOTALL):
            for address, count, _ in LINK.findall(row):
                asked = parse_qs(urlsplit(html.unescape(address)).query)
                listed = LISTED.search((await browser.get(html.unescape(address))).text)
                assert listed
                assert listed[1] == count
                [yen] = re.findall(r"[0-9,]+円", row)
                found[f"{asked['industry'][0]} {asked['turnover'][0]}"] = (int(count), yen)
    return found


async def test_a_bar_has_the_same_number_in_words_for_who_cannot_see_it() -> None:
    dashboard = InMemoryDashboard()

    page = (await get("/figures", *some_facts(), dashboard=dashboard)).text

    assert page.count('role="img"') == page.count("<desc") == 1
    assert page.count("<svg") == 1 + page.count(
        'class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden'
    )
    assert "最も多い日は6件" in page
    assert "style=" not in page
    assert "<text" not in page


async def test_how_many_decided_cases_go_to_an_application_is_said() -> None:
    assert "引き渡した割合： 50％（2件中1件）" in text(await get("/figures", *some_facts()))


async def test_without_cases_each_figure_says_what_will_appear() -> None:
    page = text(await get("/figures"))

    assert page.count("この期間に数えるご依頼はありません") == len(Figure)


@pytest.mark.parametrize(
    ("query", "days"),
    [
        pytest.param("", 30, id="the last month at first"),
        pytest.param("?days=7", 7, id="a week"),
        pytest.param("?days=90", 90, id="a quarter"),
        pytest.param("?from=2026-11-01&to=2026-11-02", 2, id="from one day to another"),
        pytest.param("?month=this", 23, id="this month until today"),
        pytest.param("?month=last", 31, id="all of the last month"),
        pytest.param("?month=next", 30, id="no month of ours"),
        pytest.param("?days=٧&from=x&to=2026-13-01", 30, id="nonsense"),
    ],
)
async def test_the_period_is_what_the_address_says(query: str, days: int) -> None:
    requests = (a_request(at=NOON.replace(day=2)), a_request("today"), a_request("october", at=NOON.replace(month=10)))

    page = (await get(f"/figures{query}", *requests)).text

    columns = page.partition('<svg class="bars"')[2].partition("</svg>")[0]
    assert columns.count("<rect") == days


async def test_a_condition_of_a_figure_stays_when_the_list_is_narrowed_further() -> None:
    page = (await get("/?outcome=finished&by=-", a_request(), a_closing())).text

    assert '<input type="hidden" name="outcome" value="finished">' in page
    assert '<input type="hidden" name="by" value="-">' in page


async def test_how_far_visitors_came_is_shown_with_what_was_lost_at_each_page() -> None:
    dashboard = InMemoryDashboard()
    for day in (TODAY, TODAY - timedelta(days=1), TODAY - timedelta(days=40)):
        await dashboard.form_counts.put(a_form_count(day))

    async with dashboard.browser() as browser:
        page = text(await browser.get("/figures?days=7"))

    assert "入力をはじめた 20 100% —" in page
    assert "「お客さま・ご担当者」を終えた 12 60% 8" in page
    assert "送信した 8 40%" in page
    assert "電話番号 6 メールアドレス 4" in page


async def test_two_orders_of_the_form_are_compared_by_who_arrives_and_how_long_it_takes() -> None:
    """An agency proves so which order is better; the middle time is that of all days together."""
    dashboard = InMemoryDashboard()
    for day, minutes in ((TODAY, 9), (TODAY - timedelta(days=1), 5)):
        orders = (an_order_count("insurer", 6, 2, {minutes: 2}), an_order_count("cover-first", 4, 3, {4: 1, 6: 2}))
        await dashboard.form_counts.put(a_form_count(day, orders=orders))

    async with dashboard.browser() as browser:
        page = text(await browser.get("/figures?days=7"))

    assert "質問の順の比較" in page
    assert "保険会社の質問順 12 4 33% 5分" in page
    assert "補償を先にたずねる順 8 6 75% 6分" in page
    assert "どこまで進んだか（補償を先にたずねる順）" in page
    assert "「業種・ご希望の補償・売上高」を終えた" in page


async def test_what_was_counted_before_there_were_orders_is_of_the_insurers() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.form_counts.put(a_form_count(TODAY - timedelta(days=1)))
    await dashboard.form_counts.put(a_form_count(orders=(an_order_count("gone", 3, 1, {7: 1}),)))

    async with dashboard.browser() as browser:
        page = text(await browser.get("/figures?days=7"))

    assert "保険会社の質問順 10 4 40% —" in page
    assert "gone 3 1 33% 7分" in page


async def test_a_period_without_visitors_says_what_will_appear() -> None:
    async with InMemoryDashboard().browser() as browser:
        assert "フォームが使われると、数分後にここに表示されます。" in (await browser.get("/figures")).text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-11-02&to=2026-11-01", "期間の始まりが終わりより後です"),
        ("from=2025-11-01&to=2026-11-02", "期間は366日以内で指定してください"),
    ],
)
async def test_a_period_that_cannot_be_counted_is_said_and_stays_typed(query: str, words: str) -> None:
    """It was silently another one: whoever copied the numbers had those of a month that they never asked for."""
    page = await get(f"/figures?{query}", *some_facts())

    assert page.status_code == 422
    assert "<title>エラー：" in page.text
    assert words in text(page)
    assert all(f'value="{pair.partition("=")[2]}"' in page.text for pair in query.split("&"))
    assert "data-count" not in page.text


async def test_a_day_without_a_request_leads_nowhere_and_the_days_are_folded() -> None:
    page = (await get("/figures", *some_facts())).text

    assert 'data-count="0"' not in page
    assert page.index("<details>") < page.index('scope="col">日<') < page.index("</details>")


async def test_what_overlaps_has_no_bars() -> None:
    """All within the median are among those within 95 %: bars side by side would say otherwise."""
    page = (await get("/figures", *some_facts())).text

    [quoted] = re.findall(r'<section class="panel" aria-labelledby="quoted">.*?</section>', page, re.DOTALL)
    assert "中央値以内" in quoted
    assert "<svg" not in quoted
