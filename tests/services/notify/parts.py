"""notify put together over memory, with the real product, real parcels and real papers."""

from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from services.notify.adapters.typst import TypstPapers
from services.notify.ports import Fact
from services.notify.usecases.draft import DraftLetter, Letterhead
from services.notify.usecases.write import WriteLetters
from shared.products import Product, load_products
from tests.services.notify.builders import Clock, Keys
from tests.services.notify.fakes import InMemoryFacts, InMemoryLetters

PRODUCT: Product = load_products()["cyber-security"]
LETTERHEAD = Letterhead("noreply@agency.example", "desk@agency.example", "https://desk.agency.example/")


@dataclass
class WritingRoom:
    """Everything that `WriteLetters` needs, to look into afterwards."""

    folder: Path
    release: Literal["auto", "desk"] = "auto"
    clock: Clock = field(default_factory=Clock)
    facts: InMemoryFacts = field(default_factory=InMemoryFacts)
    letters: InMemoryLetters = field(default_factory=InMemoryLetters)
    nudges: int = 0

    def __post_init__(self) -> None:
        self.keys = Keys(self.folder)
        self.papers = TypstPapers(self.clock)

    @property
    def write(self) -> WriteLetters:
        def nudge() -> None:
            self.nudges += 1

        return WriteLetters(
            {"cyber-security": replace(PRODUCT, release=self.release)},
            self.facts,
            self.letters,
            DraftLetter(self.keys.opener, self.papers, LETTERHEAD, self.clock),
            nudge,
        )

    async def hear(self, *facts: Fact) -> None:
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
        body = self.mail(kind).get_body()
        assert body is not None
        return str(body.get_content())

    def papers_of(self, kind: str) -> dict[str, bytes]:
        return {str(part.get_filename()): part.get_content() for part in self.mail(kind).iter_attachments()}
