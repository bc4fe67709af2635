"""`mitsumori tariff export` and `import`: what nobody touched keeps its bytes, and what is broken is never written."""

import difflib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from cli.main import app
from pricing.actuary.excel import exported, imported
from pricing.tariff import TariffSchema, parse_schema
from shared.errors import Invalid
from shared.products.source import parse_yaml
from tests.pricing.builders import PRODUCT
from tests.shared.products.builders import copy_of_the_product

FOLDER = PRODUCT.folder / "tariff"
NAME = "2026-10-01.yaml"
SHIPPED = FOLDER / NAME

INDUSTRY = "業種別の基本保険料"
CURVE = "売上高"
LIMITS = "賠償損害の支払限度額"
CROSSED = "プランと情報漏えい限定補償特約"
WEIGHTS = "配点 controls"
RULES = "査定ルール"

Edit = Callable[[Workbook], object]
Typed = str | float | datetime | None


@cache
def untouched() -> bytes:
    return exported(SHIPPED, PRODUCT)


@pytest.fixture
def desk(tmp_path: Path) -> "Desk":
    return Desk(tmp_path)


class Desk:
    """An actuary with a workbook of the shipped tariff."""

    def __init__(self, folder: Path, original: bytes | None = None) -> None:
        self.source = folder / "source" / NAME
        self.source.parent.mkdir(exist_ok=True)
        self.source.write_bytes(SHIPPED.read_bytes() if original is None else original)
        self.path = folder / "review.xlsx"
        self.path.write_bytes(exported(self.source, PRODUCT) if original else untouched())

    def edit(self, edit: Edit) -> "Desk":
        book = load_workbook(self.path)
        edit(book)
        book.save(self.path)
        return self

    def back(self, name: str = NAME) -> bytes:
        return imported(self.path, name, PRODUCT).after

    def changes(self, name: str = NAME) -> list[str]:
        before, after = (content.decode().split("\n") for content in (self.source.read_bytes(), self.back(name)))
        return [line for line in difflib.ndiff(before, after) if line[0] in "+-"]

    def refusal(self, name: str = NAME) -> list[str]:
        with pytest.raises(Invalid) as refused:
            self.back(name)
        return str(refused.value).splitlines()


def row_of(sheet: Worksheet, *keys: object) -> int:
    for row in sheet.iter_rows(min_row=4):
        if tuple(cell.value for cell in row[: len(keys)]) == keys:
            return row[0].row or 0
    raise AssertionError(keys)


def put(title: str, keys: tuple[object, ...], column: str, value: Typed) -> Edit:
    """Type *value* into the row that begins with *keys*."""

    def edit(book: Workbook) -> None:
        sheet = book[title]
        names = [cell.value for cell in sheet[3]]
        sheet.cell(row_of(sheet, *keys), names.index(column) + 1).value = value

    return edit


def insert(title: str, before: tuple[object, ...], *cells: object) -> Edit:
    def edit(book: Workbook) -> None:
        sheet = book[title]
        at = row_of(sheet, *before)
        sheet.insert_rows(at)
        for number, value in enumerate(cells, start=1):
            sheet.cell(at, number).value = value  # type: ignore[assignment]  # whatever a person types

    return edit


def delete(title: str, *keys: object) -> Edit:
    def edit(book: Workbook) -> None:
        book[title].delete_rows(row_of(book[title], *keys))

    return edit


