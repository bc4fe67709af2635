"""Kafka loses what it has acknowledged, and every request ends all the same: nobody need notice, or do anything."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from prometheus_client.parser import text_string_to_metric_families

from services.registry import SERVICES
from shared.events import QUOTES, REQUESTS
from tests.journeys.kafka_logs import cut
from tests.journeys.test_faults import ends_as_quoted_once, without
from tests.journeys.world import Accepted, World, a_quote, until

WITHIN_S = 120.0
"""From the loss until everything is announced again."""


def places(world: World, collection: str, requests: Sequence[Accepted]) -> dict[int, int]:
    """Partition → the first place of these requests' events on the topic, once all of them are on it."""
    database, name = collection.split(".")
    ids = [request.request_id for request in requests]
    of_requests = {"relay.state": "sent", "relay.key": {"$in": ids}}

    def published() -> dict[int, int] | None:
        with world.mongo() as client:
            found = [one["relay"] for one in client[database][name].find(of_requests)]
        if len(found) < len(ids):
            return None
        firsts = sorted(((relay["partition"], relay["offset"]) for relay in found), reverse=True)
        return dict(firsts)

    return until(published)


def figure(world: World, name: str, metric: str, topic: str | None = None) -> float:
    """The sum of *metric* of the service *name*, of all topics or one."""
    text = world.http.get(world.system.services[name].metrics).text
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == metric and topic in {None, sample.labels.get("topic")}
    )


def have_looked(world: World) -> Callable[[], bool]:
    """Whether every service has compared its topics twice since now: the first look may have begun before."""
    looks = {one.name: figure(world, one.name, "topics_compared_total") for one in SERVICES}
    return lambda: all(figure(world, name, "topics_compared_total") >= before + 2 for name, before in looks.items())


def repairs_of(world: World) -> dict[str, list[float]]:
    """How often each service has published again, by the topics that it writes."""
    return {
        one.name: [figure(world, one.name, "reconciler_repairs_total", topic) for topic in one.writes]
        for one in SERVICES
    }


def repairs_at_rest(world: World) -> dict[str, list[float]] | None:
    """`repairs_of`, if nothing is repaired any more: what an earlier test has lost takes up to three rounds."""
    before = repairs_of(world)
    until(have_looked(world), WITHIN_S)
    return before if repairs_of(world) == before else None


async def delete(kafka: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_topics([topic])
    await admin.close()


@pytest.mark.parametrize(
    ("topic", "asleep", "events"),
    [
        pytest.param(REQUESTS, "rating", "mitsumori_intake.requests", id="requests that rating has not read"),
        pytest.param(QUOTES, "notify", "mitsumori_rating.quotes", id="quotes that notify has not read"),
    ],
)
def test_what_a_power_cut_has_taken_from_the_end_of_a_topic_is_announced_again_by_itself(
    world: World, topic: str, asleep: str, events: str
) -> None:
    """21 of 96 acknowledged requests stayed without a quote for as long as one waited."""
    [writer] = (one.name for one in SERVICES if topic in one.writes)
    before = figure(world, writer, "reconciler_repairs_total", topic)
    with without(world, asleep):
        requests = [world.submit(a_quote()) for _ in range(6)]
        lost = places(world, events, requests)
        with without(world, "kafka"):
            for partition, place in lost.items():
                cut(world.folder / "kafka" / "data", topic, partition, place)

    until(lambda: figure(world, writer, "reconciler_repairs_total", topic) >= before + len(requests), WITHIN_S)

    for request in requests:
        ends_as_quoted_once(world, request)


def test_a_power_cut_that_takes_the_writer_too_is_found_when_it_starts_again(world: World) -> None:
    """Before it does, the requests are nowhere: nobody else could announce them."""
    with without(world, "rating"):
        requests = [world.submit(a_quote()) for _ in range(6)]
        lost = places(world, "mitsumori_intake.requests", requests)
        with without(world, "intake"):
            with without(world, "kafka"):
                for partition, place in lost.items():
                    cut(world.folder / "kafka" / "data", REQUESTS, partition, place)
            left = {record.key.decode() for record in world.records(REQUESTS)}

    for request in requests:
        until(lambda request=request: world.status(request)["state"] == "quoted" or None, WITHIN_S)  # type: ignore[misc]  # mypy cannot infer a lambda's defaults
        ends_as_quoted_once(world, request)
    assert left.isdisjoint(request.request_id for request in requests)


def test_a_topic_that_vanishes_is_made_again_and_what_was_on_it_announced_by_itself(world: World) -> None:
    with without(world, "notify"):
        requests = [world.submit(a_quote()) for _ in range(4)]
        places(world, "mitsumori_rating.quotes", requests)
        asyncio.run(delete(world.system.broker.address, QUOTES))
        until(lambda: figure(world, "rating", "topics_made_again_total", QUOTES) > 0, WITHIN_S)

    for request in requests:
        until(lambda request=request: world.status(request)["letters"].get("quote") == "sent" or None, WITHIN_S)  # type: ignore[misc]  # mypy cannot infer a lambda's defaults
        ends_as_quoted_once(world, request)
    after = world.submit(a_quote())
    ends_as_quoted_once(world, after)


def test_a_broker_that_comes_back_with_everything_has_nothing_announced_again(world: World) -> None:
    repairs = until(lambda: repairs_at_rest(world), WITHIN_S)
    requests = [world.submit(a_quote()) for _ in range(3)]
    with without(world, "kafka"):
        requests += [world.submit(a_quote()) for _ in range(3)]
    for request in requests:
        ends_as_quoted_once(world, request)

    until(have_looked(world), WITHIN_S)

    assert repairs_of(world) == repairs


def test_a_request_without_an_answer_shows_in_the_metrics_until_it_has_one(world: World) -> None:
    """Whatever has kept it from its end: alarms look at these three (docs/operating/repair.md)."""
    with without(world, "rating"):
        request = world.submit(a_quote())
        until(lambda: figure(world, "dashboard", "oldest_unanswered_request_age_seconds") > 0, WITHIN_S)

    ends_as_quoted_once(world, request)
    until(lambda: figure(world, "dashboard", "oldest_unanswered_request_age_seconds") == 0, WITHIN_S)
    accepted = until(lambda: figure(world, "intake", "requests_accepted"), WITHIN_S)
    until(lambda: figure(world, "dashboard", "requests_known") >= accepted, WITHIN_S)
