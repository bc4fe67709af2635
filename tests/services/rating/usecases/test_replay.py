"""A kept quote is computed again from what was kept with it, and from nothing else: every digit must be the same."""

from dataclasses import replace
from typing import Any

import pytest

from pricing.actuary.impact.batch.columns import answers_at, questions_of
from pricing.actuary.impact.synthetic import synthetic_book
from pricing.engine.price import price
from pricing.engine.result import Offered, Referred
from services.rating.adapters.mongo import MongoEditions, MongoQuotes
from services.rating.domain.edition import Pricing, edition_of, tariff_in
from services.rating.domain.quote import Quote
from services.rating.domain.worksheet import Worksheet
from services.rating.ports import Editions, Quotes
from services.rating.usecases.issue import QuoteInput
from services.rating.usecases.replay import CannotReplay, Differs, NotComputed, Replay, Replayed, Same
from shared.events import TariffRef
from shared.products.form import parse_form
from shared.products.source import parse_yaml
from shared.runtime.adapters.mongo import Database
from tests.pricing.builders import PRODUCT, TARIFF, answers
from tests.services.rating.builders import (
    FOR_RATING,
    SEALER,
    a_decision,
    a_request,
    issue_quote,
    rate_request,
    revise_quote,
)
from tests.services.rating.fakes import InMemoryEditions, InMemoryQuotes

pytestmark = pytest.mark.anyio


async def kept_quote(quotes: Quotes, editions: Editions, given: dict[str, Any], **product: Any) -> Quote:  # noqa: ANN401
    request = a_request(given)
    await rate_request(quotes, editions, replace(PRODUCT, **product))(request)
    quote = await quotes.revision(request.request_id, 1)
    assert quote is not None
    return quote


def worksheet(given: dict[str, Any]) -> dict[str, Any]:
    return Worksheet.of(price(given, TARIFF)).model_dump(mode="json")


async def replayed(given: dict[str, Any], **changed: Any) -> Replayed:  # noqa: ANN401  any field of what was kept
    editions = InMemoryEditions()
    quote = await kept_quote(InMemoryQuotes(), editions, given)
    return await Replay(editions, FOR_RATING)(replace(quote, **changed))


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(answers(), id="an offer"),
        pytest.param(answers(rider_leak_only="yes", plan="wide"), id="the nearest cover"),
        pytest.param(answers(incidents="yes", turnover=0), id="a referral"),
        pytest.param({}, id="no answers at all"),
    ],
)
async def test_a_quote_comes_out_again_to_the_last_digit(given: dict[str, Any]) -> None:
    assert await replayed(given) == Same()


async def test_it_rests_on_the_kept_edition_and_not_on_what_is_in_force(database: Database) -> None:
    """Years later neither the tariff nor the form need be on any disk."""
    dear = TARIFF.text.replace('minimum_premium_yen: "30000"', 'minimum_premium_yen: "300000"')
    renamed = PRODUCT.form.text.replace("label: 小売業", "label: 小売業(旧)")
    form = parse_form(parse_yaml(PRODUCT.folder / "form.yaml", renamed.encode()), "")
    tariff = tariff_in(replace(edition_of(PRODUCT, TARIFF, PRODUCT.form), tariff_text=dear, form_text=renamed))
    quotes, editions = MongoQuotes(database, announce=lambda _event: None), MongoEditions(database)
    kept = await kept_quote(quotes, editions, answers(), form=form, tariffs=(tariff,))

    result = await Replay(MongoEditions(database), FOR_RATING)(kept)

    assert (kept.premium_yen, result) == (300_000, Same())
    assert FOR_RATING.open(kept.worksheet)["workings"][0]["input"] == "小売業(旧)"


async def test_a_premium_that_was_tampered_with_is_found() -> None:
    editions = InMemoryEditions()
    quote = await kept_quote(InMemoryQuotes(), editions, answers())
    assert quote.offer is not None

    result = await Replay(editions, FOR_RATING)(replace(quote, offer=replace(quote.offer, premium_yen=92_790)))

    assert result == Differs((("premium", 92_790, 92_800),))


async def test_a_field_that_an_earlier_version_did_not_keep_is_no_difference() -> None:
    """Options and grids gain fields; quotes that are years old must still come out the same."""
    older = worksheet(answers())
    for option in older["options"]:
        del option["kind"]
    for grid in older["grids"]:
        del grid["notes"]

    assert await replayed(answers(), worksheet=SEALER.seal("rating", older)) == Same()


