"""What the files of a letter are called, so that they can be filed and found again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.services.notify.builders import a_request, an_offer
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio


async def test_a_quotation_bears_the_day_on_which_it_was_issued_in_japan(tmp_path: Path) -> None:
    """電子帳簿保存法 asks for the day, and a customer files by the one that the paper shows."""
    writing = Writing(tmp_path)
    just_after_midnight = datetime(2026, 11, 24, 15, 1, tzinfo=UTC)

    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer(issued_at=just_after_midnight))

    assert list(writing.pdfs("quote")) == ["20261125_御見積書_株式会社𠮷野髙﨑製作所_K7M2P4XR-1.pdf"]


@pytest.mark.parametrize(
    "company",
    [
        pytest.param("当選おめでとうございます!→ https://evil.example/win", id="a lure"),
        pytest.param("未納料金のお支払いがない場合は法的措置をとります", id="a threat"),
    ],
)
async def test_a_message_in_place_of_a_company_is_in_no_file_name(tmp_path: Path, company: str) -> None:
    """A mail program shows it beside the text, and the address may be somebody else's (S7)."""
    writing = Writing(tmp_path)

    await writing.receive(a_request(parcel=writing.keys.parcel(company=company)), an_offer())

    assert list(writing.pdfs("quote")) == ["20261123_御見積書_K7M2P4XR-1.pdf"]
