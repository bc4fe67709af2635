"""`mitsumori tariff export` and `import`: a tariff as a workbook, for those who would rather not edit YAML."""

import difflib
from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, Product
from cli.tariff.products import find_product
from pricing.actuary.excel import ImportedTariff, export_tariff, import_tariff
from pricing.actuary.tariff_file import find_tariff_file
from pricing.tariff import PricedProduct
from shared.errors import Invalid

Force = Annotated[bool, typer.Option("--force", help="同じ名前のファイルがあれば上書きする")]


@exit_on_error()
def export_workbook(
    tariff: Annotated[str, typer.Argument(help="料率表の実施日またはファイル")],
    out: Annotated[Path, typer.Argument(help="書き出す Excel ファイル(.xlsx)")],
    product: Product = PRODUCT,
    force: Force = False,  # noqa: FBT002  # a flag
) -> None:
    """料率表を Excel に書き出す (a tariff as a workbook; figures stay exact)."""
    if out.suffix.lower() != ".xlsx":
        raise Invalid(f"{out}: 書き出すファイルの名前は .xlsx で終わるようにしてください。")
    priced = find_product(product)
    _write(out, export_tariff(find_tariff_file(tariff, priced), priced), force=force)
    print(f"{out} に書き出しました。")


@exit_on_error()
def import_workbook(
    workbook: Annotated[Path, typer.Argument(help="export で作り、編集した Excel ファイル")],
    out: Annotated[Path, typer.Argument(help="書き込む料率表(実施日.yaml)")],
    product: Product = PRODUCT,
    force: Force = False,  # noqa: FBT002  # a flag
) -> None:
    """Excel で編集した料率表を YAML に戻す (only what was edited changes; a broken tariff is not written)."""
    priced = find_product(product)
    _refuse_published(out, priced)
    imported = import_tariff(workbook, out.name, priced)
    _write(out, imported.after, force=force)
    added, removed = _changed_lines(imported)
    print(f"{out} に書き込みました。元の料率表から {added}行を追加、{removed}行を削除しました。")


def _refuse_published(path: Path, product: PricedProduct) -> None:
    if path.resolve() in {product.folder.resolve() / "tariff" / f"{tariff.id}.yaml" for tariff in product.tariffs}:
        raise Invalid(f"{path} は公開された料率表のため、上書きできません。新しい実施日の料率表にしてください。")


def _changed_lines(imported: ImportedTariff) -> tuple[int, int]:
    before, after = (text.decode().split("\n") for text in (imported.before, imported.after))
    lines = list(difflib.unified_diff(before, after, n=0))[2:]  # without the names of the files
    return sum(line.startswith("+") for line in lines), sum(line.startswith("-") for line in lines)


def _write(path: Path, content: bytes, *, force: bool) -> None:
    try:
        with path.open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError:
        raise Invalid(f"{path} はすでにあります。上書きするには --force を付けてください。") from None
    except OSError as error:
        raise Invalid(f"{path} に書き込めません({error.strerror})。") from None
