"""How the commands print: JSON, tables, short amounts."""

import json

from rich.box import SIMPLE_HEAD
from rich.table import Table


def print_json(value: object) -> None:
    """Print *value* as JSON, for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def new_table(title: str, *columns: str, right: tuple[str, ...] = (), fold: bool = False) -> Table:
    """A narrow table for many columns. Those in *right* are numbers. With *fold*, long cells are folded; else cut."""
    table = Table(title=title, box=SIMPLE_HEAD, padding=0)
    for name in columns:
        table.add_column(
            name,
            justify="right" if name in right else "left",
            overflow="fold" if fold else "ellipsis",
            no_wrap=not fold,
        )
    return table


def short_yen(yen: int) -> str:
    """A limit or a turnover, short enough for a column: whole 億 or 万, without 円."""
    oku, man = divmod(yen // 10_000, 10_000)
    return f"{oku:,}億" if oku else f"{man:,}万"