def sheet_in(content: bytes) -> TariffSchema:
    return parse_schema(parse_yaml(Path(NAME), content))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_without_an_edit_the_bytes_are_the_same(tmp_path: Path, path: Path) -> None:
    workbook = tmp_path / "review.xlsx"
    workbook.write_bytes(exported(path, PRODUCT))

    assert imported(workbook, path.name, PRODUCT).after == path.read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="Windows lines"),
        pytest.param(lambda text: "\ufeff" + text, id="a byte order mark"),
        pytest.param(lambda text: text.rstrip("\n"), id="no last line end"),
        pytest.param(lambda text: text.replace("valid_days: 30 #", "valid_days:   30   #\t =2+2  "), id="odd spaces"),
        pytest.param(lambda text: text.replace("advice: 通信の暗号化}", 'advice: "通信の\\u6697号化"}'), id="escapes"),
        pytest.param(lambda text: text.replace('"0.086150"', "'0.086150'"), id="other quotes"),
    ],
)
def test_nor_does_a_manner_of_writing_change(tmp_path: Path, change: Callable[[str], str]) -> None:
    content = change(SHIPPED.read_text("utf-8")).encode()
    assert content != SHIPPED.read_bytes()

    desk = Desk(tmp_path, content)

    assert desk.edit(lambda _: None).back() == content


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        pytest.param(
            put(INDUSTRY, ("retail",), "金額(円)", "93100"),
            ['-       retail: "92800" # 93,000 and 160,010', '+       retail: "93100" # 93,000 and 160,010'],
            id="a figure",
        ),
        pytest.param(
            put(INDUSTRY, ("hotel",), "メモ", "見直し: 2027年"),
            ['-       hotel: "136000"', '+       hotel: "136000" # 見直し: 2027年'],
            id="a comment that was not there",
        ),
        pytest.param(
            put(INDUSTRY, ("retail",), "メモ", None),
            ['-       retail: "92800" # 93,000 and 160,010', '+       retail: "92800"'],
            id="a comment that goes",
        ),
        pytest.param(
            put(CROSSED, ("basic", "yes"), "係数", "0.940"),
            [
                '-       basic: {no: "1.000", yes: "0.936"}',
                '+       basic: {no: "1.000", yes: "0.940"}',
            ],
            id="a figure in braces",
        ),
        pytest.param(
            put(WEIGHTS, ("d3_10",), "配点", 6),
            [
                "-         d3_10: {weight: 5, credit: in_place, advice: 通信の暗号化} # 通信の暗号化",
                "+         d3_10: {weight: 6, credit: in_place, advice: 通信の暗号化} # 通信の暗号化",
            ],
            id="a weight",
        ),
        pytest.param(
            put(WEIGHTS, ("d3_10",), "助言", "通信の暗号化(TLS), 例: HTTPS"),
            [
                "-         d3_10: {weight: 5, credit: in_place, advice: 通信の暗号化} # 通信の暗号化",
                '+         d3_10: {weight: 5, credit: in_place, advice: "通信の暗号化(TLS), 例: HTTPS"} # 通信の暗号化',
            ],
            id="a sentence that needs quotes",
        ),
        pytest.param(
            put(RULES, ("ineligible-industry",), "文", "お引受けできません。"),
            ["-     says: この業種は本商品のお引受けの対象外です。", "+     says: お引受けできません。"],
            id="a sentence",
        ),
        pytest.param(
            put("概要", ("minimum_premium_yen",), "値", 31_000),
            [
                '- minimum_premium_yen: "30000" # facts: one scheme\'s smallest published premium is about 3万円',
                '+ minimum_premium_yen: "31000" # facts: one scheme\'s smallest published premium is about 3万円',
            ],
            id="the minimum",
        ),
        pytest.param(
            put("保険料の構成", ("1-1",), "上限", "5"),
            [
                "-       - {table: turnover_curve, label: 売上高}",
                '+       - {table: turnover_curve, label: 売上高, cap: "5"}',
            ],
            id="a cap that was not there",
        ),
        pytest.param(
            put("保険料の構成", ("2-2",), "上限", None),
            [
                '-       - {table: liability_limit, label: 賠償損害の支払限度額(1億円まで), cap: "1.000000"}',
                "+       - {table: liability_limit, label: 賠償損害の支払限度額(1億円まで)}",
            ],
            id="a cap that goes",
        ),
    ],
)
def test_an_edit_changes_its_line_and_no_other(desk: Desk, edit: Edit, changes: list[str]) -> None:
    desk.edit(edit)

    assert desk.changes() == changes


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        pytest.param(
            insert(CURVE, (2_000,), 1_800, None, 0.108, "180万円"),
            ['+       1_800: "0.108" # 180万円'],
            id="a point of the curve",
        ),
        pytest.param(delete(CURVE, 1_200), ['-       1_200: "0.092575" # 120万円'], id="a point less"),
        pytest.param(
            insert("割引 controls", ("1",), 0.8, 0.2),
            [
                '-       discount: {"0": "-0.40", "0.5": "0", "1": "0.40"}',
                '+       discount: {"0": "-0.40", "0.5": "0", "0.8": "0.2", "1": "0.40"}',
            ],
            id="a point of a discount",
        ),
        pytest.param(
            insert(RULES, ("card-issuing",), "hotels", None, "{industry: [hotel]}", "宿泊業は個別のお見積りです。"),
            ["+   hotels:", "+     when: {industry: [hotel]}", "+     says: 宿泊業は個別のお見積りです。"],
            id="a rule more",
        ),
        pytest.param(
            insert(CROSSED, ("wide", "no"), "wide", "yes", None, "1.170"),
            ['-       wide: {no: "1.250"}', '+       wide: {yes: "1.170", no: "1.250"}'],
            id="a place of a crossed table",
        ),
    ],
)
def test_rows_come_and_go_with_their_lines(desk: Desk, edit: Edit, changes: list[str]) -> None:
    desk.edit(edit)

    assert desk.changes() == changes


