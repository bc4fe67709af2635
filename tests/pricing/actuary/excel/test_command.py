"""`mitsumori tariff export` and `import`: nothing is written over by mistake, and nothing broken is written."""

from pathlib import Path

from typer.testing import CliRunner

from cli.main import app
from tests.pricing.actuary.excel.builders import INDUSTRY, NAME, SHIPPED, EditedWorkbook, put
from tests.shared.products.builders import copy_of_the_product


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["tariff", *map(str, arguments)])
    return result.exit_code, result.output


def test_export_and_import_give_back_the_same_file(tmp_path: Path) -> None:
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


def test_what_is_published_is_never_written_over(tmp_path: Path, workbook: EditedWorkbook) -> None:
    products = tmp_path / "products"
    published = copy_of_the_product(products) / "tariff" / NAME
    workbook.edit(put(INDUSTRY, ("retail",), "金額(円)", 93_800))

    code, output = run("--products", products, "import", workbook.path, published, "--force")

    assert (code, published.read_bytes()) == (2, SHIPPED.read_bytes())
    assert "新しい実施日" in output


def test_a_broken_tariff_is_not_written(tmp_path: Path, workbook: EditedWorkbook) -> None:
    out = tmp_path / NAME
    workbook.edit(put(INDUSTRY, ("retail",), "金額(円)", "many"))

    code, output = run("import", workbook.path, out)

    assert (code, out.exists()) == (2, False)
    assert f"シート「{INDUSTRY}」C5" in output
