"""Fakes: notify's ports in memory, which keep the same promises as the real ones (`specs.py` checks both).

`Writing` joins them to the use cases that write letters.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from nacl.public import PrivateKey

from services.notify.adapters.typst import TypstPapers
from services.notify.domain.attempts import Result, Step
from services.notify.domain.bounce import Bounce
from services.notify.domain.brochure import Brochure, BrochureFile
from services.notify.domain.brochure_links import BrochureLinks
from services.notify.domain.dead_address import AddressHashes
from services.notify.domain.delivery_state import Ended
from services.notify.domain.dkim import NOT_SIGNED, Dkim
from services.notify.domain.facts import Fact, Failure, KnownFacts, WithoutRequest
from services.notify.domain.letter import Letter, LetterHead
from services.notify.domain.news import NewsChoice
from services.notify.domain.news_links import NewsLinks
from services.notify.domain.pieces import Pieces, joined
from services.notify.domain.product import ProductWithLetters
from services.notify.domain.return_path import ReturnPath
from services.notify.domain.unmade import MAY_BE_MADE_LATER, outcome_id
from services.notify.entrypoints.worker import Finish
from services.notify.usecases.compose import ComposeLetter, Letterhead
from services.notify.usecases.copy_letter import CopyLetter
from services.notify.usecases.give_up import GiveUpLetter
from services.notify.usecases.keep_news_choice import KeepNewsChoice
from services.notify.usecases.take_back import TakeBackLetter
from services.notify.usecases.withhold import WithholdLetter
from services.notify.usecases.write import WriteLetters
from shared.errors import Unavailable
from shared.events import (
    AddressCorrected,
    LetterCopied,
    LetterCopyAsked,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestErased,
    RequestReceived,
    RequestReleased,
)
from shared.events.parcels import LetterCopyForDesk
from shared.products.documents import FONTS
from shared.runtime.erasure import Erasure, UseCase
from shared.runtime.parcels import ParcelOpener, Sealer
from shared.runtime.typst_here import TypstHere
from tests.services.notify.builders import PRODUCT, Clock, Keys
from tests.shared.runtime.fakes import InMemoryErased

MAILBOXES = AddressHashes({"notify-1": b"m" * 32})
NEWS_LINKS = NewsLinks("https://form.agency.example", MAILBOXES, {"notify-1": b"l" * 32})
_DESK = PrivateKey.generate()
FOR_DESK = Sealer({"desk": ("desk-1", _DESK.public_key)})
DESK_OPENER = ParcelOpener({"desk-1": _DESK})
LETTERHEAD = Letterhead(
    "noreply@agency.example", "desk@agency.example", "https://desk.agency.example/", "https://form.agency.example"
)


@dataclass
class InMemoryOutcomes:
    kept: dict[str, tuple[LetterHead, Ended]] = field(default_factory=dict)

    async def add(self, letter: LetterHead, end: Ended) -> bool:
        return self._add(letter.id, letter, end)

    async def add_unmade(self, head: LetterHead, reason: str, at: datetime) -> bool:
        outcome = outcome_id(head.id, reason)
        return self._add(outcome, head, Ended(sent=False, at=at, attempts=0, ambiguous=False, code=None, reason=reason))

    def _add(self, outcome: str, letter: LetterHead, end: Ended) -> bool:
        is_first = outcome not in self.kept
        self.kept.setdefault(outcome, (letter, end))
        return is_first

    def failures(self, request_id: str) -> tuple[Failure, ...]:
        return tuple(
            Failure(
                letter_id=letter.id,
                kind=letter.kind,
                failed_at=end.at,
                attempts=end.attempts,
                reply_code=end.code,
                reason=end.reason,
                corrected_by=letter.corrected_by,
            )
            for letter, end in self.kept.values()
            if letter.request_id == request_id and not end.sent and end.reason not in MAY_BE_MADE_LATER
        )

    def unmade(self) -> dict[str, str]:
        """Kind → why it could not be made."""
        return {head.kind: end.reason for head, end in self.kept.values() if end.reason and not end.attempts}


@dataclass
class InMemoryLetters:
    heads: dict[str, Letter] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)

    async def add(self, letter: Letter, content: Pieces) -> bool:
        if letter.id in self.heads:
            return False
        self.heads[letter.id], self.contents[letter.id] = letter, joined(content)
        return True

    async def next_due(self, now: datetime, excluding: Collection[str]) -> Letter | None:
        waiting = [
            letter
            for letter in self.heads.values()
            if letter.id not in self.finished and letter.id not in excluding and letter.due <= now
        ]
        return min(waiting, key=lambda letter: letter.due, default=None)

    async def content(self, letter_id: str) -> bytes:
        return self.contents[letter_id]

    async def postpone(self, letter: Letter, until: datetime) -> None:
        if self.heads[letter.id].due == letter.due:
            self.heads[letter.id] = replace(letter, due=until)

    async def finish(self, letter: Letter) -> None:
        self.finished.add(letter.id)

    async def pending(self) -> int:
        return len(self.heads.keys() - self.finished)


def finish_in(letters: InMemoryLetters) -> Finish:
    async def finish(letter: Letter, _end: Ended) -> None:
        await letters.finish(letter)

    return finish


@dataclass
class InMemoryBounces:
    letters: InMemoryLetters
    kept: dict[str, tuple[Letter, Bounce, datetime]] = field(default_factory=dict)

    async def letter(self, letter_id: str) -> Letter | None:
        return self.letters.heads.get(letter_id)

    async def add(self, letter: Letter, bounce: Bounce, at: datetime) -> bool:
        is_first = letter.id not in self.kept
        self.kept.setdefault(letter.id, (letter, bounce, at))
        return is_first

    def failures(self, request_id: str) -> tuple[Failure, ...]:
        return tuple(
            Failure(
                letter_id=letter.id,
                kind=letter.kind,
                failed_at=at,
                attempts=1,
                reply_code=bounce.reply_code,
                bounce=bounce.reason,
                corrected_by=letter.corrected_by,
            )
            for letter, bounce, at in self.kept.values()
            if letter.request_id == request_id
        )


@dataclass
class InMemoryDeadAddresses:
    known: dict[str, tuple[str, datetime, bool]] = field(default_factory=dict)

    async def add(self, said_by: str, address: str, at: datetime, *, is_dead: bool) -> None:
        self.known.setdefault(said_by, (address.lower(), at, is_dead))

    async def is_dead(self, address: str) -> bool:
        said = [(at, is_dead) for of, at, is_dead in self.known.values() if of == address.lower()]
        return max(said, key=lambda one: one[0], default=(None, False))[1]


@dataclass
class InMemoryNewsChoices:
    kept: dict[str, NewsChoice] = field(default_factory=dict)
    is_away: bool = False

    async def add(self, choice: NewsChoice) -> bool:
        self._answer()
        is_first = choice.id not in self.kept
        self.kept.setdefault(choice.id, choice)
        return is_first

    async def of(self, mailbox: str) -> Sequence[NewsChoice]:
        self._answer()
        return sorted((one for one in self.kept.values() if mailbox in one.mailboxes), key=lambda one: one.at)

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable("mongo")


@dataclass
class InMemoryFacts:
    outcomes: InMemoryOutcomes = field(default_factory=InMemoryOutcomes)
    letters: InMemoryLetters = field(default_factory=InMemoryLetters)
    facts: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bounces = InMemoryBounces(self.letters)

    async def add(self, fact: Fact) -> None:
        if fact not in self.facts:
            self.facts.append(fact)

    async def known(self, request_id: str) -> KnownFacts:
        received = [fact for fact in self.facts if fact.request_id == request_id]
        return KnownFacts(
            request=next((fact for fact in received if isinstance(fact, RequestReceived)), None),
            quotes=tuple(fact for fact in received if isinstance(fact, QuoteOffered | QuoteReferred)),
            released={fact.quote_id: fact.released_at for fact in received if isinstance(fact, QuoteReleased)},
            request_released_at=next(
                (fact.released_at for fact in received if isinstance(fact, RequestReleased)), None
            ),
            alone=next((fact for fact in received if isinstance(fact, WithoutRequest)), None),
            failures=self.outcomes.failures(request_id) + self.bounces.failures(request_id),
            corrections=tuple(fact for fact in received if isinstance(fact, AddressCorrected)),
            written=frozenset(letter.id for letter in self.letters.heads.values() if letter.request_id == request_id),
        )


@dataclass
class InMemoryBrochures:
    folder: Path
    kept: dict[tuple[str, str], BrochureFile] = field(default_factory=dict)
    is_away: bool = False

    async def add(self, product: str, brochure: Brochure) -> None:
        path = self.folder / f"{len(self.kept)}.pdf"
        path.write_bytes(brochure.pdf.content)
        self.kept.setdefault((product, brochure.version), BrochureFile(path, brochure.name))

    async def file(self, product: str, version: str) -> BrochureFile | None:
        if self.is_away:
            raise Unavailable("mongo")
        return self.kept.get((product, version))


@dataclass
class InMemoryCopies:
    kept: dict[str, LetterCopied] = field(default_factory=dict)

    async def add(self, copied: LetterCopied) -> bool:
        is_first = copied.copy_id not in self.kept
        self.kept.setdefault(copied.copy_id, copied)
        return is_first


@dataclass
class InMemoryAttempts:
    steps: dict[str, Step] = field(default_factory=dict)

    async def of(self, letter_id: str) -> list[Step]:
        return [step for step in self.steps.values() if step.letter_id == letter_id]

    async def add(self, step: Step) -> bool:
        return self.steps.setdefault(step.id, step).by == step.by

    def outcomes(self) -> list[str]:
        return [step.outcome for step in self.steps.values() if isinstance(step, Result)]


@dataclass
class InMemoryWorkers:
    seen: dict[str, datetime] = field(default_factory=dict)
    away: bool = False

    async def beat(self, worker: str, now: datetime) -> None:
        self._answer()
        self.seen[worker] = now

    async def last_seen(self, worker: str) -> datetime | None:
        self._answer()
        return self.seen.get(worker)

    async def remove(self, worker: str) -> None:
        self._answer()
        self.seen.pop(worker, None)

    def _answer(self) -> None:
        if self.away:
            raise Unavailable("mongo")


@dataclass
class Writing:
    """Everything that `WriteLetters` needs, over memory, with the real product, real parcels and real PDFs."""

    folder: Path
    release: Literal["auto", "desk"] = "auto"
    product: ProductWithLetters = PRODUCT
    clock: Clock = field(default_factory=Clock)
    facts: InMemoryFacts = field(default_factory=InMemoryFacts)
    copies: InMemoryCopies = field(default_factory=InMemoryCopies)
    dead_addresses: InMemoryDeadAddresses = field(default_factory=InMemoryDeadAddresses)
    news: InMemoryNewsChoices = field(default_factory=InMemoryNewsChoices)
    erased: InMemoryErased = field(default_factory=InMemoryErased)
    handed_over: dict[str, bytes] = field(default_factory=dict)
    """Letter → the bytes that the dispatcher got."""
    return_path: ReturnPath | None = None
    dkim: Dkim = NOT_SIGNED
    links: BrochureLinks | None = None
    news_links: NewsLinks | None = None

    def __post_init__(self) -> None:
        self.keys = Keys(self.folder)
        self.papers = TypstPapers(self.clock, TypstHere(FONTS))

    @property
    def letters(self) -> InMemoryLetters:
        return self.facts.letters

    @property
    def write(self) -> WriteLetters:
        def hand_over(letter: Letter, content: Pieces) -> None:
            self.handed_over[letter.id] = joined(content)

        return WriteLetters(
            products={"cyber-security": replace(self.product, release=self.release)},
            facts=self.facts,
            letters=self.letters,
            withhold=WithholdLetter(self.dead_addresses),
            give_up=GiveUpLetter(self.facts.outcomes, self.clock),
            compose=ComposeLetter(
                parcels=self.keys.opener,
                papers=self.papers,
                letterhead=LETTERHEAD,
                now=self.clock,
                links=self.links,
                news_links=self.news_links,
            ),
            hand_over=hand_over,
            return_path=self.return_path,
            dkim=self.dkim,
        )

    @property
    def take_back(self) -> TakeBackLetter:
        return TakeBackLetter(
            return_path=self.return_path,
            own_domain="agency.example",
            bounces=self.facts.bounces,
            dead_addresses=self.dead_addresses,
            on_failed=self.write.write_due,
            now=self.clock,
        )

    @property
    def copy(self) -> CopyLetter:
        return CopyLetter(facts=self.facts, letters=self.letters, copies=self.copies, sealer=FOR_DESK, now=self.clock)

    @property
    def keep_news_choice(self) -> KeepNewsChoice:
        return KeepNewsChoice(parcels=self.keys.opener, mailboxes=MAILBOXES, choices=self.news)

    @property
    def erase(self) -> Erasure:
        return Erasure(self.erased, self.erased.forget)

    @property
    def use_cases(
        self,
    ) -> tuple[UseCase[Fact], UseCase[LetterCopyAsked], UseCase[RequestErased], UseCase[RequestReceived]]:
        """As its consumer takes them."""
        erase = self.erase
        return erase.guard(self.write), erase.guard(self.copy), erase, erase.guard(self.keep_news_choice)

    def opened(self, copy_id: str) -> LetterCopyForDesk:
        """A copy, as the desk opens it."""
        return LetterCopyForDesk.model_validate(DESK_OPENER.open(self.copies.kept[copy_id].parcels["desk"]))

    async def receive(self, *facts: Fact) -> None:
        for fact in facts:
            await self.write(fact)

    def kinds(self) -> list[str]:
        return sorted(letter.kind for letter in self.letters.heads.values())

    def mail(self, kind: str) -> EmailMessage:
        [mail] = self.mails(kind)
        return mail

    def mails(self, kind: str) -> list[EmailMessage]:
        letters = [letter for letter in self.letters.heads.values() if letter.kind == kind]
        return [message_from_bytes(self.letters.contents[letter.id], policy=policy.default) for letter in letters]

    def text(self, kind: str) -> str:
        [text] = self.texts(kind)
        return text

    def texts(self, kind: str) -> list[str]:
        bodies = [mail.get_body(("plain",)) for mail in self.mails(kind)]
        return [str(body.get_content()) for body in bodies if body is not None]

    def pdfs(self, kind: str) -> dict[str, bytes]:
        return {str(part.get_filename()): part.get_content() for part in self.mail(kind).iter_attachments()}
