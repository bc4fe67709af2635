"""A whole system whose services are replaced one by one by those of another version, while customers send forms."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from threading import Event
from typing import Any, Final, NamedTuple
from uuid import uuid4

import httpx

from local.children import free_port
from local.data_folder import DataFolder
from local.ports import Ports
from local.services import ServiceProcess
from local.system import System
from tests.journeys.version_before import VersionBefore
from tests.journeys.world import Accepted, World, a_quote, a_referral, brochure_only, until

EVERY_S: Final = 0.4
"""From one form to the next: what a machine can answer that starts services all the while."""
WORKED: Final = 3
"""Records that both processes of a service have worked on before the older one is stopped."""
STOPS_IN_S: Final = 25.0
_DONE: Final = re.compile(rb'^records_total\{outcome="done".*\} (\d+)', re.MULTILINE)


class Ending(NamedTuple):
    """What becomes of a request, by what was asked for."""

    answers: Any
    state: str
    to_contact: str
    letters: int


ENDINGS: Final = (
    Ending(brochure_only, "documents_only", "receipt", 1),
    Ending(a_quote, "quoted", "quote", 2),
    Ending(a_referral, "referred", "referral", 2),
)


@dataclass
class Rolling:
    """Each service runs in one process, or in two while it is replaced."""

    world: World
    before: VersionBefore
    running: dict[str, list[ServiceProcess]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def replace(self, name: str, settings: Mapping[str, str]) -> None:
        """By a process with *settings*, once both have worked for a while side by side."""
        self.start(name, settings)
        has_done = {process: done(self.world, process) for process in self.running[name]}
        for process, records in has_done.items():
            until(lambda process=process, records=records: done(self.world, process) >= records + WORKED)  # type: ignore[misc]  # mypy cannot infer a lambda's defaults
        self.stop(name)

    def start(self, name: str, settings: Mapping[str, str]) -> ServiceProcess:
        """One more process of this service, which does its work when this returns."""
        process = self.new(name, settings)
        process.spawn()
        self.running[name].append(process)
        process.wait_until_ready()
        self.world.system.services[name] = process
        return process

    def new(self, name: str, settings: Mapping[str, str]) -> ServiceProcess:
        """A process that is not started."""
        log = self.world.folder / "logs" / f"{name}-{next(self._numbers)}.log"
        common = self.world.system.services[name].settings()
        of_today = {key: value for key, value in common.items() if key != "PYTHONPATH"}
        return ServiceProcess(name, free_port(), log, lambda: {**of_today, **settings})

    def stop(self, name: str) -> None:
        """The oldest process of this service."""
        self.running[name][0].child.stop(STOPS_IN_S)
        del self.running[name][0]

    def log_lines(self, words: str) -> list[str]:
        """Of every process that ever ran, those with these *words*."""
        logs = sorted((self.world.folder / "logs").glob("*.log"))
        return [line for log in logs for line in log.read_text("utf-8").splitlines() if words in line]


@contextmanager
def a_world_of_before(folder: Path, before: VersionBefore) -> Iterator[Rolling]:
    """Its keys were made, and its services are run, by the version *before*."""
    data = DataFolder(folder)
    system = System(data, Ports.free(), "kafka", report=lambda _line: None)
    for name, process in system.services.items():
        system.services[name] = _under(process, before)
    rolling = Rolling(World(system, folder), before)
    rolling.running = {name: [process] for name, process in system.services.items()}
    try:
        with data.locked():
            before.mitsumori("keys", "new", folder / "keys")
            system.start()
            yield rolling
    finally:
        rolling.world.http.close()
        for process in [one for processes in rolling.running.values() for one in processes]:
            process.child.stop(STOPS_IN_S)
        system.stop()


def _under(process: ServiceProcess, before: VersionBefore) -> ServiceProcess:
    settings, log = process.settings, process.child.log
    return ServiceProcess(process.name, process.port, log, lambda: {**settings(), **before.settings})


def done(world: World, process: ServiceProcess) -> int:
    """How many records this process has worked on."""
    return sum(map(int, _DONE.findall(world.http.get(process.metrics).content)))


@dataclass
class Customers:
    """They send forms all the while, each to an intake that is there, and again with its key if that one went away."""

    rolling: Rolling
    accepted: dict[Accepted, Ending] = field(default_factory=dict)
    _turn: Iterator[int] = field(default_factory=count)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """While the block runs. Fails when one of them was not accepted in the end."""
        is_over = Event()

        def send() -> None:
            endings = cycle(ENDINGS)
            while not is_over.wait(EVERY_S):
                posts.append(clients.submit(self._send_one, next(endings)))

        posts: list[Any] = []
        with ThreadPoolExecutor(8) as clients, ThreadPoolExecutor(1) as sender:
            sending = sender.submit(send)
            try:
                yield
            finally:
                is_over.set()
                sending.result()
        for post in posts:
            post.result()

    def more(self, number: int) -> None:
        """Return when so many more have been accepted."""
        wanted = len(self.accepted) + number
        until(lambda: len(self.accepted) >= wanted)

    def _send_one(self, ending: Ending) -> None:
        body = {"product": "cyber-security", "answers": ending.answers()}
        headers = {"Idempotency-Key": str(uuid4())}
        reply = until(lambda: self._answer(body, headers))
        assert reply.status_code == httpx.codes.ACCEPTED, reply.text
        self.accepted[Accepted(reply.json()["request_id"], reply.json()["reception_no"])] = ending

    def _answer(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> httpx.Response | None:
        intakes = list(self.rolling.running["intake"])
        intake = intakes[next(self._turn) % len(intakes)]
        try:
            reply = self.rolling.world.http.post(f"{intake.url}/api/v1/requests", json=body, headers=headers)
        except httpx.HTTPError:
            return None
        return None if reply.status_code == httpx.codes.SERVICE_UNAVAILABLE else reply