def test_a_rule_goes_with_all_its_lines(desk: Desk) -> None:
    def edit(book: Workbook) -> None:
        delete(RULES, "card-issuing")(book)
        insert("保険料に関係しない質問", ("quote",), "d3_03", None, "問わない")(book)

    assert [line.split(":")[0] for line in desk.edit(edit).changes()] == [
        "-   card-issuing",
        "-     when",
        "-     says",
        "+   d3_03",
    ]


def test_the_last_row_may_go_and_a_new_one_may_end_a_table(desk: Desk) -> None:
    def edit(book: Workbook) -> None:
        delete(CURVE, 500_000_000)(book)
        book[CURVE].append([600_000_000, None, "16.4", "6,000億円"])

    desk.edit(edit)

    assert desk.changes() == [
        '-       500_000_000: "15.258084" # 5,000億円',
        '+       600_000_000: "16.4" # 6,000億円',
    ]


def test_comments_above_a_row_that_goes_stay(tmp_path: Path) -> None:
    commented = SHIPPED.read_text("utf-8").replace("      1_200:", "      # 以下は外挿\n      1_200:")
    desk = Desk(tmp_path, commented.encode()).edit(delete(CURVE, 1_200))

    assert desk.changes() == ['-       1_200: "0.092575" # 120万円']


def test_rows_in_another_order_take_their_lines_along(desk: Desk) -> None:
    """Somebody sorts a sheet, and every comment must still stand beside its own figure."""

    def upside_down(book: Workbook) -> None:
        for title in (INDUSTRY, CROSSED):
            rows = [[cell.value for cell in row] for row in book[title].iter_rows(min_row=4)]
            book[title].delete_rows(4, len(rows))
            for row in reversed(rows):
                book[title].append(row)

    back = desk.edit(upside_down).back()

    text = back.decode()
    assert sheet_in(back) == sheet_in(SHIPPED.read_bytes())
    assert text.index('other_service: "105000"\n      infra') < text.index('retail: "92800" # 93,000 and 160,010\n')
    assert 'wide: {no: "1.250"}\n      basic: {yes: "0.936", no: "1.000"}\n' in text


@settings(max_examples=10, derandomize=True, deadline=None)
@given(data=st.data())
def test_any_figure_comes_back_as_it_was_typed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Between the two neighbours it stays rising, and so a tariff."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    rows = list((sheet_in(SHIPPED.read_bytes()).tables["turnover_curve"].interpolated or {}).items())
    at = data.draw(st.integers(1, len(rows) - 2))
    low, high = (int(rows[one][1] * 1_000_000) for one in (at - 1, at + 1))
    figure = Decimal(data.draw(st.integers(low, high))).scaleb(-6)
    typed = data.draw(st.sampled_from(list[Typed]([str(figure), float(figure)])))

    back = desk.edit(put(CURVE, (rows[at][0],), "係数", typed)).back()

    expected = sheet_in(SHIPPED.read_bytes()).model_dump()
    expected["tables"]["turnover_curve"]["interpolated"][rows[at][0]] = figure
    assert sheet_in(back).model_dump() == expected


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param(0.936, "0.936", id="a binary fraction"),
        pytest.param(67_400, "67400", id="a whole number"),
        pytest.param(67_400.0, "67400", id="a whole number as a fraction"),
        pytest.param("１．０５", "1.05", id="full width"),
        pytest.param(" 67,400 ", "67400", id="with a comma and spaces"),
        pytest.param("1.050", "1.050", id="text keeps its noughts"),
    ],
)
def test_a_figure_is_taken_as_the_person_meant_it(desk: Desk, typed: Typed, written: str) -> None:
    desk.edit(put(INDUSTRY, ("hotel",), "金額(円)", typed))

    assert f'      hotel: "{written}"\n' in desk.back().decode()


