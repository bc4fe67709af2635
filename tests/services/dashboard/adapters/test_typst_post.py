"""Labels and letters as they are printed: read from the PDF that the real program makes."""

import sys
from dataclasses import replace
from typing import Final

import pytest

from services.dashboard.adapters.typst_post import TypstPost
from services.dashboard.domain.postal import Recipient
from services.dashboard.ports.papers import PaperFailed
from tests.printed import MM, Printed, printed
from tests.services.dashboard.builders import NOON, PRODUCT

pytestmark = pytest.mark.anyio

CANARY: Final = Recipient(
    postal_code="150-0043",
    address="東京都渋谷区道玄坂1-2-3",
    building="カナリアビル10F",
    company="株式会社カナリア商会",
    department="総務部",
    person="金糸雀 花子",
    reception_no="K7M2P4XR",
)


async def paper(*recipients: Recipient) -> Printed:
    return printed(await TypstPost().post(PRODUCT, recipients, NOON))


def said(found: Printed, page: int) -> str:
    return "".join(word.text for word in found.pages[page])


async def test_first_come_the_labels_and_then_a_letter_for_each_in_the_same_order() -> None:
    many = [replace(CANARY, reception_no=f"NUMBER{number:02}") for number in range(13)]

    found = await paper(*many)

    assert len(found.pages) == 2 + 13
    assert [said(found, page).count("〒150-0043") for page in range(3)] == [12, 1, 1]
    assert [f"NUMBER{number:02}" in said(found, 2 + number) for number in range(13)] == [True] * 13
    assert "資料送付のご案内" in said(found, 2)
    assert "2026年11月23日" in said(found, 2)
    assert "金糸雀花子様" in said(found, 2)


@pytest.mark.parametrize(
    ("labels", "columns", "width", "height"),
    [(12, 2, 86.4, 42.3), (18, 3, 70.0, 42.3), (21, 3, 70.0, 297 / 7)],
    ids=["12", "18", "21"],
)
async def test_every_label_lies_on_its_place_of_the_sheet(
    labels: int, columns: int, width: float, height: float
) -> None:
    """A4 without a gap between labels, and with the same margin on both sides."""
    rows = labels // columns
    left, top = (210 - columns * width) / 2, (297 - rows * height) / 2

    found = printed(await TypstPost().post(replace(PRODUCT, labels=labels), [CANARY] * (labels + 1), NOON))

    assert len(found.pages) == 2 + labels + 1
    numbers = [word for word in found.pages[0] if word.text == "K7M2P4XR"]
    places = {(int((word.left / MM - left) // width), int((word.top / MM - top) // height)) for word in numbers}
    assert places == {(column, row) for column in range(columns) for row in range(rows)}
    starts = {round(word.left / MM, 1) for word in found.pages[0] if word.text == "〒150-0043"}
    assert starts == {round(left + column * width + 5, 1) for column in range(columns)}
    # Its number is the last line of a label, 1.5 mm above its lower edge.
    assert all(height - 3.3 < (word.bottom / MM - top) % height < height for word in numbers)
    for word in found.pages[0]:
        column = int((word.left / MM - left) // width)
        assert word.right / MM <= left + width * (column + 1) - 3


async def test_what_customers_typed_is_printed_as_it_is_and_is_never_markup() -> None:
    typed = '#panic() *太字* $x^2$ _a_ `b` @ref <l> \\ "] #read("/product.yaml")'

    found = await paper(replace(CANARY, company=typed, person=typed))

    squeezed = typed.replace(" ", "")
    assert said(found, 0).replace(" ", "").count(squeezed) == 2
    assert said(found, 1).replace(" ", "").count(squeezed) == 2


async def test_a_character_that_no_font_has_does_not_stop_the_post_of_everybody() -> None:
    found = await paper(replace(CANARY, company="株式会社\U000323af商会"), CANARY)

    assert "株式会社〓商会" in said(found, 0)
    assert "〓は、この書面で印字できない文字です" in said(found, 1)
    assert "〓" not in said(found, 2)


async def test_without_a_person_the_company_is_addressed() -> None:
    found = await paper(replace(CANARY, person="", department=""))

    assert "株式会社カナリア商会御中" in said(found, 0)
    assert "様" not in said(found, 0)


async def test_a_long_address_is_set_smaller_and_one_that_fits_nowhere_is_left_to_a_person() -> None:
    """Half an address would be worse than none."""
    long = replace(CANARY, address="東京都渋谷区道玄坂一丁目二番三号" * 3, building="カナリア記念会館別館" * 3)
    endless = replace(CANARY, address="あ" * 200, building="い" * 200, department="う" * 200)

    found = await paper(long, endless)

    assert said(found, 0).count("カナリア記念会館別館") == 3
    assert "宛名が長く、印字できません" in said(found, 0)
    assert "い" * 30 not in said(found, 0)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param([sys.executable, "-c", "raise SystemExit(1)"], id="it fails"),
        pytest.param([sys.executable, "-c", "print('no pdf')"], id="it makes something else"),
        pytest.param([sys.executable, "-c", "import signal; signal.pause()"], id="it never ends"),
    ],
)
async def test_a_program_that_makes_no_paper_is_ended_and_said_so(program: list[str]) -> None:
    with pytest.raises(PaperFailed):
        await TypstPost(program, longest_s=0.5).post(PRODUCT, [CANARY], NOON)


async def test_a_product_without_a_template_has_no_post() -> None:
    assert TypstPost().can_print(PRODUCT)
    assert not TypstPost().can_print(replace(PRODUCT, folder=PRODUCT.folder / "letters"))
