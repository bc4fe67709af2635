"""Who is told of a fact: queued once, delivered once, tried again, and told again when somebody asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from services.dashboard.domain.webhook import GIVEN_UP_AFTER, KEPT_FOR
from services.dashboard.ports.api import PostAnswer
from services.dashboard.usecases.pause_webhook import PauseWebhook, ResumeWebhook
from services.dashboard.usecases.subscribe import MOST, Replay, Subscribe, Unsubscribe
from services.dashboard.usecases.webhooks import LOOKED_UP_EVERY, Deliver, QueueMessages
from shared.errors import Invalid
from tests.services.dashboard.builders import NOON, a_closing, a_referral, an_offer
from tests.services.dashboard.fakes import FactsInMemory, InMemoryAudit, InMemoryDeliveries, InMemorySubscriptions

pytestmark = pytest.mark.anyio

URL = "https://crm.example.jp/hook"
REFUSED = PostAnswer(500)


@dataclass
class Desk:
    """The use cases on ports in memory. `answers`: what a receiver says in turn; 204 in the end."""

    time: datetime = NOON
    subscriptions: InMemorySubscriptions = field(default_factory=InMemorySubscriptions)
    deliveries: InMemoryDeliveries = field(default_factory=InMemoryDeliveries)
    audit: InMemoryAudit = field(default_factory=InMemoryAudit)
    answers: list[PostAnswer] = field(default_factory=list)
    received: list[Mapping[str, str]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
        self.received.append({**headers, "url": url, "body": body.decode()})
        return self.answers.pop(0) if self.answers else PostAnswer(204)

    async def subscribe(self, name: str = "crm", wants: str = "*", url: str = URL) -> str:
        subscribe = Subscribe(
            subscriptions=self.subscriptions, deliveries=self.deliveries, audit=self.audit, now=self.now
        )
        return await subscribe(name, url, [wants])

    async def unsubscribe(self) -> None:
        remove = Unsubscribe(
            subscriptions=self.subscriptions, deliveries=self.deliveries, audit=self.audit, now=self.now
        )
        await remove("crm")

    @property
    def queue(self) -> QueueMessages:
        return QueueMessages(subscriptions=self.subscriptions, deliveries=self.deliveries, now=self.now)

    @property
    def replay(self) -> Replay:
        facts = FactsInMemory([an_offer(revision=1), a_referral(revision=2), a_closing()])
        return Replay(
            subscriptions=self.subscriptions,
            deliveries=self.deliveries,
            facts=facts,
            audit=self.audit,
            now=self.now,
        )

    async def deliver_due(self) -> None:
        deliver = Deliver(subscriptions=self.subscriptions, deliveries=self.deliveries, posts=self, now=self.now)
        for name in await self.deliveries.due(self.time):
            while delivery := await self.deliveries.claim(name, self.time, self.time + timedelta(minutes=1)):
                await deliver(delivery, URL)


async def test_a_fact_that_is_read_again_is_told_once() -> None:
    desk = Desk()
    await desk.subscribe()

    for _ in range(3):
        await desk.queue(an_offer())
        await desk.deliver_due()

    assert len(desk.received) == 1
    assert await desk.deliveries.counts() == {("crm", "delivered"): 1}


async def test_what_was_queued_for_a_removed_one_is_not_told_to_the_next_of_its_name() -> None:
    """Each process remembers the subscriptions for a moment: it queued for one that was removed in between."""
    desk = Desk()
    await desk.subscribe()
    queue = desk.queue
    await queue(an_offer())
    await desk.unsubscribe()
    await queue(a_closing())

    await desk.subscribe(wants="quote.*")
    await desk.deliver_due()

    assert desk.received == []


async def test_each_subscription_is_told_of_what_it_wants_since_it_was_added() -> None:
    desk = Desk()
    await desk.subscribe("quotes", "quote.*")
    await desk.subscribe("closings", "case.closed")
    desk.time = NOON + timedelta(minutes=5)
    await desk.subscribe("late")

    for fact in (an_offer(), a_closing()):
        await desk.queue(fact)

    assert set(await desk.deliveries.counts()) == {("quotes", "waiting"), ("closings", "waiting"), ("late", "waiting")}
    assert {name: key for name, key in desk.deliveries.kept if name == "late"}.keys() == {"late"}
    [late] = [one.delivery.message.type for one in desk.deliveries.kept.values() if one.delivery.subscription == "late"]
    assert late == "case.closed"


async def test_facts_that_are_read_again_after_a_month_are_not_told_again() -> None:
    """Then nobody remembers any more that they were told."""
    desk = Desk()
    await desk.subscribe()
    desk.time = NOON + KEPT_FOR + timedelta(minutes=1)

    await desk.queue(an_offer())

    assert desk.deliveries.kept == {}


async def test_a_new_subscription_is_seen_within_two_seconds() -> None:
    desk = Desk(time=NOON - timedelta(hours=1))
    queue = desk.queue
    await queue(an_offer())
    await desk.subscribe()

    await queue(an_offer(revision=1))
    desk.time += LOOKED_UP_EVERY
    await queue(an_offer(revision=2))

    assert [one.delivery.message.body.count(":r2") for one in desk.deliveries.kept.values()] == [1]


async def test_what_was_not_accepted_is_tried_again_with_the_same_id_and_a_new_signature() -> None:
    desk = Desk(answers=[REFUSED, PostAnswer(302), PostAnswer(None, "timed-out")])
    await desk.subscribe()
    await desk.queue(an_offer())

    for seconds in (0, 4, 5, 34, 35, 154, 155):
        desk.time = NOON + timedelta(seconds=seconds)
        await desk.deliver_due()

    assert [int(one["webhook-timestamp"]) - int(NOON.timestamp()) for one in desk.received] == [0, 5, 35, 155]
    assert len({one["webhook-id"] for one in desk.received}) == 1
    assert len({one["webhook-signature"] for one in desk.received}) == 4
    assert len({one["body"] for one in desk.received}) == 1
    assert await desk.deliveries.counts() == {("crm", "delivered"): 1}


async def test_what_nobody_takes_for_three_days_is_given_up_and_shown() -> None:
    desk = Desk(answers=[REFUSED] * 200)
    await desk.subscribe()
    await desk.queue(an_offer())

    while desk.time < NOON + GIVEN_UP_AFTER + timedelta(days=1):
        await desk.deliver_due()
        desk.time += timedelta(minutes=30)

    assert await desk.deliveries.counts() == {("crm", "given-up"): 1}
    [last] = await desk.deliveries.log("crm", 1)
    assert (last.answer, last.number) == (REFUSED, len(desk.received))


async def test_a_replay_tells_again_from_a_moment_on_with_the_same_ids() -> None:
    desk = Desk()
    await desk.subscribe(wants="quote.*")
    await desk.queue(an_offer(revision=1))
    await desk.deliver_due()

    count = await desk.replay("crm", NOON + timedelta(seconds=1))
    await desk.deliver_due()

    assert count == 2
    assert [one["webhook-id"] for one in desk.received].count(desk.received[0]["webhook-id"]) == 2
    assert len(desk.received) == 3
    assert ("webhook-replayed", "api:crm", None) in desk.audit.acts


async def test_a_replay_goes_back_no_further_than_asked() -> None:
    desk = Desk()
    await desk.subscribe()

    assert await desk.replay("crm", NOON + timedelta(minutes=1)) == 1


async def test_who_was_removed_is_told_nothing_more() -> None:
    desk = Desk()
    await desk.subscribe()
    await desk.queue(an_offer())

    await desk.unsubscribe()
    await desk.deliver_due()

    assert (desk.received, desk.subscriptions.kept) == ([], {})
    assert [act for act, *_ in desk.audit.acts] == ["webhook-added", "webhook-removed"]
    for again in (desk.unsubscribe(), desk.replay("crm", NOON)):
        with pytest.raises(Invalid, match="no-such-subscription"):
            await again


async def test_who_pauses_and_who_resumes_is_recorded_once() -> None:
    desk = Desk()
    await desk.subscribe()
    pause = PauseWebhook(subscriptions=desk.subscriptions, audit=desk.audit, now=desk.now)
    resume = ResumeWebhook(subscriptions=desk.subscriptions, deliveries=desk.deliveries, audit=desk.audit, now=desk.now)

    for act in (resume, pause, pause, resume, resume):
        await act("crm", by="boss")

    acts = [(act, by) for act, by, _ in desk.audit.acts]
    assert acts == [("webhook-added", "api:crm"), ("webhook-paused", "boss"), ("webhook-resumed", "boss")]
    for act in (pause, resume):
        with pytest.raises(Invalid, match="no-such-subscription"):
            await act("nobody")


@pytest.mark.parametrize(
    ("name", "url", "wants", "reason"),
    [
        ("CRM", URL, "*", "bad-name"),
        ("crm", "ftp://crm.example.jp", "*", "bad-url"),
        ("crm", "https://", "*", "bad-url"),
        ("crm", "https://user@crm.example.jp", "*", "bad-url"),
        ("crm", "https://crm.example.jp/a b", "*", "bad-url"),
        ("crm", "https://crm.example.jp:99999", "*", "bad-url"),
        ("crm", URL, "quote.sold", "bad-events"),
    ],
)
async def test_a_subscription_that_makes_no_sense_is_not_made(name: str, url: str, wants: str, reason: str) -> None:
    desk = Desk()

    with pytest.raises(Invalid, match=reason):
        await desk.subscribe(name, wants, url)

    assert desk.subscriptions.kept == {}


async def test_there_is_an_end_to_subscriptions() -> None:
    desk = Desk()
    for number in range(MOST):
        await desk.subscribe(f"crm-{number}")

    with pytest.raises(Invalid, match="too-many"):
        await desk.subscribe("one-more")
