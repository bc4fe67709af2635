"""One request, one quote, whatever happens to the record on its way."""

import asyncio
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pricing.engine.result import ENGINE
from pricing.tariff import Tariff
from services.rating.domain.quote import PlainStep, Quote
from services.rating.usecases.rate import RateRequest
from shared.errors import Invalid
from shared.events import Parcel, QuoteOffered, QuoteReferred
from shared.runtime.parcels import new_key_pair
from tests.pricing.builders import ALL_IN_PLACE, NOON, NOTHING_IN_PLACE, PRODUCT, TARIFF, answers
from tests.services.rating.builders import (
    FOR_DESK,
    FOR_NOTIFY,
    FOR_RATING,
    SEALER,
    a_request,
    rate_request,
    sealer_of,
)
from tests.services.rating.fakes import InMemoryEditions, InMemoryQuotes

pytestmark = pytest.mark.anyio

DEAR = replace(TARIFF, minimum_premium_yen=Decimal(900_000), sha256="dear")


def rate_with(quotes: InMemoryQuotes, *tariffs: Tariff, now: datetime = NOON) -> RateRequest:
    return rate_request(quotes, InMemoryEditions(), replace(PRODUCT, tariffs=tariffs or (TARIFF,)), now)


@dataclass
class Issued:
    """A quote and the event that publishes it."""

    quote: Quote
    event: QuoteOffered | QuoteReferred


async def rated(*tariffs: Tariff, given: dict[str, object] | None = None, now: datetime = NOON) -> Issued:
    """What one request brings."""
    quotes = InMemoryQuotes()
    await rate_with(quotes, *tariffs, now=now)(a_request(given))
    (quote,), (event,) = quotes.kept.values(), quotes.events
    return Issued(quote, event)


def workings_of(quote: Quote) -> tuple[PlainStep, ...]:
    return quote.offer.workings if quote.offer else ()


async def test_a_request_is_offered_a_price() -> None:
    issued = await rated()

    assert isinstance(issued.event, QuoteOffered)
    assert [(option.kind, option.premium, option.chosen) for option in issued.event.options] == [
        ("chosen", 92_800, True),
        ("lighter", 72_100, False),
        ("fuller", 114_230, False),
    ]
    assert (issued.event.revision, issued.event.engine, issued.event.currency) == (1, ENGINE, "JPY")


async def test_the_offer_carries_its_grids_and_what_had_to_be_exchanged() -> None:
    issued = await rated(given=answers(plan="wide", rider_leak_only="yes"))

    assert isinstance(issued.event, QuoteOffered)
    assert [(change.key, change.requested, change.offered) for change in issued.event.changes] == [
        ("plan", "wide", "basic")
    ]
    assert [option.kind for option in issued.event.options if option.chosen] == []
    assert {(grid.rows, grid.columns) for grid in issued.event.grids} == {
        ("liability_limit", "liability_deductible"),
        ("cost_limit", "cost_deductible"),
    }


async def test_notify_gets_three_savings_that_are_easily_had_and_no_answer() -> None:
    """Also of none: whether there is a parcel must not reveal how well a company is protected."""
    some = await rated(given=answers(**NOTHING_IN_PLACE))
    none = await rated(given=answers(**ALL_IN_PLACE, d3_22=["isms", "pmark", "truste"]))

    savings = FOR_NOTIFY.open(some.event.parcels["notify"])["savings"]
    assert [saving.keys() for saving in savings] == [{"advice", "saves"}] * 3
    assert savings[0]["advice"] == "ウイルス対策ソフトと修正プログラムを最新の状態に維持"
    assert "認証" not in "".join(saving["advice"] for saving in savings)
    assert FOR_NOTIFY.open(none.event.parcels["notify"]) == {"savings": []}


async def test_the_worksheet_is_kept_for_nobody_but_rating() -> None:
    issued = await rated()

    opened = FOR_RATING.open(issued.quote.worksheet)
    assert opened["workings"][1]["source"] == "turnover_curve[500000..600000]"
    assert opened["savings"][0].keys() == {"key", "advice", "premium", "saves"}
    assert {tuple(asdict(step)) for step in workings_of(issued.quote)} == {("label", "factor", "amount")}


