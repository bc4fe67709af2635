"""A running system that is watched, first while all is well and then while parts break, and what was seen of it."""

import asyncio
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from shared.clock import utc_now
from shared.events import DESK, LETTERS, REQUESTS
from shared.events.base import rfc3339
from tests.journeys.collector import Collector
from tests.journeys.prometheus import WATCH, Prometheus, Series, rules
from tests.journeys.test_faults import mail_server_that_says
from tests.journeys.test_losses import delete
from tests.journeys.world import Accepted, World, a_quote, a_referral, brochure_only, until

DASHBOARDS: Final = sorted((WATCH / "grafana").glob("*.json"))
CEILING: Final = 4
"""Requests an hour whose mails go out at once."""


@dataclass(frozen=True)
class Watched:
    """What Prometheus saw, and what the collector got."""

    before: Series
    """When its processes had just started."""
    normal: Series
    faults: dict[str, Series]
    answers: dict[str, list[dict[str, Any]]]
    """Of each query of a dashboard, while all was well."""
    known: set[str]
    spans: Collector
    trace_id: str


FAULTS: Final = {
    "records and letters": {
        "MitsumoriRequestsUnanswered",
        "MitsumoriRequestsUnknown",
        "MitsumoriEventsParked",
        "MitsumoriWaitingForKey",
        "MitsumoriDeadLetters",
        "MitsumoriRecordsLost",
        "MitsumoriMailServerRefuses",
        "MitsumoriMailServerAway",
        "MitsumoriMailCeiling",
    },
    "parts": {
        "MitsumoriServiceDown",
        "MitsumoriDatabaseAway",
        "MitsumoriKafkaAway",
        "MitsumoriEventsNotPublished",
        "MitsumoriTopicsNotCompared",
    },
}
"""Which alarms each of the two faults of the running system is for."""
ONLY_IN_AN_HOUR: Final = {"MitsumoriTopicsNotCompared"}
"""Five minutes of silence: promtool waits for them."""


def holds(prometheus: Prometheus, alert: str) -> bool:
    """Whether what the alarm asks for is so now, however long it must have been."""
    return bool(prometheus.ask(re.sub(r" offset \w+", "", rules()[alert]["expr"])))


def seen(prometheus: Prometheus, services: int) -> Series:
    """What Prometheus has, at a moment at which so many services have answered: on a slow machine one may be late."""
    return until(lambda: _with(prometheus.series(), services))


def _with(series: Series, services: int) -> Series | None:
    is_up = sum(value for name, value in series.items() if name.startswith("up{"))
    return series if is_up == services else None


def shown(prometheus: Prometheus, fault: str, services: int) -> Series:
    """What Prometheus has once it has seen everything of this fault, which so many services outlive."""
    for alert in sorted(FAULTS[fault] - ONLY_IN_AN_HOUR):
        with suppress(AssertionError):  # Of what does not come its own test tells.
            until(lambda alert=alert: holds(prometheus, alert))  # type: ignore[misc]  # mypy cannot infer a lambda's defaults
    return seen(prometheus, services)


def watch(world: World, prometheus: Prometheus, spans: Collector) -> Watched:
    """Three requests, and then both faults. *world* began with `CEILING`, and is left broken."""
    quoted, referred, documents = (world.submit(one) for one in (a_quote(), a_referral(), brochure_only()))
    world.ends(quoted, "quoted", {"receipt", "quote", "desk"})
    world.ends(referred, "referred", {"receipt", "referral", "desk"})
    world.ends(documents, "documents_only", {"receipt", "desk"})
    until(lambda: prometheus.ask("max(requests_accepted) == 3 and sum(requests_known) == 3"))
    until(lambda: prometheus.ask("count(topics_compared_total > 0) == 4"))
    # A rate needs two looks at what was born last.
    until(lambda: prometheus.ask("min(count_over_time(time_to_mail_seconds_count[1m])) > 1"))
    normal = seen(prometheus, 4)
    answers = {query: prometheus.ask(query) for query in queries()}
    known = prometheus.known()
    with world.mongo() as client:
        kept = client["mitsumori_intake"]["requests"].find_one({"_id": quoted.request_id})
    assert kept
    faults = {
        "records and letters": records_and_letters(world, prometheus, referred, documents),
        "parts": parts(world, prometheus),
    }
    trace_id = kept["relay"]["headers"]["traceparent"].split("-")[1]
    return Watched(dict.fromkeys(normal, 0.0), normal, faults, answers, known, spans, trace_id)


def records_and_letters(world: World, prometheus: Prometheus, referred: Accepted, documents: Accepted) -> Series:
    """A request is sealed for a key that rating has not, Kafka loses a topic, the mail server wants no mail of ours."""
    world.system.components["mailbox"].child.kill()
    port = int(world.system.mailbox.smtp.rpartition(":")[2])
    with mail_server_that_says(port, {"MAIL": "530 5.7.0 Must issue a STARTTLS command first"}):
        for _ in range(2):
            world.submit(a_quote())
        sealed_for_a_new_key(world, referred)
        world.publish(LETTERS, b"stranger", b"no event", [])
        asyncio.run(delete(world.system.broker.address, DESK))
        with world.mongo() as client:
            cases, ledger = client["mitsumori_dashboard"]["cases"], client["mitsumori_intake"]["requests"]
            # Facts that the dashboard has lost, and an event that Kafka cannot take.
            cases.delete_many({"_id": {"$in": [referred.request_id, documents.request_id]}})
            too_large = {"relay.state": "pending", "relay.due": utc_now(), "relay.body": "x" * 3_000_000}
            ledger.update_one({"_id": referred.request_id}, {"$set": too_large})
        return shown(prometheus, "records and letters", 4)


def sealed_for_a_new_key(world: World, like: Accepted) -> None:
    """A request of some minutes ago, as an intake writes it whose new key rating was not given."""
    [record] = [one for one in world.records(REQUESTS) if one.key == like.request_id.encode()]
    request_id, body = str(uuid4()), json.loads(record.value)
    body |= {"request_id": request_id, "accepted_at": rfc3339(two_minutes_ago())}
    body["parcels"]["rating"]["key"] = "rating-2"
    headers = {**dict(record.headers), "ce_id": str(uuid4()).encode(), "ce_subject": request_id.encode()}
    world.publish(REQUESTS, request_id.encode(), json.dumps(body).encode(), [*headers.items()])


def parts(world: World, prometheus: Prometheus) -> Series:
    """Kafka dies, then rating and the database. Nothing is mended: this system is nobody else's."""
    components = world.system.components
    components["kafka"].child.kill()
    waiting = world.submit(a_quote())
    with world.mongo() as client:
        ledger = client["mitsumori_intake"]["requests"]
        ledger.update_one({"_id": waiting.request_id}, {"$set": {"relay.time": two_minutes_ago()}})
        until(lambda: holds(prometheus, "MitsumoriEventsNotPublished"))
    components["rating"].child.kill()
    components["mongod"].child.kill()
    return shown(prometheus, "parts", 3)


def two_minutes_ago() -> datetime:
    return utc_now() - timedelta(minutes=2, seconds=30)


def queries() -> list[str]:
    """Of all dashboards, with what Grafana would fill in."""
    panels = [panel for path in DASHBOARDS for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]]
    return [target["expr"].replace("$__rate_interval", "1m") for panel in panels for target in panel["targets"]]
