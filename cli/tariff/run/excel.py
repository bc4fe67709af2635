"""`mitsumori tariff export` and `import`."""

import difflib
from pathlib import Path

from cli.tariff.run.products import find_product
from pricing.actuary.excel import ImportedTariff, export_tariff, import_tariff
from pricing.actuary.tariff_file import find_tariff_file
from pricing.tariff import PricedProduct
from shared.errors import Invalid


def run_export(tariff: str, out: Path, product: str, *, force: bool) -> None:
    """Write the workbook of *tariff*."""
    if out.suffix.lower() != ".xlsx":
        raise Invalid(f"{out}: 書き出すファイルの名前は .xlsx で終わるようにしてください。")
    sold = find_product(product)
    _write(out, export_tariff(find_tariff_file(tariff, sold), sold), force=force)
    print(f"{out} に書き出しました。")


def run_import(workbook: Path, out: Path, product: str, *, force: bool) -> None:
    """Write the tariff in *workbook*."""
    sold = find_product(product)
    _refuse_published(out, sold)
    imported = import_tariff(workbook, out.name, sold)
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
