"""Two runs of the benchmarks side by side: only their ratio says something when the machines differ."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table


def compare(old: Mapping[str, Mapping[str, float]], new: Mapping[str, Mapping[str, float]]) -> None:
    """Print every figure of either run, and the new one as a multiple of the old one."""
    table = Table("figure", "old", "new", "new / old", box=None)
    for section in dict.fromkeys([*old, *new]):
        before, after = old.get(section, {}), new.get(section, {})
        for name in dict.fromkeys([*before, *after]):
            a, b = before.get(name), after.get(name)
            table.add_row(f"{section}: {name}", _shown(a), _shown(b), f"{b / a:.2f}" if a and b is not None else "–")
    Console(soft_wrap=True).print(table)


def _shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:,.4g}"
