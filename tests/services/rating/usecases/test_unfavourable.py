"""The desk is told which answers to look at first, and nobody else."""

import pytest

from shared.events import QuoteOffered
from shared.events.parcels import QuoteForDesk
from tests.pricing.builders import answers
from tests.services.rating.builders import FOR_DESK, a_decision, a_request, rate_request, revise_quote
from tests.services.rating.fakes import InMemoryEditions, InMemoryQuotes

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("incidents", ["no", "yes"], ids=["after an offer", "after a referral"])
async def test_every_revision_tells_the_desk_which_answers_are_unfavourable(incidents: str) -> None:
    quotes, editions = InMemoryQuotes(), InMemoryEditions()
    request = a_request(answers(incidents=incidents))

    await rate_request(quotes, editions)(request)
    await revise_quote(quotes, editions)(a_decision(request.request_id, premium=150_000))

    told = [QuoteForDesk.model_validate(FOR_DESK.open(event.parcels["desk"])).unfavourable for event in quotes.events]
    assert told[0] == told[1]
    assert ("incidents" in told[0]) == (incidents == "yes")
    assert "d3_14" in told[0]
    assert {reader for event in quotes.events for reader in event.parcels if isinstance(event, QuoteOffered)} == {
        "desk",
        "notify",
    }
    assert not any("d3_14" in event.model_dump_json() for event in quotes.events)
