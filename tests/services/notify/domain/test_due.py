"""Which letters a request asks for, whatever arrives first."""

from datetime import timedelta
from itertools import permutations
from typing import Literal

import pytest

from services.notify.domain.due import letters_due
from services.notify.domain.facts import Failure, KnownFacts
from shared.events import LetterKind, QuoteOffered, QuoteReferred
from tests.services.notify.builders import NOON, QUOTE_ID, a_link, a_referral, a_release, a_request, an_offer

RELEASED = {QUOTE_ID: a_release().released_at}


def kinds(known: KnownFacts, release: Literal["auto", "desk"] = "auto") -> list[str]:
    return sorted(due.kind for due in letters_due(known, release))


def a_failure(kind: LetterKind) -> Failure:
    return Failure(letter_id="letter-1", kind=kind, failed_at=NOON, attempts=1, reply_code=550)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param(KnownFacts(), [], id="nothing is known"),
        pytest.param(KnownFacts(quotes=(an_offer(),)), [], id="a quote whose request has not arrived yet"),
        pytest.param(
            KnownFacts(request=a_request(quote=False)),
            ["desk", "receipt"],
            id="documents only: the desk is told at once",
        ),
        pytest.param(
            KnownFacts(request=a_request()), ["receipt"], id="a quote is wished: the desk is told with the result"
        ),
        pytest.param(KnownFacts(request=a_request(), quotes=(an_offer(),)), ["desk", "quote", "receipt"], id="a price"),
        pytest.param(
            KnownFacts(request=a_request(), quotes=(a_referral(),)), ["desk", "receipt", "referral"], id="a referral"
        ),
        pytest.param(KnownFacts(resume=a_link()), ["resume"], id="a link to go on later, and the desk is told nothing"),
    ],
)
def test_the_letters_that_are_due(known: KnownFacts, expected: list[str]) -> None:
    assert kinds(known) == expected


def test_a_product_that_staff_release_sends_no_quote_before_they_do() -> None:
    held = KnownFacts(request=a_request(), quotes=(an_offer(),))
    released = KnownFacts(request=a_request(), quotes=(an_offer(),), released=RELEASED)

    assert kinds(held, "desk") == ["desk", "receipt"]
    assert kinds(released, "desk") == ["desk", "quote", "receipt"]


@pytest.mark.parametrize("release", ["auto", "desk"])
def test_a_request_with_a_filled_honeypot_sends_no_quote_before_staff_say_so(release: Literal["auto", "desk"]) -> None:
    suspicious = a_request(suspicions=("honeypot",))
    held = KnownFacts(request=suspicious, quotes=(an_offer(),))
    released = KnownFacts(request=suspicious, quotes=(an_offer(),), released=RELEASED)

    assert kinds(held, release) == ["desk", "receipt"]
    assert kinds(released, release) == ["desk", "quote", "receipt"]


def test_a_request_that_only_looks_odd_gets_its_quote_at_once() -> None:
    """Somebody who types fast is a customer too."""
    odd = KnownFacts(
        request=a_request(suspicions=("too-fast", "many-requests", "a-code-of-tomorrow")), quotes=(an_offer(),)
    )

    assert kinds(odd, "auto") == ["desk", "quote", "receipt"]


def test_a_customer_waits_for_a_released_quote_from_its_release() -> None:
    released = KnownFacts(request=a_request(), quotes=(an_offer(),), released=RELEASED)

    since = {due.kind: due.occasion.since for due in letters_due(released, "desk")}

    assert since["quote"] == NOON + timedelta(hours=2)
    assert since["receipt"] == NOON


def test_a_second_revision_is_a_second_quote_but_no_second_mail_to_the_desk() -> None:
    first, second = an_offer(), an_offer(quote_id="another", revision=2)
    for quotes in permutations((first, second)):
        due = list(letters_due(KnownFacts(request=a_request(), quotes=quotes), "auto"))

        assert sorted(letter.kind for letter in due) == ["desk", "quote", "quote", "receipt"]
        assert next(letter.occasion.fact for letter in due if letter.kind == "desk") == first


def test_the_desks_mail_is_the_same_letter_whichever_revision_arrived_first() -> None:
    first, second = an_offer(), an_offer(quote_id="another", revision=2)

    ids = {
        due.letter_id
        for quotes in ((second,), (first, second), (first,))
        for due in letters_due(KnownFacts(request=a_request(), quotes=quotes), "auto")
        if due.kind == "desk"
    }

    # As it has been since the first release: a new id would tell the desk of every open request again.
    assert ids == {"39b3391e-e3e8-5da0-bea0-01d7fdade721"}


@pytest.mark.parametrize("kind", ["receipt", "quote", "referral"])
def test_the_desk_is_told_of_every_letter_that_did_not_reach_the_customer(kind: LetterKind) -> None:
    assert "desk-undelivered" in kinds(KnownFacts(request=a_request(), failures=(a_failure(kind),)))


@pytest.mark.parametrize("kind", ["desk", "desk-undelivered"])
def test_a_failed_mail_to_the_desk_makes_no_further_mail_to_the_desk(kind: LetterKind) -> None:
    assert "desk-undelivered" not in kinds(KnownFacts(request=a_request(), failures=(a_failure(kind),)))


def test_a_link_that_did_not_arrive_is_nothing_for_the_desk() -> None:
    """There is no request, no name and no number to call."""
    assert kinds(KnownFacts(resume=a_link(), failures=(a_failure("resume"),))) == ["resume"]


@pytest.mark.parametrize("quote", [an_offer(), a_referral()], ids=["price", "referral"])
def test_the_same_fact_and_kind_are_always_the_same_letter(quote: QuoteOffered | QuoteReferred) -> None:
    """Two processes that work it out at the same moment must collide on the id."""
    known = KnownFacts(request=a_request(), quotes=(quote,), failures=(a_failure("receipt"),))

    first = [due.letter_id for due in letters_due(known, "auto")]
    again = [due.letter_id for due in letters_due(known, "auto")]

    assert first == again
    assert len(set(first)) == len(first)
