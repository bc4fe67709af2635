"""Somebody is told: each alarm fires in its fault, and none while all is well.

A real Prometheus with our configuration asks a running system, first while all is well and then while parts break. What
takes an hour, promtool then does with what it saw, and with the rules as we ship them.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from services.intake.usecases.limit_drafts import LimitDrafts
from services.notify.usecases.metrics import count_unmade
from shared.clock import utc_now
from shared.events import RequestReceived
from shared.runtime.dead_letter_limit import DeadLetterLimit
from tests.journeys.collector import a_collector
from tests.journeys.prometheus import Series, a_prometheus, fired_in_an_hour, fires, rules
from tests.journeys.watched import CEILING, FAULTS, Watched, queries, watch
from tests.journeys.world import CANARIES


@pytest.fixture(scope="module")
def watched(another_world: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with (
        a_collector() as spans,
        another_world(
            OTEL_EXPORTER_OTLP_ENDPOINT=spans.endpoint,
            OTEL_BSP_SCHEDULE_DELAY="200",
            MITSUMORI_MAILS_PER_HOUR=str(CEILING),
        ) as world,
        a_prometheus(world, tmp_path_factory.mktemp("prometheus")) as prometheus,
    ):
        yield watch(world, prometheus, spans)


@pytest.mark.parametrize(
    ("fault", "alert"), [(fault, alert) for fault, alerts in FAULTS.items() for alert in sorted(alerts)]
)
def test_an_alarm_fires_in_its_fault(watched: Watched, fault: str, alert: str, tmp_path: Path) -> None:
    assert fires(alert, watched.before, watched.normal, watched.faults[fault], tmp_path)


def test_no_alarm_fires_in_an_hour_of_normal_load(watched: Watched, tmp_path: Path) -> None:
    assert not fired_in_an_hour(watched.before, watched.normal, tmp_path)


class OneDraft:
    async def count(self) -> int:
        return 1


@contextmanager
def full_of_drafts() -> Iterator[None]:
    """Until as many forms may be half filled as are."""
    asyncio.run(LimitDrafts(OneDraft(), utc_now, most=1)())  # type: ignore[arg-type]  # it only counts them
    yield
    asyncio.run(LimitDrafts(OneDraft(), utc_now, most=2)())  # type: ignore[arg-type]  # it only counts them


@contextmanager
def a_letter_given_up() -> Iterator[None]:
    count_unmade("quote")
    yield


@contextmanager
def a_reader_stopped_by_bugs() -> Iterator[None]:
    limit = DeadLetterLimit(1)
    limit.count_bug(RequestReceived.type)
    yield
    limit.count_done(RequestReceived.type)


@pytest.mark.parametrize(
    ("alert", "service", "fault"),
    [
        ("MitsumoriDraftsFull", "intake", full_of_drafts),
        ("MitsumoriLettersNotMade", "notify", a_letter_given_up),
        ("MitsumoriConsumerStopped", "rating", a_reader_stopped_by_bugs),
    ],
)
def test_an_alarm_fires_in_a_fault_that_a_whole_system_would_take_too_long_for(
    alert: str, service: str, fault: Callable[[], AbstractContextManager[None]], tmp_path: Path
) -> None:
    normal = own_series(service)
    with fault():
        broken = own_series(service)

    assert fires(alert, normal, normal, broken, tmp_path)


def own_series(service: str) -> Series:
    """The metrics of this process, as if it were that service."""
    samples = [
        sample
        for family in text_string_to_metric_families(generate_latest(REGISTRY).decode())
        for sample in family.samples
    ]
    return {
        f"{one.name}{{{','.join(f'{name}={json.dumps(value)}' for name, value in labels.items())}}}": one.value
        for one in samples
        for labels in [{**one.labels, "service": service, "job": "mitsumori"}]
    }


def test_every_alarm_has_a_fault_that_fires_it() -> None:
    in_this_process = {"MitsumoriDraftsFull", "MitsumoriLettersNotMade", "MitsumoriConsumerStopped"}

    assert set(rules()) == set().union(*FAULTS.values()) | in_this_process


def test_every_query_of_the_dashboards_has_series_of_a_running_system(watched: Watched) -> None:
    assert [query for query, series in watched.answers.items() if not series] == []


def test_alarms_and_dashboards_name_only_metrics_that_there_are(watched: Watched) -> None:
    """A metric that was renamed would never fire again, and nobody would notice."""
    named = {name for text in [*(rule["expr"] for rule in rules().values()), *queries()] for name in metrics_in(text)}

    assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in named} - watched.known == set()


def metrics_in(expression: str) -> set[str]:
    """The names before a selector, a window or the end: every metric of ours has an underscore, and `up`."""
    without_labels = re.sub(r"\{[^}]*\}|by \([^)]*\)|\[[^]]*\]", " ", expression)
    words = set(re.findall(r"\b(?:[a-z]+(?:_[a-z]+)+|up)\b", without_labels))
    return words - {"histogram_quantile"}


def test_a_request_is_one_trace_from_the_form_to_its_mails(watched: Watched) -> None:
    spans = watched.spans.trace(watched.trace_id)

    (root,) = [span for span in spans if span.parent not in {one.id for one in spans}]
    assert (root.service, root.name, root.parent) == ("mitsumori-intake", "HTTP POST", b"")
    found = {(span.service.removeprefix("mitsumori-"), span.name.removeprefix("mitsumori.")) for span in spans}
    assert found >= {
        ("rating", "requests.v1 process"),
        ("notify", "requests.v1 process"),
        ("notify", "quotes.v1 process"),
        ("notify", "letter deliver"),
        ("intake", "letters.v1 process"),
        ("dashboard", "requests.v1 process"),
        ("dashboard", "quotes.v1 process"),
        ("dashboard", "letters.v1 process"),
    }
    assert sum(span.name == "letter deliver" for span in spans) >= 3


def test_traces_say_nothing_of_customers(watched: Watched) -> None:
    assert watched.spans.bodies
    assert [word for word in CANARIES for body in watched.spans.bodies if word.encode() in body] == []