async def test_a_case_for_a_person_is_referred() -> None:
    issued = await rated(given=answers(incidents="yes"))

    assert isinstance(issued.event, QuoteReferred)
    assert FOR_DESK.open(issued.event.parcels["desk"])["reasons"][0]["code"] == "incident-reported"


async def test_the_desk_can_read_every_step_of_the_price() -> None:
    issued = await rated()

    opened = FOR_DESK.open(issued.event.parcels["desk"])
    assert opened["workings"][0]["amount"] == "92800"
    assert opened["workings"][0].keys() == {"label", "input", "factor", "amount", "source"}
    assert len(opened["savings"]) > 3
    assert opened["reasons"] == []


async def test_neither_the_topic_nor_the_ledger_shows_an_answer() -> None:
    """Turnover and incidents are 告知: only who has a key may read them."""
    offered = await rated(given=answers(turnover=777_777))
    referred = await rated(given=answers(incidents="yes"))

    assert b"777777" not in offered.event.to_json().replace(offered.event.parcels["desk"].box.encode(), b"")
    assert "777,777" not in str(workings_of(offered.quote))
    assert b"incident" not in referred.event.to_json().replace(referred.event.parcels["desk"].box.encode(), b"")
    assert workings_of(referred.quote) == ()


async def test_the_kept_parcel_opens_to_the_answers_that_were_priced() -> None:
    """So that the same yen can be computed again, years later."""
    issued = await rated(given=answers(plan="wide"))

    assert FOR_RATING.open(issued.quote.answers)["answers"] == answers(plan="wide")


@pytest.mark.parametrize("odd", [True, 1.5, None, {}, [1]], ids=str)
async def test_an_answer_of_an_unknown_kind_is_referred_to_a_person(odd: object) -> None:
    """A later intake may say more than this rating understands; a dead letter would answer nobody."""
    issued = await rated(given=answers(turnover=odd))

    assert isinstance(issued.event, QuoteReferred)


@pytest.mark.parametrize("odd", [True, 1.5, None, {}, [1]], ids=str)
async def test_an_answer_that_no_tariff_reads_changes_nothing(odd: object) -> None:
    issued = await rated(given=answers(zz_new=odd))

    assert isinstance(issued.event, QuoteOffered)


async def test_a_redelivered_request_keeps_its_first_price() -> None:
    """Kafka may deliver twice; the customer must not see two prices."""
    quotes = InMemoryQuotes()
    request = a_request()
    await rate_with(quotes, TARIFF)(request)

    await rate_with(quotes, DEAR)(request)

    assert quotes.premiums() == [92_800]


async def test_two_processes_at_once_keep_one_quote() -> None:
    quotes = InMemoryQuotes()
    request = a_request()

    await asyncio.gather(*(rate_with(quotes, tariff)(request) for tariff in (TARIFF, DEAR, TARIFF)))

    assert len(quotes.premiums()) == 1


async def test_a_quote_has_the_same_number_whoever_made_it() -> None:
    request, first, second = a_request(), InMemoryQuotes(), InMemoryQuotes()

    await rate_with(first)(request)
    await rate_with(second)(request)

    assert [quote.quote_id for quote in first.kept.values()] == [quote.quote_id for quote in second.kept.values()]


async def test_a_request_for_brochures_only_is_none_of_our_business() -> None:
    quotes = InMemoryQuotes()

    await rate_with(quotes)(a_request(quote=False, parcels={}))

    assert quotes.kept == {}


@pytest.mark.parametrize(
    ("accepted_at", "tariff"),
    [
        pytest.param(datetime(2026, 9, 30, 15, 0, tzinfo=UTC), "2026-10-01", id="midnight in Japan, from the first"),
        pytest.param(datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC), "2026-10-01", id="a second before the next"),
        pytest.param(datetime(2027, 3, 31, 15, 0, tzinfo=UTC), "2027-04-01", id="midnight in Japan, to the next"),
    ],
)
async def test_the_tariff_is_the_one_in_force_in_japan_on_the_day_of_receipt(
    accepted_at: datetime, tariff: str
) -> None:
    """Also when the request is rated later, or the next tariff has been loaded ahead."""
    later = replace(TARIFF, id="2027-04-01", effective=date(2027, 4, 1))
    quotes = InMemoryQuotes()

    await rate_with(quotes, later, TARIFF)(a_request(accepted_at=accepted_at))

    assert [event.tariff.id for event in quotes.events] == [tariff]


