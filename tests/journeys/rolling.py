"""A whole system whose services are replaced one by one by those of another version, while customers send forms."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
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
from shared.products import load_products
from shared.products.form import load_form
from tests.architecture.repository import PACKAGES, ROOT
from tests.journeys.version_before import OtherVersion, installed
from tests.journeys.world import Accepted, World, a_quote, a_referral, brochure_only, until

EVERY_S: Final = 0.8
"""From one form to the next: what a machine can answer that starts services all the while."""
WORKED: Final = 2
"""Records that both processes of a service have worked on before the older one is stopped."""
STOPS_IN_S: Final = 25.0
PRODUCT: Final = "cyber-security"
_DONE: Final = re.compile(rb'^records_total\{outcome="done".*\} (\d+)', re.MULTILINE)

Settings = Mapping[str, str]
"""What a version's processes have in their environment, besides what is the same for each of them."""


class Ending(NamedTuple):
    """What becomes of a request: its state and its letters."""

    state: str
    letters: frozenset[str]


Answers = Callable[[], dict[str, Any]]
KINDS: Final[Mapping[Answers, Ending]] = {
    brochure_only: Ending("documents_only", frozenset({"receipt", "desk"})),
    a_quote: Ending("quoted", frozenset({"receipt", "quote", "desk"})),
    a_referral: Ending("referred", frozenset({"receipt", "referral", "desk"})),
}
"""By what customers send."""


def _at_nothing(_process: ServiceProcess) -> None:
    return


@dataclass
class Rolling:
    """Each service runs in one process, or in two while it is replaced."""

    world: World
    common: Mapping[str, Callable[[], Settings]]
    running: dict[str, list[ServiceProcess]]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def replace(self, name: str, settings: Settings, look: Callable[[ServiceProcess], None] = _at_nothing) -> None:
        """By a process with *settings*, once both have worked for a while side by side, and *look* was at each."""
        self.start(name, settings=settings)
        for process in self.running[name]:
            look(process)
        had = {process: self.done(process) for process in self.running[name]}
        until(lambda: all(self.done(process) >= records + WORKED for process, records in had.items()))
        self.stop(name)

    def start(self, *names: str, settings: Settings) -> None:
        """One more process of each of these services. They do their work when this returns."""
        processes = [self.new(name, settings) for name in names]
        for process in processes:
            process.spawn()
            self.running[process.name].append(process)
        for process in processes:
            process.wait_until_ready()
            self.world.system.services[process.name] = process

    def new(self, name: str, settings: Settings) -> ServiceProcess:
        """A process that is not started yet."""
        log = self.world.folder / "logs" / f"{name}-{next(self._numbers)}.log"
        return ServiceProcess(name, free_port(), log, lambda: {**self.common[name](), **settings})

    def stop(self, *names: str) -> None:
        """The oldest process of each of these services."""
        stopped = [self.running[name].pop(0) for name in names]
        for process in stopped:
            process.child.ask_to_stop()
        for process in stopped:
            process.child.stop(STOPS_IN_S)

    def done(self, process: ServiceProcess) -> int:
        """How many records this process has worked on."""
        return sum(map(int, _DONE.findall(self.world.http.get(process.metrics).content)))


@contextmanager
def a_rolling_world(folder: Path, settings: Settings) -> Iterator[Rolling]:
    """Its services have *settings* at first."""
    data = DataFolder(folder)
    system = System(data, Ports.free(), "kafka", report=lambda _line: None)
    rolling = Rolling(World(system, folder), {name: one.settings for name, one in system.services.items()}, {})
    for name, process in system.services.items():
        process.settings = partial(_with, rolling.common[name], settings)
        rolling.running[name] = [process]
    try:
        with data.locked():
            system.start()
            yield rolling
    finally:
        rolling.world.http.close()
        for name in reversed(rolling.running):
            rolling.stop(*[name] * len(rolling.running[name]))
        system.stop()


def _with(common: Callable[[], Settings], settings: Settings) -> Settings:
    return {**common(), **settings}


def products_with_form_of(before: OtherVersion, folder: Path) -> Settings:
    """Today's product keeps the form of *before*, as a release does (CONTRIBUTING.md, How to change the form)."""
    product = load_products()[PRODUCT]
    form = before.folder / product.folder.relative_to(ROOT) / "form.yaml"
    version = load_form(form, product.privacy.version).version
    shutil.copytree(product.folder, folder / PRODUCT)
    if product.form_of(version) is None:
        former = folder / PRODUCT / "former-forms"
        former.mkdir(exist_ok=True)
        shutil.copyfile(form, former / f"{version}.yaml")
    return {"MITSUMORI_PRODUCTS": str(folder)}


@dataclass
class Customers:
    """They send forms all the while, each to an intake that is there, and again with its key if that one went away."""

    rolling: Rolling
    accepted: dict[Accepted, Ending] = field(default_factory=dict)
    _turns: Iterator[int] = field(default_factory=count)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """While the block runs. Fails when one of them was not accepted in the end."""
        is_over, kinds = Event(), cycle(KINDS)
        posts: list[Future[Accepted]] = []

        def send() -> None:
            while not is_over.wait(EVERY_S):
                posts.append(clients.submit(self.send, next(kinds)))

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
        """Return when so many more were accepted."""
        wanted = len(self.accepted) + number
        until(lambda: len(self.accepted) >= wanted)

    def send(self, answers: Answers) -> Accepted:
        """One form, until it is accepted."""
        body = {"product": PRODUCT, "answers": answers()}
        headers = {"Idempotency-Key": str(uuid4())}
        reply = until(lambda: self._reply(body, headers))
        assert reply.status_code == httpx.codes.ACCEPTED, reply.text
        request = Accepted(reply.json()["request_id"], reply.json()["reception_no"])
        self.accepted[request] = KINDS[answers]
        return request

    def _reply(self, body: Mapping[str, Any], headers: Settings) -> httpx.Response | None:
        intakes = list(self.rolling.running["intake"])
        url = intakes[next(self._turns) % len(intakes)].url
        with suppress(httpx.TransportError):
            reply = self.rolling.world.http.post(f"{url}/api/v1/requests", json=body, headers=headers)
            return None if reply.status_code == httpx.codes.SERVICE_UNAVAILABLE else reply
        return None


def later_version(folder: Path) -> OtherVersion:
    """Today's code with one change of stored data more, which takes away what today's needs."""
    for part in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "fonts")
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    with (folder / "services" / "dashboard" / "adapters" / "migrations.py").open("a", encoding="utf-8") as steps:
        steps.write(_ONE_MORE_STEP)
    return installed(folder, "9.0.0", commit="")


_ONE_MORE_STEP: Final = """

async def _nothing(_database: Database) -> None:
    return


STEPS = (*STEPS, Step(number=len(STEPS) + 1, title="後のバージョンの変更", run=_nothing, removes=True))
"""
