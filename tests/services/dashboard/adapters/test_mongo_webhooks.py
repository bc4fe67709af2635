"""Subscriptions and deliveries: in memory and in a real MongoDB."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_decisions import MongoDecisions
from services.dashboard.adapters.mongo_webhooks import MongoDeliveries, MongoFactLog, MongoSubscriptions
from services.dashboard.domain.facts import Fact, fact_id, moment_of
from services.dashboard.domain.webhook import Message, Subscription, message_of
from services.dashboard.ports.api import Attempt, Deliveries, Delivery, PostAnswer, Subscriptions
from shared.events import NoteAdded, RequestReceived
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.adapters.test_mongo_sealed import a_box
from tests.services.dashboard.builders import NOON, REQUEST, a_note, a_release, a_request, a_whole_story, an_offer
from tests.services.dashboard.fakes import InMemoryDeliveries, InMemorySubscriptions
from tests.services.dashboard.specs import add_all

pytestmark = pytest.mark.anyio

CRM: Final = Subscription(name="crm", url="https://crm.example.jp", wants=frozenset({"case.*", "quote.*"}), since=NOON)
SOON: Final = NOON + timedelta(minutes=1)


def message(revision: int = 1) -> Message:
    found = message_of(an_offer(revision=revision))
    assert found
    return found


def attempt(delivery: Delivery, answer: PostAnswer, seconds: int = 0) -> Attempt:
    return Attempt(
        subscription=delivery.subscription,
        message_id=delivery.message.id,
        type=delivery.message.type,
        number=delivery.tries,
        at=NOON + timedelta(seconds=seconds),
        answer=answer,
    )


class SubscriptionsSpec:
    async def test_a_subscription_is_kept_once_with_its_secret(self, subscriptions: Subscriptions) -> None:
        added = [await subscriptions.add(CRM, "whsec_1"), await subscriptions.add(CRM, "whsec_2")]

        assert added == [True, False]
        assert await subscriptions.all() == [CRM]
        assert await subscriptions.secret("crm") == "whsec_1"
        assert await subscriptions.secret("other") is None

    async def test_each_is_found_by_its_name_as_it_is_among_all(self, subscriptions: Subscriptions) -> None:
        await subscriptions.add(CRM, "whsec_1")
        await subscriptions.pause("crm", NOON)

        assert [await subscriptions.find("crm")] == await subscriptions.all()
        assert await subscriptions.find("other") is None

    async def test_a_pause_goes_on_from_when_it_began_until_it_ends(self, subscriptions: Subscriptions) -> None:
        await subscriptions.add(CRM, "whsec_1")

        for at in (NOON, SOON):
            await subscriptions.pause("crm", at)
        paused = await subscriptions.all()
        await subscriptions.resume("crm")

        assert paused == [replace(CRM, paused_at=NOON)]
        assert await subscriptions.all() == [CRM]

    async def test_a_removed_one_is_gone(self, subscriptions: Subscriptions) -> None:
        await subscriptions.add(CRM, "whsec_1")

        removed = [await subscriptions.remove("crm"), await subscriptions.remove("crm")]

        assert removed == [True, False]
        assert (await subscriptions.all(), await subscriptions.secret("crm")) == ([], None)


class TestInMemorySubscriptions(SubscriptionsSpec):
    @pytest.fixture
    def subscriptions(self) -> Subscriptions:
        return InMemorySubscriptions()


class TestMongoSubscriptions(SubscriptionsSpec):
    @pytest.fixture
    def subscriptions(self, database: Database) -> Subscriptions:
        return MongoSubscriptions(database, a_box())

    async def test_no_secret_can_be_read_from_the_ledger_nor_put_into_another_subscription(
        self, subscriptions: Subscriptions, database: Database
    ) -> None:
        await subscriptions.add(CRM, "whsec_1")
        [kept] = await database["webhooks"].find().to_list(None)
        await database["webhooks"].insert_one(kept | {"_id": "mine"})

        assert "whsec" not in str(kept)
        assert await subscriptions.secret("mine") is None

    async def test_a_secret_whose_key_is_gone_is_none(self, subscriptions: Subscriptions, database: Database) -> None:
        await subscriptions.add(CRM, "whsec_1")

        assert await MongoSubscriptions(database, a_box(2)).secret("crm") is None


class DeliveriesSpec:
    async def test_a_message_is_queued_once_for_each_subscription(self, deliveries: Deliveries) -> None:
        added = [await deliveries.add(name, message(), NOON) for name in ("crm", "crm", "board")]

        assert added == [True, False, True]
        assert await deliveries.due(NOON) == ["board", "crm"]
        assert await deliveries.due(NOON - timedelta(seconds=1)) == []

    async def test_what_one_has_claimed_nobody_else_gets_until_the_claim_ends(self, deliveries: Deliveries) -> None:
        """The process that has it may be killed: then another one finds it again."""
        await deliveries.add("crm", message(), NOON)

        first = await deliveries.claim("crm", NOON, SOON)
        second = await deliveries.claim("crm", NOON, SOON)
        after_its_end = await deliveries.claim("crm", SOON, SOON + timedelta(minutes=1))

        assert first == Delivery(subscription="crm", message=message(), tries=1, since=NOON)
        assert second is None
        assert after_its_end == Delivery(subscription="crm", message=message(), tries=2, since=NOON)

    async def test_of_many_at_once_each_gets_another(self, deliveries: Deliveries) -> None:
        for revision in range(1, 11):
            await deliveries.add("crm", message(revision), NOON)

        claims = await asyncio.gather(*(deliveries.claim("crm", NOON, SOON) for _ in range(20)))

        ids = [claim.message.id for claim in claims if claim]
        assert (len(ids), len(set(ids))) == (10, 10)

    async def test_the_oldest_comes_first(self, deliveries: Deliveries) -> None:
        for revision in (3, 1, 2):
            await deliveries.add("crm", message(revision), NOON)

        claims = [await deliveries.claim("crm", NOON, SOON) for _ in range(3)]

        assert [claim.message for claim in claims if claim] == [message(1), message(2), message(3)]

    async def test_what_was_accepted_or_given_up_is_due_no_more(self, deliveries: Deliveries) -> None:
        for name in ("crm", "board", "later"):
            await deliveries.add(name, message(), NOON)
        for name, status, next_at in (("crm", 204, None), ("board", 500, None), ("later", 500, SOON)):
            claim = await deliveries.claim(name, NOON, SOON)
            assert claim
            await deliveries.settle(claim, attempt(claim, PostAnswer(status)), next_at)

        due = await deliveries.due(SOON)

        assert due == ["later"]
        assert await deliveries.counts() == {("crm", "delivered"): 1, ("board", "given-up"): 1, ("later", "waiting"): 1}

    async def test_who_comes_back_after_its_claim_has_ended_decides_nothing(self, deliveries: Deliveries) -> None:
        await deliveries.add("crm", message(), NOON)
        late = await deliveries.claim("crm", NOON, SOON)
        await deliveries.claim("crm", SOON, SOON + timedelta(minutes=1))
        assert late

        await deliveries.settle(late, attempt(late, PostAnswer(500)), None)

        assert await deliveries.counts() == {("crm", "waiting"): 1}

    async def test_what_was_delivered_can_be_queued_again(self, deliveries: Deliveries) -> None:
        await deliveries.add("crm", message(), NOON)
        claim = await deliveries.claim("crm", NOON, SOON)
        assert claim
        await deliveries.settle(claim, attempt(claim, PostAnswer(204)), None)

        await deliveries.add_again("crm", message(), SOON)
        await deliveries.add_again("crm", message(2), SOON)

        claims = [await deliveries.claim("crm", SOON, SOON + timedelta(minutes=1)) for _ in range(2)]
        assert [(one.message, one.tries, one.since) for one in claims if one] == [
            (message(), 1, SOON),
            (message(2), 1, SOON),
        ]

    async def test_what_waits_begins_again_in_the_order_of_its_moments(self, deliveries: Deliveries) -> None:
        """What was put off after a failure is not told after what became true later."""
        for name, revision in (("crm", 1), ("crm", 2), ("board", 3), ("crm", 4)):
            await deliveries.add(name, message(revision), NOON)
        put_off, accepted = [await deliveries.claim("crm", NOON, SOON) for _ in range(2)]
        assert put_off
        assert accepted
        await deliveries.settle(put_off, attempt(put_off, PostAnswer(500)), SOON + timedelta(hours=1))
        await deliveries.settle(accepted, attempt(accepted, PostAnswer(204)), None)
        await deliveries.add("crm", message(5), NOON)

        await deliveries.begin_again("crm", SOON)

        claims = [await deliveries.claim("crm", SOON, SOON + timedelta(minutes=1)) for _ in range(4)]
        assert [(one.message, one.tries, one.since) for one in claims if one] == [
            (message(revision), 1, SOON) for revision in (1, 4, 5)
        ]
        other = await deliveries.claim("board", NOON, SOON)
        assert other
        assert other.since == NOON

    async def test_the_log_has_the_last_attempts_first(self, deliveries: Deliveries) -> None:
        await deliveries.add("crm", message(), NOON)
        claim = await deliveries.claim("crm", NOON, SOON)
        assert claim
        answers = [PostAnswer(500), PostAnswer(None, "timed-out"), PostAnswer(204)]
        tried = [attempt(claim, answer, seconds) for seconds, answer in enumerate(answers)]
        for one in tried:
            await deliveries.settle(claim, one, SOON)

        assert await deliveries.log("crm", 2) == [tried[2], tried[1]]
        assert await deliveries.log("board", 9) == []

    async def test_a_removed_subscription_has_nothing_on_its_way(self, deliveries: Deliveries) -> None:
        for name in ("crm", "board"):
            await deliveries.add(name, message(), NOON)

        await deliveries.remove("crm")

        assert await deliveries.due(NOON) == ["board"]


class TestInMemoryDeliveries(DeliveriesSpec):
    @pytest.fixture
    def deliveries(self) -> Deliveries:
        return InMemoryDeliveries()


class TestMongoDeliveries(DeliveriesSpec):
    @pytest.fixture
    async def deliveries(self, database: Database) -> Deliveries:
        deliveries = MongoDeliveries(database)
        await deliveries.prepare()
        return deliveries

    async def test_the_oldest_is_found_without_sorting_all_that_waits(
        self, deliveries: Deliveries, database: Database
    ) -> None:
        """After a pause there are many: a sort for each of them would take the longer the more they are."""
        await deliveries.add("crm", message(), NOON)
        due = {"state": "waiting", "subscription": "crm", "next_at": {"$lte": NOON}}

        plan = await database["webhook_deliveries"].find(due).sort([("next_at", 1), ("at", 1)]).explain()

        assert "'SORT'" not in str(plan["queryPlanner"]["winningPlan"])

    async def test_what_waits_is_kept_for_as_long_as_it_waits(self, deliveries: Deliveries, database: Database) -> None:
        """MongoDB deletes by `ended_at`, a month after it."""
        for revision in (1, 2):
            await deliveries.add("crm", message(revision), NOON)
        claim = await deliveries.claim("crm", NOON, SOON)
        assert claim
        await deliveries.settle(claim, attempt(claim, PostAnswer(204)), None)

        await deliveries.add_again("crm", message(1), SOON)
        await deliveries.begin_again("crm", SOON)

        assert await database["webhook_deliveries"].count_documents({"ended_at": {"$exists": False}}) == 2


async def test_what_can_still_be_taken_back_is_not_among_the_facts(database: Database) -> None:
    decisions = MongoDecisions(database, lambda _event: None)
    await decisions.prepare()
    await MongoCases(database).add(a_request())
    await decisions.add(a_release(), held_for=timedelta(seconds=10))
    await decisions.add(a_note())

    found = [fact async for fact in MongoFactLog(database).since(NOON)]

    assert {type(fact) for fact in found} == {RequestReceived, NoteAdded}


async def test_the_facts_since_a_moment_are_read_back_whole(database: Database) -> None:
    story = a_whole_story()
    await add_all(MongoCases(database), story)
    await database["letters"].insert_one({"_id": "broken", "request_id": REQUEST, "at": SOON, "type": "x"})

    found: list[Fact] = [fact async for fact in MongoFactLog(database).since(SOON)]

    expected = {fact_id(fact) for fact in story if moment_of(fact) >= SOON}
    assert {fact_id(fact) for fact in found} == expected
    assert 0 < len(expected) < len(story)
