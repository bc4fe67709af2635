"""Which letters a request asks for, whatever arrives first."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Literal

import pytest

from services.notify.domain.due import letters_due
from services.notify.domain.facts import Failure, KnownFacts, WithoutRequest
from services.notify.domain.letters.desk import News
from shared.events import LetterKind, Parcel, QuoteOffered, QuoteReferred
from tests.services.notify.builders import (
    NOON,
    QUOTE_ID,
    a_colleague_answered,
    a_colleague_asked,
    a_link,
    a_referral,
    a_release,
    a_request,
    an_offer,
)

RELEASED = {QUOTE_ID: a_release().released_at}
ASKED = a_colleague_asked(Parcel(key="notify-1", box=""))
ANSWERED = a_colleague_answered(Parcel(key="notify-1", box=""))


def kinds(known: KnownFacts, release: Literal["auto", "desk"] = "auto") -> list[str]:
    return sorted(due.kind for due in letters_due(known, release))


def desk_news(known: KnownFacts) -> list[News]:
    return [due.occasion.fact for due in letters_due(known, "auto") if due.kind == "desk"]


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
        pytest.param(KnownFacts(alone=a_link()), ["resume"], id="a link to go on later, and the desk is told nothing"),
        pytest.param(KnownFacts(alone=ASKED), ["colleague-asked"], id="a colleague is asked: nor here"),
        pytest.param(KnownFacts(alone=ANSWERED), ["colleague-answered"], id="a colleague has answered: nor here"),
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
@pytest.mark.parametrize("suspicion", ["honeypot", "advertisement", "many-to-mailbox"])
def test_no_mail_of_a_held_request_goes_to_its_contact_before_staff_say_so(
    release: Literal["auto", "desk"], suspicion: str
) -> None:
    """Strangers had the agency write to other people's mailboxes, with the receipt as the letterhead (S7).

    Whoever lets a quote of the request go has looked at it: before `RequestReleased` this was the only way to say so.
    """
    request = a_request(suspicions=(suspicion,), is_held=True)
    quotes = (an_offer(), a_referral(quote_id="second", revision=2))
    held = KnownFacts(request=request, quotes=quotes)
    released = KnownFacts(request=request, quotes=quotes, released=RELEASED)

    assert kinds(held, release) == ["desk", "desk"]
    assert kinds(released, release) == ["desk", "desk", "quote", "receipt", "referral"]


def test_staff_can_let_a_held_request_without_a_quote_go() -> None:
    held = KnownFacts(request=a_request(quote=False, is_held=True))

    assert kinds(held) == ["desk"]
    assert kinds(replace(held, request_released_at=NOON)) == ["desk", "receipt"]


def test_a_released_request_of_a_product_that_staff_release_keeps_its_quote_back() -> None:
    """Two questions: whether to write to these people at all, and whether to offer them this price."""
    known = KnownFacts(request=a_request(is_held=True), quotes=(an_offer(),), request_released_at=NOON)

    assert kinds(known, "desk") == ["desk", "receipt"]
    assert kinds(known, "auto") == ["desk", "quote", "receipt"]
    assert kinds(replace(known, released=RELEASED), "desk") == ["desk", "quote", "receipt"]


def test_above_the_ceiling_of_mails_the_desk_gets_none_either_until_staff_say_so() -> None:
    """A flood of requests must not become a flood of mails to our own desk: the dashboard shows the cases."""
    flood = a_request(suspicions=("mail-ceiling",), is_held=True)
    failed = (a_failure("receipt"),)
    held = KnownFacts(request=flood, quotes=(an_offer(), an_offer(quote_id="2", revision=2)), failures=failed)

    assert kinds(held) == []
    assert kinds(replace(held, request_released_at=NOON)) == [
        "desk", "desk", "desk-undelivered", "quote", "quote", "receipt"
    ]  # fmt: skip


def test_the_reader_of_a_held_letter_waits_from_its_release() -> None:
    """The time to mail is how fast we are, not how long a person thought about it. The earliest release counts."""
    request = a_request(is_held=True)
    early, late = NOON + timedelta(hours=2), NOON + timedelta(hours=3)

    for released, request_released_at, since in (({}, late, late), (RELEASED, None, early), (RELEASED, late, early)):
        known = KnownFacts(
            request=request, quotes=(an_offer(),), released=released, request_released_at=request_released_at
        )
        waits = {due.kind: due.occasion.since for due in letters_due(known, "auto")}
        assert waits == {"desk": NOON, "receipt": since, "quote": since}


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


@pytest.mark.parametrize("second", [an_offer(1, quote_id="2", revision=2), a_referral(quote_id="2", revision=2)])
def test_every_revision_is_told_to_the_desk_with_what_was_there_before(second: QuoteOffered | QuoteReferred) -> None:
    """Somebody who had only intake's keys set a premium of 1円, the customer got it, and the desk learned nothing (S6).

    Who may decide is checked elsewhere; that a person sees every decision is checked here.
    """
    first = an_offer()
    for quotes in permutations((first, second)):
        news = desk_news(KnownFacts(request=a_request(), quotes=quotes))

        assert [(one.quote, one.before, one.is_revision) for one in news] == [
            (first, None, False),
            (second, first, True),
        ]


def test_a_second_quote_that_calls_itself_the_first_is_told_to_the_desk_too() -> None:
    forged = an_offer(1, quote_id="forged", issued_at=NOON + timedelta(hours=1))

    told = desk_news(KnownFacts(request=a_request(), quotes=(forged, an_offer())))

    assert [one.quote for one in told] == [an_offer(), forged]


def test_a_quote_that_nobody_asked_for_is_told_to_the_desk() -> None:
    told = desk_news(KnownFacts(request=a_request(quote=False), quotes=(an_offer(1),)))

    assert [one.quote for one in told] == [None, an_offer(1)]


def test_the_desks_mail_is_the_same_letter_whichever_revision_arrived_first() -> None:
    first, second = an_offer(), an_offer(quote_id="another", revision=2)

    ids = [
        {
            due.letter_id
            for due in letters_due(KnownFacts(request=a_request(), quotes=quotes), "auto")
            if due.kind == "desk"
        }
        for quotes in ((first,), (second,), (first, second))
    ]

    # As it has been since the first release: a new id would tell the desk of every open request again.
    assert ids[0] == {"39b3391e-e3e8-5da0-bea0-01d7fdade721"}
    assert ids[0] < ids[1] == ids[2]


@pytest.mark.parametrize("kind", ["receipt", "quote", "referral"])
def test_the_desk_is_told_of_every_letter_that_did_not_reach_the_customer(kind: LetterKind) -> None:
    assert "desk-undelivered" in kinds(KnownFacts(request=a_request(), failures=(a_failure(kind),)))


@pytest.mark.parametrize("kind", ["desk", "desk-undelivered"])
def test_a_failed_mail_to_the_desk_makes_no_further_mail_to_the_desk(kind: LetterKind) -> None:
    assert "desk-undelivered" not in kinds(KnownFacts(request=a_request(), failures=(a_failure(kind),)))


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        pytest.param(a_link(), "resume", id="to go on later"),
        pytest.param(ASKED, "colleague-asked", id="to a colleague"),
        pytest.param(ANSWERED, "colleague-answered", id="to whoever asked"),
    ],
)
def test_a_link_that_did_not_arrive_is_nothing_for_the_desk(fact: WithoutRequest, kind: LetterKind) -> None:
    """There is no request, no name and no number to call."""
    assert kinds(KnownFacts(alone=fact, failures=(a_failure(kind),))) == [kind]


@pytest.mark.parametrize("quote", [an_offer(), a_referral()], ids=["price", "referral"])
def test_the_same_fact_and_kind_are_always_the_same_letter(quote: QuoteOffered | QuoteReferred) -> None:
    """Two processes that work it out at the same moment must collide on the id."""
    known = KnownFacts(request=a_request(), quotes=(quote,), failures=(a_failure("receipt"),))

    first = [due.letter_id for due in letters_due(known, "auto")]
    again = [due.letter_id for due in letters_due(known, "auto")]

    assert first == again
    assert len(set(first)) == len(first)
