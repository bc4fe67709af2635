"""Books and tariffs for the tests of impact: crowded where engines err."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

import numpy as np

from pricing.actuary.impact.batch import REFERRED, Batch
from pricing.actuary.impact.columns import Column, Columns, answers_at, column_of, questions_of
from pricing.actuary.impact.synthetic import synthetic_book
from pricing.engine.price import premium_of
from pricing.tariff import Tariff, parse_tariff
from shared.products.source import Source, read_yaml
from tests.pricing.builders import PRODUCT

PUBLISHED: Final[Source] = read_yaml(PRODUCT.folder / "tariff" / "2026-10-01.yaml")


def written(change: Callable[[dict[str, Any]], None]) -> Tariff:
    """The published tariff, its file changed in one way, through every check of the loader."""
    data = deepcopy(PUBLISHED.data)
    change(data)
    return parse_tariff(replace(PUBLISHED, data=data), PRODUCT.form)


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
    found = Batch.of(tariff).premiums(columns)
    questions = questions_of([tariff])
    requests = [answers_at(row, columns, questions) for row in range(len(found))]
    engine = [by_engine(answers, tariff) for answers in requests]
    rows = zip(requests, found.tolist(), engine, strict=True)
    return [(answers, ours, theirs) for answers, ours, theirs in rows if ours != theirs]


def by_engine(answers: dict[str, Any], tariff: Tariff) -> int:
    premium = premium_of(answers, tariff)
    return premium if isinstance(premium, int) else REFERRED
