"""`mitsumori companies`: imports Japan's companies, so that the form fills in the address of the one that is chosen."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, Data
from services.intake.adapters.company_file import PublishedFiles
from services.intake.adapters.company_list import SqliteCompanyList
from services.intake.domain.company_row import Left, Unread
from services.intake.usecases.import_companies import ImportCompanies, Imported

app = typer.Typer(help="法人番号の一覧 (Japan's companies, for the form)", no_args_is_help=True)

_LEFT: Final[dict[Left, str]] = {
    "closed": "登記記録の閉鎖等",
    "deleted": "法人番号の削除",
    "past": "過去の履歴",
    "excluded": "検索対象除外",
    "abroad": "国内の所在地なし",
}
_UNREAD: Final[dict[Unread, str]] = {
    "columns": "項目の数が30ではありません",
    "number": "法人番号が正しくありません",
    "name": "商号又は名称がありません",
}


@app.callback()
def companies() -> None:
    """Keeps `import` a command of a group: there is only one so far."""


@app.command("import")
@exit_on_error()
def import_companies(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="全件データ（CSV・Unicode、または ZIP のまま）")
    ],
    to: Annotated[
        Path | None, typer.Option(envvar="MITSUMORI_COMPANIES", help="一覧の置き場所。省略時はデータフォルダの中")
    ] = None,
    data: Data = DEFAULT_DATA,
    fewer: Annotated[bool, typer.Option("--fewer", help="前回の半分に満たなくても置き換える")] = False,  # noqa: FBT002  # a flag
) -> None:
    """国税庁の全件データを取り込み、前回の一覧と置き換える (import the National Tax Agency's file)."""
    path = to or data / "companies.sqlite"
    importing = ImportCompanies(files=PublishedFiles(), companies=SqliteCompanyList(path))
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("取り込んでいます", total=1)
        done = importing(files, lambda part: bar.update(task, completed=part), fewer=fewer)
    _print(done, path)


def _print(done: Imported, path: Path) -> None:
    print(f"{path} に{done.kept:,}件を取り込みました。このファイルを使うフォームでは、次の検索から反映されます。")
    counted = [(label, done.left_out.get(reason, 0)) for reason, label in _LEFT.items()]
    for label, count in [*counted, ("同じ法人番号の重複", done.repeated), ("読み取れない行", done.unreadable)]:
        if count:
            print(f"  除いたもの　{label}: {count:,}件")
    for name, line, reason in done.unread:
        print(f"  {name} の{line:,}行目: {_UNREAD[reason]}")
