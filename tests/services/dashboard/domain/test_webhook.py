"""What webhooks tell, how they are signed, and when they are tried again."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import pytest

from services.dashboard.domain.facts import FACTS, Fact
from services.dashboard.domain.public_address import may_be_reached, networks_in
from services.dashboard.domain.webhook import (
    TYPES,
    Subscription,
    headers_of,
    message_of,
    new_secret,
    next_try,
)
from tests.services.dashboard.builders import (
    CONTACT,
    NOON,
    REQUEST,
    a_closing,
    a_decision,
    a_letter_bounced,
    a_release_of_mails,
    a_whole_story,
    an_erasure,
    an_opt_out,
)

EVERY_KIND: Final = [
    *(*a_whole_story(), a_decision(), a_release_of_mails()),
    *(a_letter_bounced(), an_opt_out(), an_erasure()),
]


def test_every_fact_has_its_type() -> None:
    """Red? Give the new event a type in `TYPES`, and a line in docs/api.md."""
    assert set(TYPES) == set(FACTS)
    assert len(set(TYPES.values())) == len(TYPES)


def test_a_message_says_what_happened_to_which_case() -> None:
    message = message_of(a_closing(outcome="not-taken-up"))

    assert message
    assert json.loads(message.body) == {
        "type": "case.closed",
        "timestamp": "2026-11-23T03:12:00+00:00",
        "data": {"request_id": REQUEST, "outcome": "not-taken-up"},
    }


@pytest.mark.parametrize("fact", EVERY_KIND, ids=lambda fact: fact.type)
def test_a_message_holds_ids_and_states_only(fact: Fact) -> None:
    message = message_of(fact)

    assert message
    data = json.loads(message.body)["data"]
    assert data.keys() <= {"request_id", "quote_id", "revision", "letter_id", "kind", "outcome"}
    assert not [words for words in (*CONTACT.values(), "parcels", "67000", "hanako") if words in message.body]


def test_the_same_fact_is_the_same_message() -> None:
    messages = [message_of(fact) for fact in EVERY_KIND]

    assert messages == [message_of(fact) for fact in EVERY_KIND]
    assert len({message.id for message in messages if message}) == len(EVERY_KIND)


def test_the_signature_is_that_of_the_standard() -> None:
    """The example with which the libraries of Standard Webhooks are tested."""
    headers = headers_of(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        '{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        datetime.fromtimestamp(1614265330, UTC),
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert new_secret() != new_secret()


@pytest.mark.parametrize(
    ("wants", "expected"),
    [
        ({"quote.offered"}, ["quote.offered"]),
        ({"quote.*"}, ["quote.offered", "quote.referred"]),
        ({"letter.failed", "case.*"}, ["letter.failed", "case.closed"]),
        ({"*"}, ["quote.offered", "quote.referred", "letter.failed", "case.closed"]),
    ],
)
def test_a_subscription_is_told_what_it_asked_for(wants: set[str], expected: list[str]) -> None:
    subscription = Subscription(name="crm", url="https://crm.example", wants=frozenset(wants), since=NOON)

    types = ["quote.offered", "quote.referred", "letter.failed", "case.closed"]
    assert [one for one in types if subscription.has(one)] == expected


def test_a_message_is_tried_for_three_days_hourly_in_the_end() -> None:
    at, moments = NOON, [NOON]
    while following := next_try(len(moments), NOON, at):
        moments.append(following)
        at = following

    waits = [int((later - earlier).total_seconds()) for earlier, later in pairwise(moments)]
    assert waits[:8] == [5, 30, 120, 300, 900, 1_800, 3_600, 3_600]
    assert set(waits[8:]) == {3_600}
    assert timedelta(hours=71) < moments[-1] - NOON <= timedelta(hours=72)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "0.0.0.1",
        "255.255.255.255",
        "224.0.0.1",
        "192.0.0.192",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "::7f00:1",
        "::ffff:0:a9fe:a9fe",
        "fec0::1",
        "2002:7f00:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_an_address_that_only_this_network_can_reach_is_out_of_bounds(address: str) -> None:
    assert not may_be_reached(address, ())


@pytest.mark.parametrize("address", ["203.0.114.7", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_may_be_reached(address: str) -> None:
    assert may_be_reached(address, ())


def test_what_the_operator_allows_may_be_reached_and_nothing_beside_it() -> None:
    allowed = networks_in("10.1.2.0/24, ::1/128")

    reached = [may_be_reached(one, allowed) for one in ("10.1.2.9", "::ffff:10.1.2.9", "::1", "10.1.3.9", "127.0.0.1")]

    assert reached == [True, True, True, False, False]


@pytest.mark.parametrize("text", ["10.1.2.3/24", "intranet", "10.1.2.0/24;::1/128"])
def test_what_is_no_network_has_opted_out(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        networks_in(text)
