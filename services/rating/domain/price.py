"""The price of a cover: a pure function of the answers and the tariff. Any doubt makes it a referral."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from services.rating.domain.money import EXACT, round_half_up
from services.rating.domain.quote import Offered, Option, Reason, Referred, Result, Working
from services.rating.domain.reading import Reading, because, read
from shared.products.tariff import Adjustment, Known, Part, Step, Tariff


def price(answers: Mapping[str, object], tariff: Tariff) -> Result:
    """The chosen cover with its workings, or every reason why a person must answer instead."""
    reading = read(answers, tariff)
    with localcontext(EXACT):
        figures = [_Figure(part, step, step.factor(reading.known)) for part in reading.parts for step in part.steps]
        reasons = [*_broken_rules(reading, tariff), *reading.reasons, *_gaps(figures, reading, tariff)]
        complete = not reading.reasons and all(figure.factor is not None for figure in figures)
        workings = tuple(_work(figures, reading.known, tariff)) if complete else ()
    if workings and workings[-1].amount > tariff.authority_yen:
        reasons.append(because("over-authority", tariff))
    if reasons:
        return Referred(tuple(reasons))
    return Offered((_chosen(reading.known, tariff, int(workings[-1].amount)),), workings)


@dataclass(frozen=True, slots=True)
class _Figure:
    part: Part
    step: Step | Adjustment
    factor: Decimal | None


def _broken_rules(reading: Reading, tariff: Tariff) -> Iterator[Reason]:
    return (Reason(rule.code, rule.says) for rule in tariff.rules if rule.holds(reading.known))


def _gaps(figures: list[_Figure], reading: Reading, tariff: Tariff) -> Iterator[Reason]:
    """One reason per answer that has no row, unless a rule has said already why it has none."""
    told = {key for rule in tariff.rules if rule.holds(reading.known) for key in rule.when}
    for figure in figures:
        if figure.factor is None and isinstance(figure.step, Step):
            table = figure.step.table
            if table.reads in reading.known and table.reads not in told:
                told.add(table.reads)
                yield because(table.outside, tariff, tariff.questions[table.reads])


def _work(figures: list[_Figure], known: Known, tariff: Tariff) -> Iterator[Working]:
    """Each part from its base through its factors, then their sum, the bound and the one rounding."""
    amounts: dict[str, Decimal] = {}
    for figure in figures:
        factor = figure.factor or Decimal()
        started = figure.part.label in amounts
        amounts[figure.part.label] = amount = amounts[figure.part.label] * factor if started else factor
        told = figure.step.input(known, tariff.questions)
        yield Working(figure.step.label, told, factor if started else None, amount)
    total = sum(amounts.values(), Decimal())
    if len(amounts) > 1:
        yield Working("合計", "+".join(amounts), None, total)
    if total < tariff.minimum_premium_yen:
        total = tariff.minimum_premium_yen
        yield Working("最低保険料の適用", "", None, total)
    # Round once, at the end: rounding every step drifts by tens of 円 on a long tariff.
    premium = round_half_up(total, tariff.round_to_yen)
    yield Working(f"{tariff.round_to_yen}円単位に四捨五入", "", None, Decimal(premium))


def _chosen(known: Known, tariff: Tariff, premium_yen: int) -> Option:
    def amount(key: str) -> int:
        answer = known[key]
        if not isinstance(answer, int):
            raise TypeError(f"{key} is not an amount")
        return answer

    riders = (key.removeprefix("rider_") for key in tariff.questions if key.startswith("rider_"))
    return Option(
        plan=str(known["plan"]),
        liability_limit=amount("liability_limit"),
        cost_limit=amount("cost_limit"),
        liability_deductible=amount("liability_deductible"),
        cost_deductible=amount("cost_deductible"),
        riders=tuple(rider for rider in riders if known.get(f"rider_{rider}") == "yes"),
        premium=premium_yen,
        chosen=True,
    )
