"""What is checked before a tariff is published: its mistakes, its golden cases, and what it changes."""

from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, AsJson, Product, app

Tariffs = Annotated[
    list[str] | None, typer.Argument(metavar="[TARIFF]...", help="実施日またはファイル。省略時はすべて")
]


@app.command()
def lint(tariffs: Tariffs = None, product: Product = PRODUCT, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """料率表の誤りを探す (everything the loader refuses, and what it lets pass; exit 1 on any finding)."""
    with exit_on_error():
        from cli.tariff.run.lint import run_lint  # noqa: PLC0415  # `--help` stays quick

        raise typer.Exit(run_lint(tariffs, product, as_json=as_json))


@app.command()
def golden(tariffs: Tariffs = None, product: Product = PRODUCT, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """検算例を計算し、違いを示す (the golden cases beside the tariff; exit 1 when one fails)."""
    with exit_on_error():
        from cli.tariff.run.golden import run_golden  # noqa: PLC0415  # `--help` stays quick

        raise typer.Exit(run_golden(tariffs, product, as_json=as_json))


@app.command()
def diff(  # typer takes the options by name
    before: Annotated[str, typer.Argument(metavar="A", help="今の料率表(実施日またはファイル)")],
    after: Annotated[str, typer.Argument(metavar="B", help="比べる料率表(実施日またはファイル)")],
    text: Annotated[bool, typer.Option("--text", help="ファイルの差分(行ごと)を出力する")] = False,  # noqa: FBT002  # a flag
    as_json: AsJson = False,  # noqa: FBT002  # a flag
    product: Product = PRODUCT,
) -> None:
    """二つの料率表の違いと、検算例の保険料の増減 (what differs, and what it does; exit 1 when they differ)."""
    with exit_on_error():
        from cli.tariff.run.diff import run_diff  # noqa: PLC0415  # `--help` stays quick

        raise typer.Exit(run_diff(before, after, product, as_text=text, as_json=as_json))
