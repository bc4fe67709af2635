"""What the desk decides becomes another revision; what was offered first stands for good."""

from typing import Any

import pytest

from services.rating.domain.quote import Quote
from shared.errors import Invalid
from shared.events import QuoteDecided, QuoteOffered, QuoteReferred
from tests.pricing.builders import answers
from tests.services.rating.builders import (
    FOR_DESK,
    FOR_NOTIFY,
    FOR_RATING,
    a_decision,
    a_request,
    rate_request,
    revise_quote,
)
from tests.services.rating.fakes import InMemoryEditions, InMemoryQuotes

pytestmark = pytest.mark.anyio


class Desk:
    """A ledger with one request in it, and the use cases."""

    def __init__(self) -> None:
        self.quotes = InMemoryQuotes()
        editions = InMemoryEditions()
        self.rate, self.revise = rate_request(self.quotes, editions), revise_quote(self.quotes, editions)
        self.request_id = ""

    async def rated(self, **changes: object) -> "Desk":
        request = a_request(answers(**changes))
        await self.rate(request)
        self.request_id = request.request_id
        return self

    async def decide(self, **wanted: Any) -> QuoteDecided:  # noqa: ANN401  whatever staff may send
        event = a_decision(self.request_id, **wanted)
        await self.revise(event)
        return event

    def revisions(self) -> list[Quote]:
        return list(self.quotes.kept.values())


async def test_other_terms_are_priced_anew_beside_the_first_quote() -> None:
    desk = await Desk().rated()
    first = desk.revisions()[0]

    event = await desk.decide(terms={"liability_limit": 200_000_000, "plan": "wide"})

    assert desk.quotes.premiums() == [92_800, 137_950]
    second = desk.revisions()[1]
    assert desk.revisions()[0] is first
    assert (second.revision, second.decision) == (2, event.decision_id)
    assert second.quote_id != first.quote_id
    assert FOR_RATING.open(second.answers)["answers"] == answers(liability_limit=200_000_000, plan="wide")


async def test_a_premium_set_by_hand_says_so_and_keeps_its_reason_sealed() -> None:
    desk = await Desk().rated()

    await desk.decide(premium=81_230, reason="複数年のお取引による")

    second = desk.quotes.events[1]
    assert isinstance(second, QuoteOffered)
    assert (second.basis, [option.premium for option in second.options]) == ("manual", [81_230])
    assert FOR_DESK.open(second.parcels["desk"])["note"] == "複数年のお取引による"
    assert "複数年".encode() not in second.to_json()


async def test_a_referral_gets_its_price_by_hand() -> None:
    desk = await Desk().rated(incidents="yes")

    await desk.decide(premium=150_000)

    assert isinstance(desk.quotes.events[0], QuoteReferred)
    assert desk.quotes.premiums() == [150_000]


async def test_terms_that_need_a_person_are_referred_again() -> None:
    desk = await Desk().rated(industry="it", turnover=13_000_000)

    await desk.decide(terms={"liability_limit": 1_000_000_000})

    assert [type(event) for event in desk.quotes.events] == [QuoteOffered, QuoteReferred]


async def test_the_same_terms_make_a_new_quote_with_the_same_price() -> None:
    """Staff make a quote anew that has expired."""
    desk = await Desk().rated()

    await desk.decide(terms={"plan": answers()["plan"], "liability_limit": answers()["liability_limit"]})

    assert desk.quotes.premiums() == [92_800, 92_800]
    assert [event.revision for event in desk.quotes.events] == [1, 2]


async def test_a_third_revision_rests_on_the_second() -> None:
    desk = await Desk().rated()
    await desk.decide(terms={"plan": "wide"})

    await desk.decide(terms={"liability_limit": 200_000_000}, revision=3)

    assert desk.quotes.premiums() == [92_800, 116_000, 137_950]


async def test_a_redelivered_decision_makes_one_revision() -> None:
    desk = await Desk().rated()
    event = await desk.decide(premium=80_000)

    await desk.revise(event)

    assert desk.quotes.premiums() == [92_800, 80_000]