async def test_a_request_before_any_tariff_is_referred() -> None:
    quotes = InMemoryQuotes()

    await rate_with(quotes)(a_request(accepted_at=datetime(2026, 9, 30, 14, 59, tzinfo=UTC)))

    (event,) = quotes.events
    assert isinstance(event, QuoteReferred)
    assert FOR_DESK.open(event.parcels["desk"])["reasons"][0]["code"] == "no-tariff"


async def test_an_offer_holds_for_the_tariffs_days_counted_in_japan() -> None:
    """15:30 UTC is half past midnight of the next day in Japan."""
    issued = await rated(now=datetime(2026, 11, 23, 15, 30, tzinfo=UTC))

    assert isinstance(issued.event, QuoteOffered)
    assert issued.event.expires_on == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("parcels", "reason"),
    [
        pytest.param({}, "no-parcel", id="no parcel for rating"),
        pytest.param({"rating": Parcel(key="rating-1", box="AAAA")}, "broken-parcel", id="a broken seal"),
        pytest.param({"rating": Parcel(key="rating-1", box="ｘ")}, "broken-parcel", id="not base64"),
        pytest.param(
            {"rating": sealer_of(new_key_pair("rating", 7)).seal("rating", {"answers": {}})},
            "unknown-key",
            id="a key that we do not hold",
        ),
        pytest.param({"rating": SEALER.seal("rating", {"answers": [1]})}, "broken-parcel", id="answers without keys"),
        pytest.param({"rating": SEALER.seal("rating", {})}, "broken-parcel", id="no answers inside"),
    ],
)
async def test_a_parcel_that_cannot_be_opened_is_set_aside(parcels: dict[str, Parcel], reason: str) -> None:
    """It is not a referral: nobody could tell what was asked, and sending it again would not help."""
    quotes = InMemoryQuotes()

    with pytest.raises(Invalid, match=reason):
        await rate_with(quotes)(a_request(parcels=parcels))

    assert quotes.kept == {}


async def test_answers_of_another_request_are_not_priced() -> None:
    """Who had broken into intake put a parcel of yesterday, which they could not open, beside a contact of their own.

    Rating opened it, and the 見積書 that was mailed to them named the three controls that the other company does not
    have (docs/adr/0003-parcels.md: whoever breaks into intake cannot read yesterday's requests). A parcel of intake now
    says inside whose answers it holds.
    """
    quotes = InMemoryQuotes()
    of_yesterday = {"rating": SEALER.seal("rating", {"answers": answers(), "request_id": "yesterday"})}

    with pytest.raises(Invalid, match="other-request"):
        await rate_with(quotes)(a_request(parcels=of_yesterday))

    assert quotes.kept == {}


async def test_answers_that_say_whose_they_are_are_priced_under_that_request() -> None:
    quotes, request = InMemoryQuotes(), a_request()
    own = SEALER.seal("rating", {"answers": answers(), "request_id": request.request_id})

    await rate_with(quotes)(request.model_copy(update={"parcels": {"rating": own}}))

    assert quotes.premiums() == [92_800]


async def test_a_product_that_rating_does_not_have_is_referred_with_the_reason() -> None:
    """Intake had a product folder that rating lacked: its requests were set aside, and waited for a price for ever.

    Neither the customer nor the desk heard of it. As a referral it is a task on the desk, and the customer is told.
    """
    quotes = InMemoryQuotes()

    await rate_with(quotes)(a_request(product="travel"))

    (event,) = quotes.events
    assert isinstance(event, QuoteReferred)
    assert event.tariff.id == "none"
    assert FOR_DESK.open(event.parcels["desk"])["reasons"] == [
        {"code": "unknown-product", "message": "この商品の料率表が見積りのシステムにありません。"}
    ]


async def test_empty_answers_are_referred_and_never_priced() -> None:
    issued = await rated(given={})

    assert isinstance(issued.event, QuoteReferred)
