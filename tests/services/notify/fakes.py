"""Fakes: notify's ports in memory. They keep the same promises as the real ones (`specs.py` holds them to it)."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.notify.domain.attempts import Ended, Result, Step
from services.notify.domain.due import Failure, Known
from services.notify.ports import Fact, Letter
from shared.errors import Unavailable
from shared.events import QuoteOffered, QuoteReferred, QuoteReleased, RequestReceived, ResumeLinkAsked


@dataclass
class InMemoryOutcomes:
    kept: dict[str, tuple[Letter, Ended]] = field(default_factory=dict)

    async def settle(self, letter: Letter, end: Ended) -> bool:
        if letter.id in self.kept:
            return False
        self.kept[letter.id] = letter, end
        return True

    def failures(self, request_id: str) -> tuple[Failure, ...]:
        return tuple(
            Failure(letter.id, letter.kind, end.at, end.attempts, end.code)
            for letter, end in self.kept.values()
            if letter.request_id == request_id and not end.sent
        )


@dataclass
class InMemoryFacts:
    outcomes: InMemoryOutcomes = field(default_factory=InMemoryOutcomes)
    facts: list[Fact] = field(default_factory=list)

    async def add(self, fact: Fact) -> None:
        if fact not in self.facts:
            self.facts.append(fact)

    async def known(self, request_id: str) -> Known:
        heard = [fact for fact in self.facts if fact.request_id == request_id]
        return Known(
            request=next((fact for fact in heard if isinstance(fact, RequestReceived)), None),
            quotes=tuple(fact for fact in heard if isinstance(fact, QuoteOffered | QuoteReferred)),
            released={fact.quote_id: fact.released_at for fact in heard if isinstance(fact, QuoteReleased)},
            resume=next((fact for fact in heard if isinstance(fact, ResumeLinkAsked)), None),
            failures=self.outcomes.failures(request_id),
        )


@dataclass
class InMemoryLetters:
    heads: dict[str, Letter] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    put_away: set[str] = field(default_factory=set)

    async def keep(self, letter: Letter, content: bytes) -> bool:
        if letter.id in self.heads:
            return False
        self.heads[letter.id], self.contents[letter.id] = letter, content
        return True

    async def written(self, request_id: str) -> frozenset[str]:
        return frozenset(letter.id for letter in self.heads.values() if letter.request_id == request_id)

    async def next_due(self, now: datetime, beside: Collection[str]) -> Letter | None:
        waiting = [
            letter
            for letter in self.heads.values()
            if letter.id not in self.put_away and letter.id not in beside and letter.due <= now
        ]
        return min(waiting, key=lambda letter: letter.due, default=None)

    async def content(self, letter_id: str) -> bytes:
        return self.contents[letter_id]

    async def look_again(self, letter: Letter, at: datetime) -> None:
        if self.heads[letter.id].due == letter.due:
            self.heads[letter.id] = replace(letter, due=at)

    async def done(self, letter: Letter) -> None:
        self.put_away.add(letter.id)

    async def pending(self) -> int:
        return len(self.heads.keys() - self.put_away)


@dataclass
class InMemoryAttempts:
    steps: dict[str, Step] = field(default_factory=dict)

    async def of(self, letter_id: str) -> list[Step]:
        return [step for step in self.steps.values() if step.letter_id == letter_id]

    async def keep(self, step: Step) -> bool:
        return self.steps.setdefault(step.id, step).by == step.by

    def outcomes(self) -> list[str]:
        return [step.outcome for step in self.steps.values() if isinstance(step, Result)]


@dataclass
class InMemoryWorkers:
    seen: dict[str, datetime] = field(default_factory=dict)
    away: bool = False

    async def beat(self, worker: str, now: datetime) -> None:
        self._reach()
        self.seen[worker] = now

    async def last_seen(self, worker: str) -> datetime | None:
        self._reach()
        return self.seen.get(worker)

    async def leave(self, worker: str) -> None:
        self._reach()
        self.seen.pop(worker, None)

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("mongo")
