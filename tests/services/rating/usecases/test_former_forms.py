"""A request is priced under the form that it was sent under, also when a release came between the two.

A published tariff never changes. The form does, so an earlier tariff belongs to an earlier form.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pricing.tariff import PricedProduct, load_priced_product
from services.rating.usecases.replay import Replay, Same
from shared.events import QuoteOffered, QuoteReferred
from shared.products import ProductError
from tests.pricing.builders import PRODUCT
from tests.services.rating.builders import FOR_DESK, FOR_RATING, a_request, rate_request
from tests.services.rating.fakes import InMemoryEditions, InMemoryQuotes
from tests.shared.products.builders import REMOVED_INDUSTRY, Edit, a_release_of, a_release_without_retail

pytestmark = pytest.mark.anyio

THEN = PRODUCT.form.version
RENAMED_INDUSTRY: Edit = ("{value: retail, label: 小売業}", "{value: retail, label: 小売・販売業}")
NEXT_DAY = datetime(2027, 4, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def without_retail(tmp_path: Path) -> PricedProduct:
    return load_priced_product(a_release_without_retail(tmp_path))


async def rated(
    product: PricedProduct, version: str, at: datetime | None = None
) -> tuple[QuoteOffered | QuoteReferred, str]:
    """The event, and the business in the workings that the desk reads."""
    quotes, editions = InMemoryQuotes(), InMemoryEditions()
    request = a_request() if at is None else a_request(accepted_at=at)
    await rate_request(quotes, editions, product)(request.model_copy(update={"form_version": version}))
    (quote,), (event,) = quotes.kept.values(), quotes.events
    if isinstance(event, QuoteOffered):
        assert await Replay(editions, FOR_RATING)(quote) == Same()
    workings = FOR_DESK.open(event.parcels["desk"])["workings"]
    return event, workings[0]["input"] if workings else ""


async def test_the_workings_have_the_words_that_were_answered(tmp_path: Path) -> None:
    """Rating was down for a release: the desk read a business that the customer had not been offered."""
    product = load_priced_product(a_release_of(tmp_path, RENAMED_INDUSTRY))

    _, then = await rated(product, THEN)
    _, today = await rated(product, product.form.version)

    assert (then, today) == ("小売業", "小売・販売業")


async def test_a_choice_that_is_sold_no_more_is_priced_for_whoever_made_it(without_retail: PricedProduct) -> None:
    """The published tariff did not fit the new form, so rating did not start, and a tariff cannot be corrected."""
    event, business = await rated(without_retail, THEN)

    assert isinstance(event, QuoteOffered)
    assert (event.head and event.head.premium, event.tariff.id, business) == (92_800, "2026-10-01", "小売業")


async def test_where_form_and_tariff_do_not_fit_a_person_answers(without_retail: PricedProduct) -> None:
    """Sent in April from a page of March: no figure is taken from a tariff that does not know what was asked."""
    event, _ = await rated(without_retail, THEN, NEXT_DAY)

    assert isinstance(event, QuoteReferred)
    assert FOR_DESK.open(event.parcels["desk"])["reasons"] == [
        {"code": "other-form", "message": "ご依頼時の質問表には、受付日の料率表が対応していません。"}
    ]


def test_the_newest_tariff_must_fit_todays_form(tmp_path: Path) -> None:
    """An earlier form excuses only an earlier tariff: a question that nobody priced must still stop the start."""
    folder = a_release_of(tmp_path, REMOVED_INDUSTRY)

    with pytest.raises(ProductError, match="retail"):
        load_priced_product(folder)
