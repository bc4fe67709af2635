"""The 見積書 as programs read it: a search, a screen reader, the list of bookmarks."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from services.notify.adapters.typst import TypstPapers
from shared.products.documents import FONTS
from shared.qr_code import qr_code
from shared.runtime.typst_here import TypstHere
from tests.printed import codes_on, elements_of, printed
from tests.services.notify.adapters.builders import EVERYTHING, USUAL
from tests.services.notify.builders import NOON, PRODUCT, Clock

PAPERS = TypstPapers(Clock(), TypstHere(FONTS))
PARTS = ("お見積りの条件", "補償の内容", "お見積りの前提", "ご注意")
MORE_PARTS = ("ご案内の比較", "年間保険料の比較", "年間保険料の比較", "保険料を抑えるヒント", "ご回答の確認")
CHECK_URL = "https://form.agency.example/cyber-security/quotes/9b1c68f5-07aa-5641-8daf-5f194d5071b5"
pytestmark = pytest.mark.anyio


async def test_its_texts_come_in_the_order_in_which_they_are_read() -> None:
    """Of the two columns first the left one, of a table one row after the other."""
    text = printed(await PAPERS.quote(PRODUCT, EVERYTHING, NOON)).text

    order = (
        *("御見積書", "見積番号", "有効期限", "製作所御中", "情報システム部", "𠮷田葛彦様", "平素より"),
        *("取扱代理店", PRODUCT.agency.in_charge, "引受保険会社", "年間保険料(概算)", "非課税", "93,000円"),
        *(
            "ご希望と異なる条件",
            "お見積りの条件",
            "記名被保険者",
            "業種小売業",
            "売上高(税込)500,000千円",
            "保険期間1年間",
        ),
        *(
            "補償の内容",
            "賠償損害",
            "1億円10万円",
            "費用損害",
            "3,000万円なし",
            "お見積りの前提",
            "ご注意",
            "募集文書番号",
        ),
        *(
            "保険料のめやす",
            "保険料を抑えたご案内5,000万円",
            "ご希望の内容",
            "補償を手厚くしたご案内",
            "保険料を抑えるヒント",
        ),
        *("通信の暗号化…年間約4,640円", "ご回答の確認"),
    )
    at = 0
    for words in order:
        at = text.index(words, at) + len(words)


async def test_a_telephone_reads_where_it_can_be_checked() -> None:
    paper = await PAPERS.quote(PRODUCT, replace(USUAL, check_url=CHECK_URL, check_code=qr_code(CHECK_URL)), NOON)

    assert codes_on(paper) == [CHECK_URL]


async def test_its_parts_have_bookmarks() -> None:
    paper = PdfReader(io.BytesIO(await PAPERS.quote(PRODUCT, USUAL, NOON)))

    first, its_parts, second, more_parts = paper.outline

    assert isinstance(first, Destination)
    assert isinstance(second, Destination)
    assert (first.title, second.title) == ("御見積書", "保険料のめやす")
    assert [part.title for part in its_parts] == list(PARTS)  # type: ignore[union-attr]  # a list, as it was parted
    assert [part.title.partition(":")[0] for part in more_parts] == list(MORE_PARTS)  # type: ignore[union-attr]


async def test_a_screen_reader_is_told_title_language_and_headings_in_order() -> None:
    paper = PdfReader(io.BytesIO(await PAPERS.quote(PRODUCT, EVERYTHING, NOON)))

    assert paper.metadata is not None
    assert paper.metadata.title == "御見積書 K7M2P4XR-1"
    assert str(paper.root_object["/Lang"]) == "ja-JP"
    assert paper.root_object["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]  # as PDF/UA prescribes
    headings = [element.kind for element in elements_of(paper) if element.kind in {"H1", "H2", "H3"}]
    assert headings == ["H1", *["H2"] * len(PARTS), "H1", *["H2"] * len(MORE_PARTS)]


async def test_every_table_of_figures_has_heads_and_every_head_a_name() -> None:
    """Whoever hears 271,350 must hear which column it stands in."""
    paper = PdfReader(io.BytesIO(await PAPERS.quote(PRODUCT, EVERYTHING, NOON)))

    kinds = [element.kind for element in elements_of(paper)]

    assert kinds.count("Table") == kinds.count("THead") == 1 + 1 + len(EVERYTHING.boards)
    assert kinds.count("TH") == 3 + 4 + sum(1 + len(board.columns) for board in EVERYTHING.boards)