async def test_a_worksheet_that_was_tampered_with_is_found() -> None:
    other = worksheet(answers(plan="wide"))

    result = await replayed(answers(), worksheet=SEALER.seal("rating", other))

    assert isinstance(result, Differs)
    assert {name for name, _, _ in result.differences} == {"options", "workings", "grids", "savings"}


async def test_answers_that_were_exchanged_are_found() -> None:
    result = await replayed(answers(), answers=SEALER.seal("rating", {"answers": answers(industry="hotel")}))

    assert isinstance(result, Differs)
    assert result.differences[0] == ("premium", 92_800, 136_000)


async def test_a_hash_that_is_not_the_editions_is_found() -> None:
    result = await replayed(answers(), tariff=TariffRef(id=TARIFF.id, sha256="0" * 64))

    assert result == Differs((("tariff", "0" * 64, TARIFF.sha256),))


async def test_an_engine_that_came_to_another_yen_would_be_found() -> None:
    """The negative control: a kept edition that prices 10円 more."""
    editions = InMemoryEditions()
    kept = await kept_quote(InMemoryQuotes(), editions, answers())
    assert kept.edition is not None
    edition = editions.kept[kept.edition]
    drifted = edition.tariff_text.replace('retail: "92800"', 'retail: "92810"')
    editions.kept[kept.edition] = replace(edition, tariff_text=drifted)

    result = await Replay(editions, FOR_RATING)(kept)

    assert isinstance(result, Differs)
    assert result.differences[0] == ("premium", 92_800, 92_810)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        pytest.param({"edition": "gone"}, "no-edition", id="an edition that is not there"),
        pytest.param({"answers": SEALER.seal("desk", {})}, "unknown-key", id="a key that was thrown away"),
    ],
)
async def test_what_cannot_be_replayed_says_why(changed: dict[str, Any], why: str) -> None:
    assert await replayed(answers(), **changed) == CannotReplay(why)


async def test_a_premium_set_by_hand_has_nothing_to_compute() -> None:
    quotes, editions = InMemoryQuotes(), InMemoryEditions()
    kept = await kept_quote(quotes, editions, answers())
    await revise_quote(quotes, editions)(a_decision(kept.request_id, premium=80_000))
    second = await quotes.revision(kept.request_id, 2)
    assert second is not None

    assert await Replay(editions, FOR_RATING)(second) == NotComputed("manual")


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({"terms": {"plan": "wide"}}, id="other terms"),
        pytest.param({"answers": {"turnover": 2_000_000, "d3_02_a": None}}, id="corrected answers"),
    ],
)
async def test_another_revision_is_replayed_like_the_first(wanted: dict[str, Any]) -> None:
    quotes, editions = InMemoryQuotes(), InMemoryEditions()
    kept = await kept_quote(quotes, editions, answers())
    await revise_quote(quotes, editions)(a_decision(kept.request_id, **wanted))
    second = await quotes.revision(kept.request_id, 2)
    assert second is not None

    assert await Replay(editions, FOR_RATING)(second) == Same()


async def test_a_referral_before_the_first_tariff_has_nothing_to_compute() -> None:
    editions = InMemoryEditions()
    kept = await kept_quote(InMemoryQuotes(), editions, answers(), tariffs=())

    assert await Replay(editions, FOR_RATING)(kept) == NotComputed("no-tariff")


PRICING = Pricing(edition_of(PRODUCT, TARIFF, PRODUCT.form), TARIFF)
REPLAY = Replay(InMemoryEditions({PRICING.edition.id: PRICING.edition}), FOR_RATING)


async def test_ten_thousand_requests_come_out_the_same() -> None:
    """Each request is sealed, kept, opened and priced again."""
    book, questions = synthetic_book(10_000, (TARIFF,), (2026,)), questions_of((TARIFF,))
    kinds = set()
    for row in range(10_000):
        quotes, case = InMemoryQuotes(), answers_at(row, book, questions)
        quote_input = QuoteInput(
            request_id="r",
            reception_no="K7M2P4XR",
            product="cyber-security",
            revision=1,
            form_version="v",
            answers=SEALER.seal("rating", {"answers": case}),
            pricing=PRICING,
        )
        result = price(case, TARIFF)
        await issue_quote(quotes)(quote_input, result)
        (quote,) = quotes.kept.values()

        assert await REPLAY(quote) == Same()
        kinds.add(type(result))
    assert kinds == {Offered, Referred}
