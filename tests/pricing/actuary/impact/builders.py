"""Books and tariffs for the tests of impact, with many of the cases in which engines err."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np

from pricing.actuary.impact.batch.columns import Column, Columns, answers_at, column_of, questions_of
from pricing.actuary.impact.batch.tariff import REFERRED, BatchTariff
from pricing.actuary.impact.report import Impact
from pricing.actuary.impact.rerate import rerate_synthetic
from pricing.actuary.impact.synthetic import synthetic_book
from pricing.engine.price import premium_of
from pricing.tariff import Tariff, parse_tariff
from shared.products.source import Source, read_yaml
from tests.pricing.builders import PRODUCT, TARIFF

PUBLISHED: Final[Source] = read_yaml(PRODUCT.folder / "tariff" / "2026-10-01.yaml")
CREATED_ON: Final = date(2026, 11, 24)


def changed_tariff(change: Callable[[dict[str, Any]], None]) -> Tariff:
    """The published tariff, its file changed in one way, through every check of the loader."""
    data = deepcopy(PUBLISHED.data)
    change(data)
    return parse_tariff(replace(PUBLISHED, data=data), PRODUCT.form)


def _dearer(data: dict[str, Any]) -> None:
    data["tables"]["industry_base"]["exact"]["retail"] = "111111"
    data["tables"]["industry_base"]["exact"]["it"] = "800000"
    data["rules"]["incident-reported"]["when"]["incidents"] = ["yes"]
    data["rules"]["wide-plan"] = {"when": {"plan": ["wide"], "industry": ["hotel"]}, "says": "個別の審査が必要です。"}


DEARER: Final[Tariff] = changed_tariff(_dearer)


def synthetic_impact(after: Tariff = DEARER, rows: int = 3_000, seed: int = 1) -> Impact:
    book = rerate_synthetic((BatchTariff.of(TARIFF), BatchTariff.of(after)), rows, seed, lambda _rows: None)
    return Impact.of_synthetic_book((TARIFF, after), book, seed, CREATED_ON)


def even_book(rows: int, tariff: Tariff, seed: int) -> Columns:
    """Every choice as often as the next, and turnover over all magnitudes; only what ends in a referral is rarer."""
    chance = np.random.Generator(np.random.PCG64(seed))
    columns: dict[str, Column] = dict(synthetic_book(rows, [tariff], [seed]))
    decisive = {key for rule in tariff.rules for key in rule.when}
    for key, question in questions_of([tariff]).items():
        if question.kind == "thousand_yen":
            even = np.exp(chance.uniform(np.log(900), np.log(5.2e8), rows)).astype(np.int64)
            columns[key] = np.where(chance.random(rows) < 0.8, even, columns[key])
        elif question.kind != "multi" and key not in decisive:
            columns[key] = column_of(question, chance.integers(0, len(question.choices), rows))
    return columns


def disagreements(columns: Columns, tariff: Tariff) -> list[tuple[dict[str, Any], int, int]]:
    """The requests that the columns and the engine price differently, with both premiums."""
    premiums = BatchTariff.of(tariff).premiums(columns)
    questions = questions_of([tariff])
    requests = [answers_at(row, columns, questions) for row in range(len(premiums))]
    engine = [by_engine(answers, tariff) for answers in requests]
    rows = zip(requests, premiums.tolist(), engine, strict=True)
    return [(answers, batch, single) for answers, batch, single in rows if batch != single]


def by_engine(answers: dict[str, Any], tariff: Tariff) -> int:
    premium = premium_of(answers, tariff)
    return premium if isinstance(premium, int) else REFERRED