def test_a_figure_typed_again_is_no_edit(desk: Desk) -> None:
    desk.edit(put(LIMITS, (100_000_000,), "係数", 1))

    assert desk.back() == SHIPPED.read_bytes()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (1 / 3, "は小数6桁を超えています"),
        ("1.0000001", "「1.0000001」は小数6桁を超えています"),
        ("十二", "「十二」は数ではありません"),
        ("NaN", "「NaN」は数ではありません"),
        ("1e400", "「1e400」は数ではありません"),
        (True, "「True」は数ではありません"),
        (datetime(2026, 10, 1), "「2026-10-01」は数ではありません"),  # noqa: DTZ001  as Excel keeps a date
        ("=1+1", "数式は使えません"),
        (None, "「係数」がありません"),
        ("-1", "must not be below nought"),
        ("0", "a factor of 0 would give the whole cover away"),
        ("9", "the table is said to be rising"),
    ],
)
def test_what_cannot_be_a_figure_is_refused_with_its_cell(desk: Desk, typed: Typed, words: str) -> None:
    desk.edit(put(LIMITS, (20_000_000,), "係数", typed))

    (refusal,) = desk.refusal()

    assert refusal.startswith((f"シート「{LIMITS}」C4: ", f"シート「{LIMITS}」C5: "))
    assert words in refusal


@pytest.mark.parametrize(
    ("edit", "cell", "words"),
    [
        pytest.param(delete(INDUSTRY, "hotel"), INDUSTRY, "no row for hotel", id="a choice without a row"),
        pytest.param(
            insert(INDUSTRY, ("hotel",), "florist", None, 1), f"{INDUSTRY}」C14", "no such choice", id="no such choice"
        ),
        pytest.param(
            insert(INDUSTRY, ("hotel",), "retail", None, 1), f"{INDUSTRY}」A14", "5行目にもあります", id="a row twice"
        ),
        pytest.param(insert(CURVE, (2_000,), 1_800.5, None, 1), f"{CURVE}」A7", "整数ではありません", id="half a yen"),
        pytest.param(insert(CURVE, (2_000,), None, None, 1), f"{CURVE}」A7", "「turnover」がありません", id="no key"),
        pytest.param(
            insert(CURVE, (1_000,), 2_000, None, 1), f"{CURVE}」A8", "4行目にもあります", id="a row twice, above"
        ),
        pytest.param(
            put(WEIGHTS, ("d3_10",), "尺度", "gold"), f"{WEIGHTS}」A16", "no scale 'gold'", id="no such scale"
        ),
        pytest.param(
            put(WEIGHTS, ("d3_10",), "または {質問: 尺度}", "d3_15_a"), f"{WEIGHTS}」E", "形ではありません", id="braces"
        ),
        pytest.param(
            put(RULES, ("card-issuing",), "条件 {質問: [回答]}", "{d3_03: [maybe]}"),
            f"{RULES}」C5",
            "d3_03 has no choice maybe",
            id="no such answer",
        ),
        pytest.param(put("概要", ("tariff",), "値", "来春"), "概要」B4", "日付", id="no date"),
        pytest.param(delete("概要", "valid_days"), "概要", "「valid_days」の行がありません", id="a value less"),
        pytest.param(insert("概要", ("valid_days",), "x", 1), "概要」A5", "加えられません", id="a value more"),
        pytest.param(
            put("概要", ("turnover_curve.power",), "メモ", "x"),
            "概要」D9",
            "このとおりには書き込めません",
            id="no room",
        ),
        pytest.param(lambda book: book.remove(book[CURVE]), CURVE, "シートがありません", id="a sheet less"),
        pytest.param(lambda book: book[CURVE].delete_rows(3), CURVE, "見出しが変わっています", id="no header"),
        pytest.param(
            lambda book: book[CURVE].delete_rows(4, 100), CURVE, "少なくとも1行必要です", id="nothing on a sheet"
        ),
    ],
)
def test_a_broken_edit_is_refused_where_it_stands(desk: Desk, edit: Edit, cell: str, words: str) -> None:
    desk.edit(edit)

    refusal = desk.refusal()

    assert any(line.startswith(f"シート「{cell}") and words in line for line in refusal), refusal


def test_everything_that_is_wrong_is_told_at_once(desk: Desk) -> None:
    def edit(book: Workbook) -> None:
        put(LIMITS, (20_000_000,), "係数", "x")(book)
        put(INDUSTRY, ("retail",), "金額(円)", "y")(book)

    assert len(desk.edit(edit).refusal()) == 2


