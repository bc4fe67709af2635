"""The dashboard's ports in memory: values that a test looks into afterwards. Held to the same specs as Mongo's."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from services.dashboard.domain.case import Case, State, case_of
from services.dashboard.domain.facts import Fact, fact_id
from services.dashboard.ports import Act, Page
from shared.errors import Unavailable
from shared.events import QuoteReleased


@dataclass
class InMemoryCases:
    facts: dict[str, Fact] = field(default_factory=dict)
    away: bool = False

    async def keep(self, fact: Fact) -> bool:
        new = fact_id(fact) not in self.facts
        self.facts.setdefault(fact_id(fact), fact)
        return new

    async def find(self, request_id: str) -> Case | None:
        if self.away:
            raise Unavailable("mongo")
        return case_of(fact for fact in self.facts.values() if fact.request_id == request_id)

    async def page(self, state: State | None, skip: int, limit: int, *, suspicious: bool = False) -> Page:
        found = [case for fact in self.facts for case in [await self.find(fact)] if case]
        found.sort(key=lambda case: (case.request.accepted_at, case.request.request_id), reverse=True)
        wanted = [case for case in found if state in (None, case.state) and (case.request.suspicions or not suspicious)]
        return Page(tuple(wanted[skip : skip + limit]), len(wanted))


@dataclass
class InMemoryDecisions:
    cases: InMemoryCases

    async def release(self, decision: QuoteReleased) -> bool:
        return await self.cases.keep(decision)


@dataclass
class InMemoryAccounts:
    hashes: dict[str, str] = field(default_factory=dict)

    async def add(self, name: str, password_hash: str, at: datetime) -> bool:  # noqa: ARG002  # only Mongo keeps when
        new = name not in self.hashes
        self.hashes.setdefault(name, password_hash)
        return new

    async def set_password(self, name: str, password_hash: str, at: datetime) -> None:  # noqa: ARG002  # only Mongo keeps when
        self.hashes[name] = password_hash

    async def password_hash(self, name: str) -> str | None:
        return self.hashes.get(name)


@dataclass
class PlainPasswords:
    """Quick, for the stories that are not about hashing. `work` counts what a clock would feel."""

    work: int = 0

    async def hash(self, password: str) -> str:
        return f"plain:{password}"

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self.work += 1
        return password_hash == f"plain:{password}"


@dataclass
class InMemorySessions:
    begun: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    async def begin(self, digest: str, account: str, at: datetime, until: datetime) -> None:  # noqa: ARG002  # only Mongo keeps when
        self.begun[digest] = (account, until)

    async def account(self, digest: str, now: datetime) -> str | None:
        account, until = self.begun.get(digest, (None, now))
        return account if now < until else None

    async def end(self, digest: str) -> None:
        self.begun.pop(digest, None)

    async def end_all(self, account: str) -> None:
        self.begun = {digest: session for digest, session in self.begun.items() if session[0] != account}


@dataclass
class InMemoryTries:
    tries: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=count)

    async def begin(self, account: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        others = tuple(moment for name, moment in self.tries.values() if name == account and moment > since)
        this = str(next(self._ids))
        self.tries[this] = (account, at)
        return this, others

    async def withdraw(self, try_id: str) -> None:
        self.tries.pop(try_id, None)

    async def forgive(self, account: str) -> None:
        self.tries = {key: one for key, one in self.tries.items() if one[0] != account}


@dataclass
class InMemoryAudit:
    acts: list[tuple[Act, str | None, str | None]] = field(default_factory=list)

    async def note(self, act: Act, at: datetime, account: str | None, request_id: str | None = None) -> None:  # noqa: ARG002  # only Mongo keeps when
        self.acts.append((act, account, request_id))