async def test_of_two_decisions_at_once_the_second_is_refused() -> None:
    """It is set aside where operators look; nothing is overwritten and nothing is silent."""
    desk = await Desk().rated()
    await desk.decide(premium=80_000)

    with pytest.raises(Invalid, match="revision-taken"):
        await desk.decide(premium=70_000)

    assert desk.quotes.premiums() == [92_800, 80_000]


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        pytest.param({"premium": 80_000, "reason": " "}, "no-reason", id="no reason"),
        pytest.param({"premium": 80_000, "reason": 1}, "no-reason", id="a reason that is no text"),
        pytest.param({}, "terms-or-premium", id="nothing"),
        pytest.param({"terms": {"plan": "wide"}, "premium": 1}, "terms-or-premium", id="both"),
        pytest.param({"answers": {"d3_08": "yes"}, "premium": 1}, "terms-or-premium", id="answers and a premium"),
        pytest.param({"answers": {"d3_08": "yes"}, "terms": {"plan": "wide"}}, "terms-or-premium", id="two of three"),
        pytest.param({"answers": {}}, "bad-answers", id="no answers"),
        pytest.param({"answers": ["d3_08"]}, "bad-answers", id="answers that are a list"),
        pytest.param({"answers": {"plan": "wide"}}, "bad-answers", id="a term among the answers"),
        pytest.param({"answers": {"rider_it": None}}, "bad-answers", id="a rider taken away"),
        pytest.param({"answers": {"d3_08": "perhaps"}}, "bad-answers", id="an unknown answer"),
        pytest.param({"answers": {"turnover": 5.0}}, "bad-answers", id="a turnover with a point"),
        pytest.param({"premium": 80_000.0}, "bad-premium", id="a float"),
        pytest.param({"premium": True}, "bad-premium", id="true"),
        pytest.param({"premium": 0}, "bad-premium", id="nought"),
        pytest.param({"premium": -1}, "bad-premium", id="below nought"),
        pytest.param({"premium": 10**11}, "bad-premium", id="beyond all measure"),
        pytest.param({"terms": {}}, "bad-terms", id="no terms"),
        pytest.param({"terms": ["plan"]}, "bad-terms", id="terms that are a list"),
        pytest.param({"terms": {"plan": "gold"}}, "bad-terms", id="an unknown plan"),
        pytest.param({"terms": {"cost_limit": 1.0}}, "bad-terms", id="a float limit"),
        pytest.param({"terms": {"d3_08": "yes"}}, "bad-terms", id="what the customer disclosed"),
        pytest.param({"terms": {"turnover": 1_000}}, "bad-terms", id="the turnover"),
        pytest.param({"premium": 80_000, "revision": 3}, "no-such-quote", id="a revision after one that is not there"),
    ],
)
async def test_a_decision_that_makes_no_sense_is_set_aside(wanted: dict[str, Any], word: str) -> None:
    desk = await Desk().rated()

    with pytest.raises(Invalid, match=word):
        await desk.decide(**wanted)

    assert len(desk.revisions()) == 1


async def test_without_a_readable_cover_there_is_nothing_to_put_a_premium_on() -> None:
    desk = await Desk().rated(plan="gold")

    with pytest.raises(Invalid, match="no-cover"):
        await desk.decide(premium=80_000)


async def test_corrected_answers_are_priced_by_the_tariff_of_the_first_quote() -> None:
    desk = await Desk().rated()

    await desk.decide(answers={"turnover": 2_000_000, "industry": "wholesale", "d3_02_a": None})

    first, second = desk.revisions()
    assert second.premium_yen not in (None, first.premium_yen)
    assert (second.edition, second.tariff) == (first.edition, first.tariff)
    expected = answers(turnover=2_000_000, industry="wholesale")
    del expected["d3_02_a"]
    assert FOR_RATING.open(second.answers)["answers"] == expected


async def test_a_correction_starts_from_the_corrections_and_the_terms_before_it() -> None:
    desk = await Desk().rated()
    await desk.decide(terms={"plan": "wide"})
    await desk.decide(answers={"turnover": 2_000_000}, revision=3)

    await desk.decide(answers={"d3_08": "no"}, revision=4)

    expected = answers(plan="wide", turnover=2_000_000, d3_08="no")
    assert FOR_RATING.open(desk.revisions()[3].answers)["answers"] == expected


async def test_an_answer_that_was_disclosed_and_moves_no_price_is_kept_too() -> None:
    desk = await Desk().rated()

    await desk.decide(answers={"incidents_note": "2023年に一度"})

    assert FOR_RATING.open(desk.revisions()[1].answers)["answers"] == answers(incidents_note="2023年に一度")


async def test_a_corrected_answer_may_need_a_person() -> None:
    desk = await Desk().rated()

    await desk.decide(answers={"incidents": "yes"})

    assert [type(event) for event in desk.quotes.events] == [QuoteOffered, QuoteReferred]


async def test_the_offer_says_what_it_was_priced_for_where_that_is_not_what_was_requested() -> None:
    """The 見積書 repeated the turnover of the request beside a premium for another one."""
    desk = await Desk().rated()

    await desk.decide(answers={"turnover": 2_000_000, "d3_17": "yes"})
    await desk.decide(terms={"plan": "wide"}, revision=3)

    requested, corrected, exchanged = (FOR_NOTIFY.open(event.parcels["notify"]) for event in desk.quotes.events)
    assert requested.keys() == {"savings"}
    assert corrected["terms"]["turnover"] == 2_000_000
    [disposal] = [one["answer"] for one in corrected["declared"] if "3-17" in one["question"]]
    assert disposal == "はい(処理の記録を保存し、委託する場合は報告書も保管している)"
    assert (exchanged["terms"]["turnover"], exchanged["terms"]["plan"]) == (2_000_000, "wide")
    assert exchanged["declared"] == corrected["declared"]


async def test_a_correction_that_is_taken_back_by_another_says_again_what_was_requested() -> None:
    desk = await Desk().rated()
    await desk.decide(answers={"turnover": 2_000_000})

    await desk.decide(answers={"turnover": 500_000}, revision=3)

    assert FOR_NOTIFY.open(desk.quotes.events[2].parcels["notify"]).keys() == {"savings"}
    assert desk.quotes.premiums()[2] == desk.quotes.premiums()[0]
