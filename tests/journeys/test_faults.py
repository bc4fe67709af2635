"""Something breaks, and no request is lost, priced twice or answered twice."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from threading import Thread
from typing import Any

import pytest
from aiokafka import ConsumerRecord

from local.children import free_port
from local.services import ServiceProcess
from shared.events import DESK, LETTERS, QUOTES, REQUESTS
from tests.journeys.traffic import traffic
from tests.journeys.world import CANARY_COMPANY, CANARY_MAIL, CONTACT, Accepted, World, a_quote, brochure_only, until
from tests.local.scripted_smtp_server import ScriptedServer

DESK_MAIL = "desk@agency.example"
READERS = {
    REQUESTS: ("rating", "notify", "dashboard"),
    QUOTES: ("intake", "notify", "dashboard"),
    LETTERS: ("intake", "dashboard"),
    DESK: ("notify", "dashboard"),
}


@pytest.fixture(scope="module", autouse=True)
def _forms_flow(world: World, request: pytest.FixtureRequest) -> Iterator[None]:
    """Only where `make chaos` asks for it."""
    rate = request.config.getoption("--rate", 0)
    with traffic(world, rate) if rate else nullcontext():
        yield


@contextmanager
def without(world: World, *names: str) -> Iterator[None]:
    """The system while these parts are dead; they are back, with their data, after the block."""
    for name in names:
        world.system.components[name].child.kill()
    try:
        yield
    finally:
        for name in names:
            world.system.restart(name)
            world.system.components[name].wait_until_ready()


def stop(service: ServiceProcess) -> None:
    service.child.stop()


def ends_as_quoted_once(world: World, request: Accepted) -> None:
    world.ends(request, "quoted", {"receipt", "quote", "desk"})
    with world.mongo() as client:
        quotes = client["mitsumori_rating"]["quotes"].count_documents({"request_id": request.request_id})
    assert quotes == 1
    assert world.mail_counts(request) == Counter({CANARY_MAIL: 2, DESK_MAIL: 1})


def record_of(world: World, topic: str, request: Accepted) -> Any:  # noqa: ANN401  # aiokafka ships no types
    found = [record for record in world.records(topic) if record.key == request.request_id.encode()]
    return found[0]


def repeat(world: World, record: "ConsumerRecord[bytes, bytes]", times: int, *, spread: bool = False) -> None:
    """Deliver *record* again; *spread* over all partitions, so that several processes get it at once."""
    for number in range(times):
        key = b"%d" % number if spread else record.key
        assert key is not None
        world.publish(record.topic, key, record.value, record.headers)


def drain(world: World, topic: str) -> None:
    """Return when every reader has come past what is on *topic* now: garbage at its end marks the place."""
    before = {service: len(world.dead_letters(service)) for service in READERS[topic]}
    for number in range(40):
        world.publish(topic, b"end-%d" % number, b"the end", [])
    for service, count in before.items():
        until(lambda service=service, count=count: len(world.dead_letters(service)) >= count + 40)  # type: ignore[misc]  # mypy cannot infer a lambda's defaults


@pytest.mark.parametrize("topic", list(READERS))
@pytest.mark.parametrize(
    ("headers", "value"),
    [
        pytest.param([], b"\xff\x00 garbage", id="garbage"),
        pytest.param([("ce_type", b"\xff\xfe")], b"{}", id="a header that is not UTF-8"),
        pytest.param([("ce_type", None)], b"{}", id="a null header"),
        pytest.param(
            [("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_type", b"mitsumori.moon.rose.v1")],
            b"{}",
            id="an unknown type",
        ),
    ],
)
def test_what_nobody_can_read_becomes_one_dead_letter_of_each_reader_and_work_goes_on(
    world: World, topic: str, headers: list[tuple[str, Any]], value: bytes
) -> None:
    before = {service: len(world.dead_letters(service)) for service in READERS[topic]}

    world.publish(topic, b"stranger", value, headers)
    request = world.submit(brochure_only())
    world.ends(request, "documents_only", {"receipt", "desk"})

    for service, count in before.items():
        until(lambda service=service, count=count: len(world.dead_letters(service)) == count + 1)  # type: ignore[misc]  # mypy cannot infer a lambda's defaults


def test_a_record_that_is_delivered_again_makes_no_second_quote_and_no_second_letter(world: World) -> None:
    request = world.submit(a_quote())
    ends_as_quoted_once(world, request)

    repeat(world, record_of(world, REQUESTS, request), 5)
    repeat(world, record_of(world, QUOTES, request), 5)
    drain(world, REQUESTS)
    drain(world, QUOTES)

    ends_as_quoted_once(world, request)


def test_two_processes_that_get_the_same_record_at_once_make_one_quote_and_one_letter_of_each_kind(
    world: World,
) -> None:
    with ExitStack() as stack:
        for name in ("rating", "notify"):
            first = world.system.services[name]
            second = ServiceProcess(name, free_port(), world.folder / "logs" / f"second-{name}.log", first.settings)
            stack.callback(stop, second)
            second.spawn()
            second.wait_until_ready()
        world.system.services["rating"].child.kill()
        request = world.submit(a_quote())
        record = until(lambda: [r for r in world.records(REQUESTS) if r.key == request.request_id.encode()])[0]
        repeat(world, record, 24, spread=True)
        world.system.restart("rating")

        ends_as_quoted_once(world, request)
        drain(world, REQUESTS)

    ends_as_quoted_once(world, request)


def test_while_kafka_is_down_forms_are_acknowledged_and_they_are_quoted_when_it_is_back(world: World) -> None:
    with without(world, "kafka"):
        request = world.submit(a_quote())
        assert world.status(request)["state"] == "received"

    ends_as_quoted_once(world, request)


def test_while_kafka_is_down_every_service_says_so_and_those_with_pages_stay_in_service(world: World) -> None:
    """Rating and notify said that they were ready, and whoever asks them saw nothing wrong.

    The form takes requests, the dashboard shows cases, and notify has what mails link to. Rating can do nothing.
    """
    services = world.system.services
    away = {name: (503 if name == "rating" else 200, ["kafka"]) for name in services}

    with without(world, "kafka"):
        until(lambda: {name: says(world, name) for name in services} == away)

    until(lambda: {name: says(world, name) for name in services} == dict.fromkeys(services, (200, [])))


def says(world: World, service: str) -> tuple[int, list[str]]:
    """Its status, and what it lacks for its work or a part of it; without keys that others of this system wait for."""
    reply = world.http.get(world.system.services[service].health)
    lacks = [*reply.json()["missing"], *reply.json()["incomplete"]]
    return reply.status_code, [one for one in lacks if one != "keys"]


@pytest.mark.parametrize("service", ["rating", "notify", "intake", "dashboard"])
def test_a_service_that_dies_at_work_loses_and_repeats_nothing(world: World, service: str) -> None:
    requests = [world.submit(a_quote()) for _ in range(5)]
    with without(world, service):
        pass

    for request in requests:
        ends_as_quoted_once(world, request)


def test_while_mongo_is_down_nothing_is_acknowledged_and_the_browser_keeps_what_was_typed(world: World) -> None:
    page, answers = f"{world.form}/cyber-security/submit", brochure_only(brochure="post")
    with without(world, "mongod"):
        by_api = world.post(brochure_only())
        by_form = world.http.post(page, data={**CONTACT, "brochure": "post", "quote": "no"})
        whole_form = world.http.post(page, data=answers)

    assert by_api.status_code == 503
    assert int(by_api.headers["retry-after"]) > 0
    assert by_form.status_code == 422
    assert whole_form.status_code == 503
    assert int(whole_form.headers["retry-after"]) > 0
    assert CANARY_COMPANY in whole_form.text
    assert answers["email"] in whole_form.text
    request = world.submit(brochure_only())
    world.ends(request, "documents_only", {"receipt", "desk"})


def test_while_the_mail_server_is_down_letters_wait_and_then_go_out_once(world: World) -> None:
    with without(world, "mailbox"):
        request = world.submit(a_quote())
        with world.mongo() as client:
            letters = client["mitsumori_notify"]["letters"]
            until(lambda: letters.count_documents({"request_id": request.request_id}) == 3)

    ends_as_quoted_once(world, request)


def test_letters_outlive_a_mail_server_that_refuses_us_and_none_fails(world: World) -> None:
    """One wrong setting (530 to MAIL) failed every letter for good, and the letters that should tell of it too."""
    with without(world, "mailbox"):
        port = int(world.system.mailbox.smtp.rpartition(":")[2])
        with mail_server_that_says(port, {"MAIL": "530 5.7.0 Must issue a STARTTLS command first"}) as server:
            request = world.submit(a_quote())
            until(lambda: sum(command.startswith("MAIL") for command in server.commands) > 2)
        assert world.status(request)["letters"] == {}

    ends_as_quoted_once(world, request)
    with world.mongo() as client:
        outcomes = list(client["mitsumori_notify"]["outcomes"].find({"request_id": request.request_id}))
    assert [(outcome["sent"], outcome["attempts"]) for outcome in outcomes] == [(True, 1)] * 3


@contextmanager
def mail_server_that_says(port: int, replies: Mapping[str, str]) -> Iterator[ScriptedServer]:
    """A mail server on *port*, on an event loop of its own, while the block runs."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    server = ScriptedServer(dict(replies), port=port)
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
        try:
            yield server
        finally:
            asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
