"""A book under two tariffs: in columns with a sample checked by the engine, or one request after another."""

from pricing.actuary.impact.batch.tariff import BatchTariff
from pricing.actuary.impact.rerate import rerate_requests, rerate_synthetic
from tests.pricing.actuary.impact.builders import DEARER, by_engine, synthetic_impact
from tests.pricing.builders import TARIFF, answers


def test_the_sample_is_priced_again_by_the_engine_and_agrees() -> None:
    book = synthetic_impact().book

    assert (book.checked, book.differences) == (3_000, ())


def test_a_book_of_several_chunks_is_whole_and_its_progress_is_reported() -> None:
    progress: list[int] = []

    book = rerate_synthetic((BatchTariff.of(TARIFF), BatchTariff.of(DEARER)), 60_000, 1, progress.append)

    assert (book.rows, sum(progress), len(progress), book.checked, book.differences) == (60_000, 60_000, 3, 10_000, ())


def test_real_requests_are_priced_one_by_one() -> None:
    requests = [answers(), answers(industry="manufacturing"), answers(incidents="unknown"), {"turnover": 10**30}]

    book = rerate_requests((TARIFF, DEARER), requests, lambda _rows: None)

    assert book.before.tolist() == [by_engine(request, TARIFF) for request in requests]
    assert book.after.tolist() == [111_110, *(by_engine(request, DEARER) for request in requests[1:])]
