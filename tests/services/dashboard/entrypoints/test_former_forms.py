"""The page of a case shows what was answered beside what was asked, also after a release has changed the form."""

from pathlib import Path
from typing import Final

import pytest

from services.dashboard.domain.facts import Fact
from shared.products import load_product
from tests.services.dashboard.builders import CONTACT, PRODUCT, REQUEST, a_desk_parcel, a_nearest_offer, a_request
from tests.services.dashboard.fakes import InMemoryDashboard, get, text
from tests.shared.products.builders import (
    REMOVED_INDUSTRY,
    REMOVED_RIDER,
    REMOVED_RULE,
    RENAMED_LIMIT,
    RENAMED_PLAN,
    REWORDED_DECLARATION,
    a_release_of,
)

pytestmark = pytest.mark.anyio

ANSWERS: Final = {"d3_01": "yes", "industry": "retail", "plan": "basic", "rider_leak_only": "yes"}
THEN: Final = (
    "セキュリティポリシー または情報セキュリティポリシー を策定している。",
    "小売業",
    "ベーシック",
    "情報漏えい限定補償特約",
    "費用損害の支払限度額",
    "3,000万円",
)
TODAY: Final = ("情報セキュリティの方針を、経営者が文書で定めている。", "スタンダード", "費用の限度額", "三千万円")
NOT_OF_THEN: Final = "ご依頼のときの様式"


async def page_of(folder: Path, version: str, *facts: Fact) -> str:
    """The page of a request of that version, after a release that changed whatever it could."""
    product = load_product(
        a_release_of(
            folder,
            *(RENAMED_PLAN, RENAMED_LIMIT, REMOVED_INDUSTRY),
            *(REMOVED_RIDER, REMOVED_RULE, REWORDED_DECLARATION),
        )
    )
    request = a_request(
        form_version=version or product.form.version,
        parcels=a_desk_parcel({"contact": CONTACT, "answers": ANSWERS}),
    )
    dashboard = InMemoryDashboard(product=product)
    return text(await get(f"/cases/{REQUEST}", request, *facts, dashboard=dashboard))


async def test_answers_stand_beside_the_questions_that_were_asked_then(tmp_path: Path) -> None:
    """A 告知 question was reworded: the desk read はい beside a sentence that the customer had never confirmed."""
    page = await page_of(tmp_path, PRODUCT.form.version, a_nearest_offer())

    assert [words for words in THEN if words not in page] == []
    assert [words for words in TODAY if words in page] == []
    assert "様式にない回答" not in page
    assert NOT_OF_THEN not in page


async def test_a_request_of_todays_form_stands_in_todays_words(tmp_path: Path) -> None:
    page = await page_of(tmp_path, "", a_nearest_offer())

    assert [words for words in TODAY if words not in page] == []
    assert NOT_OF_THEN not in page


async def test_where_the_form_of_then_is_not_kept_staff_are_told_once(tmp_path: Path) -> None:
    """A page must help also then, but nobody may take today's words for those that were answered."""
    page = await page_of(tmp_path, "2025-10-01+0badc0de", a_nearest_offer())

    assert page.count(NOT_OF_THEN) == 1
    assert page.index(NOT_OF_THEN) < page.index("プラン")
    assert "現在の様式" in page
    assert "2025-10-01+0badc0de" in page
    assert [words for words in TODAY if words not in page] == []


async def test_a_request_without_any_words_of_a_form_needs_no_such_sentence() -> None:
    request = a_request(form_version="2025-10-01", quote=False, parcels={})

    assert NOT_OF_THEN not in text(await get(f"/cases/{REQUEST}", request))
