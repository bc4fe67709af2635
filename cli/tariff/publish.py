"""From a draft to a tariff that prices: checked in every way that we have, then taken in for good."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, app, product_named


@app.command()
def publish(
    draft: Annotated[
        Path, typer.Argument(help="料率表のファイル(実施日.yaml)。検算例は、その隣の golden/ の同じ名前のファイル")
    ],
    product: Annotated[str, typer.Option(help="商品 (product)")] = PRODUCT,
) -> None:
    """検査と検算例に合格した料率表を商品に加える。以後は変更できない (take a tariff in, for good)."""
    with exit_on_error():
        from pricing.actuary.edition import edition  # noqa: PLC0415  # `--help` stays quick
        from pricing.actuary.golden import check, read_golden  # noqa: PLC0415  # `--help` stays quick
        from pricing.actuary.lint import lint  # noqa: PLC0415  # `--help` stays quick
        from pricing.tariff.published import publish as take_in  # noqa: PLC0415  # `--help` stays quick
        from shared.errors import Invalid  # noqa: PLC0415  # `--help` stays quick

        sold = product_named(product)
        found = edition(str(draft), sold)
        findings = lint(draft, sold.form).findings
        if findings:
            raise Invalid("\n".join(["lint の指摘があるため、公開できません。", *map(str, findings)]))
        failed = [one.case for one in check(read_golden(found.golden, sold.form), found.tariff) if one.mismatches]
        if failed:
            raise Invalid(f"検算例が一致しないため、公開できません: {'、'.join(failed)}")
        folder = sold.folder / "tariff"
        if (folder / draft.name).exists():
            raise Invalid(f"{draft.stem} はすでに公開されています。変更は、新しい実施日の料率表にしてください。")
        # The cases first: a tariff that prices people always has them beside it.
        golden = folder / "golden" / draft.name
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(found.golden.read_bytes())
        take_in(folder, draft.name, found.source.text.encode(), found.tariff.sha256)
    print(f"{folder / draft.name} を公開しました。{found.tariff.effective:%Y年%m月%d日}の受付分から有効です。")
