"""Without an edit the workbook gives back the same bytes, and odd texts survive."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from pricing.actuary.excel import export_tariff, import_tariff
from tests.pricing.actuary.excel.builders import CURVE, FOLDER, INDUSTRY, LIMITS, SHIPPED, EditedWorkbook, put, row_of
from tests.pricing.builders import PRODUCT


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_without_an_edit_the_bytes_are_the_same(tmp_path: Path, path: Path) -> None:
    workbook = tmp_path / "review.xlsx"
    workbook.write_bytes(export_tariff(path, PRODUCT))

    assert import_tariff(workbook, path.name, PRODUCT).after == path.read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="Windows lines"),
        pytest.param(lambda text: "\ufeff" + text, id="a byte order mark"),
        pytest.param(lambda text: text.rstrip("\n"), id="no line end at the end"),
        pytest.param(lambda text: text.replace("valid_days: 30 #", "valid_days:   30   #\t =2+2  "), id="odd spaces"),
        pytest.param(lambda text: text.replace("advice: 通信の暗号化}", 'advice: "通信の\\u6697号化"}'), id="escapes"),
        pytest.param(lambda text: text.replace('"0.086150"', "'0.086150'"), id="other quotes"),
    ],
)
def test_the_way_in_which_a_file_is_written_stays_too(tmp_path: Path, change: Callable[[str], str]) -> None:
    content = change(SHIPPED.read_text("utf-8")).encode()
    assert content != SHIPPED.read_bytes()

    workbook = EditedWorkbook(tmp_path, content)

    assert workbook.edit(lambda _: None).imported() == content


def test_a_figure_typed_again_is_no_edit(workbook: EditedWorkbook) -> None:
    workbook.edit(put(LIMITS, (100_000_000,), "係数", 1))

    assert workbook.imported() == SHIPPED.read_bytes()


def test_derived_cells_do_not_matter(workbook: EditedWorkbook) -> None:
    workbook.edit(put(INDUSTRY, ("retail",), "名称", "=1+1"))

    assert workbook.imported() == SHIPPED.read_bytes()


def test_what_was_moved_in_excel_is_still_found(workbook: EditedWorkbook) -> None:
    def edit(book: Workbook) -> None:
        book[INDUSTRY].insert_rows(1)
        book[INDUSTRY].insert_cols(1)
        book[CURVE].insert_rows(10)
        book.move_sheet(INDUSTRY, -2)

    assert workbook.edit(edit).imported() == SHIPPED.read_bytes()


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    """A tariff from elsewhere must not run anything in an actuary's Excel."""
    evil = '=HYPERLINK("http://example.com","x")'
    content = SHIPPED.read_text("utf-8").replace("# 93,000 and 160,010", f"# {evil}").encode()
    workbook = EditedWorkbook(tmp_path, content)

    cells = [cell for sheet in load_workbook(workbook.path) for row in sheet.iter_rows() for cell in row]

    assert [cell.data_type for cell in cells if cell.value == evil] == ["s"]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert workbook.imported() == content


def test_a_row_is_as_high_as_its_longest_cell_needs(workbook: EditedWorkbook) -> None:
    sheet = load_workbook(workbook.path)[INDUSTRY]

    heights = [sheet.row_dimensions[row_of(sheet, key)].height for key in ("retail", "it")]

    assert heights == [15, 30]
