"""`mitsumori tariff publish`: a draft that passes every check becomes a tariff of the product, unchangeable."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, Product
from cli.tariff.products import find_product
from pricing.actuary.golden import check_cases, read_golden_cases
from pricing.actuary.lint import lint
from pricing.actuary.tariff_file import TariffFile, load_tariff_file
from pricing.tariff import PricedProduct
from pricing.tariff.published import publish
from shared.errors import Invalid


@exit_on_error()
def publish_draft(
    draft: Annotated[
        Path, typer.Argument(help="料率表のファイル(実施日.yaml)。検算例は、その隣の golden/ の同じ名前のファイル")
    ],
    product: Product = PRODUCT,
) -> None:
    """検査と検算例に合格した料率表を商品に加える。以後は変更できない (take a tariff in, for good)."""
    priced = find_product(product)
    file = load_tariff_file(str(draft), priced)
    _check(draft, file, priced)
    folder = priced.folder / "tariff"
    if (folder / draft.name).exists():
        raise Invalid(f"{draft.stem} はすでに公開されています。変更は、新しい実施日の料率表にしてください。")
    # The cases first: a tariff that prices requests must never be without them.
    golden = folder / "golden" / draft.name
    golden.parent.mkdir(exist_ok=True)
    golden.write_bytes(file.golden_path.read_bytes())
    publish(folder, draft.name, file.source.text.encode(), file.tariff.sha256)
    print(f"{folder / draft.name} を公開しました。{file.tariff.effective:%Y年%m月%d日}の受付分から有効です。")


def _check(draft: Path, file: TariffFile, product: PricedProduct) -> None:
    findings = lint(draft, product.form).findings
    if findings:
        raise Invalid("\n".join(["lint の指摘があるため、公開できません。", *map(str, findings)]))
    outcomes = check_cases(read_golden_cases(file.golden_path, product.form), file.tariff)
    failed = [outcome.case for outcome in outcomes if outcome.mismatches]
    if failed:
        raise Invalid(f"検算例が一致しないため、公開できません: {'、'.join(failed)}")