def test_a_new_date_makes_a_new_tariff(desk: Desk) -> None:
    desk.edit(put("概要", ("tariff",), "値", datetime(2027, 4, 1)))  # noqa: DTZ001  as Excel keeps a date

    assert desk.changes("2027-04-01.yaml") == ['- tariff: "2026-10-01"', '+ tariff: "2027-04-01"']
    assert desk.refusal() == [
        "シート「概要」B4: 実施日が 2027-04-01 なので、ファイル名は 2027-04-01.yaml としてください(2026-10-01.yaml)"
    ]


def test_a_row_is_as_high_as_its_longest_cell_needs(desk: Desk) -> None:
    sheet = load_workbook(desk.path)[INDUSTRY]

    heights = [sheet.row_dimensions[row_of(sheet, key)].height for key in ("retail", "it")]

    assert heights == [15, 30]


def test_derived_cells_do_not_matter(desk: Desk) -> None:
    desk.edit(put(INDUSTRY, ("retail",), "名称", "=1+1"))

    assert desk.back() == SHIPPED.read_bytes()


def test_what_was_moved_about_in_excel_is_still_found(desk: Desk) -> None:
    def edit(book: Workbook) -> None:
        book[INDUSTRY].insert_rows(1)
        book[INDUSTRY].insert_cols(1)
        book[CURVE].insert_rows(10)
        book.move_sheet(INDUSTRY, -2)

    assert desk.edit(edit).back() == SHIPPED.read_bytes()


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    """A tariff from elsewhere must not run anything in an actuary's Excel."""
    evil = '=HYPERLINK("http://example.com","x")'
    content = SHIPPED.read_text("utf-8").replace("# 93,000 and 160,010", f"# {evil}").encode()
    desk = Desk(tmp_path, content)

    cells = [cell for sheet in load_workbook(desk.path) for row in sheet.iter_rows() for cell in row]

    assert [cell.data_type for cell in cells if cell.value == evil] == ["s"]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert desk.back() == content


def test_the_file_as_it_was_is_out_of_sight_and_cannot_be_changed(desk: Desk) -> None:
    """Otherwise a figure could slip in that stands on no sheet."""

    def tamper(book: Workbook) -> None:
        assert book["_original"].sheet_state == "veryHidden"
        book["_original"]["A20"].value = '"# x"'

    (refusal,) = desk.edit(tamper).refusal()

    assert "原本が書き換えられています" in refusal


def test_only_our_own_workbooks_are_taken(tmp_path: Path) -> None:
    other, broken = tmp_path / "other.xlsx", tmp_path / "broken.xlsx"
    Workbook().save(other)
    broken.write_bytes(b"PK nonsense")

    for path, words in ((other, "export"), (broken, "読めません"), (tmp_path / "none.xlsx", "読めません")):
        with pytest.raises(Invalid, match=words):
            imported(path, NAME, PRODUCT)


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["tariff", *map(str, arguments)])
    return result.exit_code, result.output


def test_on_the_command_line_there_and_back(tmp_path: Path) -> None:
    workbook, out = tmp_path / "review.xlsx", tmp_path / NAME

    exports = run("export", "2026-10-01", workbook)
    imports = run("import", workbook, out)

    assert (exports[0], imports[0]) == (0, 0)
    assert "0行を追加、0行を削除" in imports[1]
    assert out.read_bytes() == SHIPPED.read_bytes()


def test_nothing_is_written_over_unless_that_is_meant(tmp_path: Path) -> None:
    workbook, out = tmp_path / "review.xlsx", tmp_path / NAME
    out.write_text("mine", "utf-8")
    run("export", "2026-10-01", workbook)

    refused = run("import", workbook, out)

    assert (refused[0], "--force" in refused[1], out.read_text("utf-8")) == (2, True, "mine")
    assert run("import", workbook, out, "--force")[0] == 0
    assert run("export", "2026-10-01", workbook)[0] == 2


def test_what_is_published_is_never_written_over(tmp_path: Path, desk: Desk) -> None:
    products = tmp_path / "products"
    published = copy_of_the_product(products) / "tariff" / NAME
    desk.edit(put(INDUSTRY, ("retail",), "金額(円)", 93_800))

    code, output = run("--products", products, "import", desk.path, published, "--force")

    assert (code, published.read_bytes()) == (2, SHIPPED.read_bytes())
    assert "新しい実施日" in output


def test_a_broken_tariff_is_not_written(tmp_path: Path, desk: Desk) -> None:
    out = tmp_path / NAME
    desk.edit(put(INDUSTRY, ("retail",), "金額(円)", "many"))

    code, output = run("import", desk.path, out)

    assert (code, out.exists()) == (2, False)
    assert f"シート「{INDUSTRY}」C5" in output
