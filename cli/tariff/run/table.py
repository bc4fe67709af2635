"""`mitsumori tariff table`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rich.console import Console

from cli.tariff.run.output import new_table, short_yen
from cli.tariff.run.products import find_product, tariff_or_in_force
from pricing.actuary.premium_table import TURNOVERS, PremiumRow, as_csv, premium_table
from pricing.tariff import Tariff
from shared.errors import Invalid

Terms = Mapping[str, str | int]


def run_table(tariff_name: str | None, product: str, terms: Terms, *, riders: str, score: str, print_csv: bool) -> None:
    """Print the premiums. *terms* are those of the cover but the riders, whose names are in one text."""
    score_given = _score(score)
    tariff = tariff_or_in_force(tariff_name, find_product(product))
    rows = premium_table(tariff, _cover(terms, riders, tariff), score_given)
    if print_csv:
        print(as_csv(rows), end="")
    else:
        _print_table(rows, f"料率表 {tariff.id}、評点 {score_given}")


def _score(text: str) -> Decimal:
    try:
        score = Decimal(text)
    except ArithmeticError:
        score = Decimal(-1)
    if not (score.is_finite() and 0 <= score <= 1):
        raise Invalid(f"評点「{text}」は0から1までの数ではありません。")
    return score


def _cover(terms: Terms, riders: str, tariff: Tariff) -> Terms:
    chosen = {f"rider_{name.strip().removeprefix('rider_')}" for name in riders.split(";") if name.strip()}
    known = [key for key in tariff.questions if key.startswith("rider_")]
    cover = {**terms, **{key: "yes" if key in chosen else "no" for key in known}}
    for key, value in [*cover.items(), *((rider, "yes") for rider in chosen)]:
        if key not in tariff.questions or value not in tariff.questions[key].choices:
            raise Invalid(f"{key} に「{value}」という選択肢はありません。")
    return cover


def _print_table(rows: Sequence[PremiumRow], title: str) -> None:
    turnovers = [short_yen(turnover * 1_000) for turnover in TURNOVERS]
    table = new_table(f"年間保険料(円) {title}", "業種", *turnovers, right=tuple(turnovers))
    table.caption = "列は売上高"
    table.columns[0].max_width = 20
    notes: dict[str, int] = {}
    for row in rows:
        table.add_row(row.name, *(_premium(premium, notes) for premium in row.premiums))
    Console().print(table)
    for codes, number in notes.items():
        print(f"要審査{number}: {codes}")


def _premium(premium: int | str, notes: dict[str, int]) -> str:
    """A premium, or the number of a note below the table; *notes* get a new one when it is not there yet."""
    if isinstance(premium, int):
        return f"{premium:,}"
    return f"要審査{notes.setdefault(premium, len(notes) + 1)}"
