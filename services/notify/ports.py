"""What notify's use cases need from outside: protocols, and the values that they exchange."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from services.notify.domain.attempts import Step
from services.notify.domain.bounce import Bounce
from services.notify.domain.brochure import Brochure, BrochureFile
from services.notify.domain.delivery_state import Ended
from services.notify.domain.facts import Fact, KnownFacts
from services.notify.domain.letter import Letter, LetterHead
from services.notify.domain.mail_server import MailServerOffer
from services.notify.domain.news import NewsChoice
from services.notify.domain.pieces import Pieces
from services.notify.domain.quote_document import QuoteDocument
from services.notify.domain.refusals import TO_DO, Place
from services.notify.domain.replies import Reply
from shared.errors import Unavailable
from shared.events import LetterCopied
from shared.products import Product

Pause = Callable[[float], Awaitable[None]]
AskOffer = Callable[[], Awaitable[MailServerOffer]]
"""Asks the mail server, greeted, encrypted and logged in. Raises `Unavailable`, or `MailServerRefuses`."""


class ConnectionLost(Exception):
    """The connection to the mail server broke off without an answer, or with one that the command cannot have."""


class MailServerRefuses(Unavailable):
    """The mail server is there and refuses us, whatever the letter: somebody has to mend the settings.

    `place` says where, and `to_do` what, for the operator.
    """

    def __init__(self, place: Place, code: int | None = None) -> None:
        super().__init__(f"smtp refuses us ({code or place})")
        self.place = place
        self.to_do = TO_DO[place]


class Facts(Protocol):
    """What notify has received. Every method raises `Unavailable`."""

    async def add(self, fact: Fact) -> None:
        """Keep *fact*, once; receiving it again changes nothing."""
        ...

    async def known(self, request_id: str) -> KnownFacts:
        """Everything received under this id, and every letter written, by this process or another."""
        ...


class Letters(Protocol):
    """Letters with their bytes, which never change. Every method raises `Unavailable`."""

    async def add(self, letter: Letter, content: Pieces) -> bool:
        """Keep it for good, to be delivered. False: it was written before, and those bytes stay."""
        ...

    async def next_due(self, now: datetime, excluding: Collection[str]) -> Letter | None:
        """The letter whose `due` is the earliest, if it is not after *now*; without the ids in *excluding*."""
        ...

    async def content(self, letter_id: str) -> bytes:
        """Its bytes, as they were first written.

        Raises `LookupError` where they were forgotten, `UnknownKey`, and `Invalid` (broken-letter).
        """
        ...

    async def postpone(self, letter: Letter, until: datetime) -> None:
        """Look at it next at *until*, unless somebody else changed its `due` in the meantime."""
        ...

    async def finish(self, letter: Letter) -> None:
        """Its outcome is kept: never look at it again. After a crash it may be due once more."""
        ...

    async def pending(self) -> int:
        """How many have no outcome yet."""
        ...


class Attempts(Protocol):
    """The steps of every attempt. Every method raises `Unavailable`."""

    async def of(self, letter_id: str) -> list[Step]:
        """All steps ever kept about this letter."""
        ...

    async def add(self, step: Step) -> bool:
        """Keep *step*, unless that step is kept already. True: the kept step is ours, also when we kept it before."""
        ...


class Workers(Protocol):
    """When each process that delivers was last alive. Every method raises `Unavailable`."""

    async def beat(self, worker: str, now: datetime) -> None:
        """*worker* is alive *now*; only the worker itself may say so."""
        ...

    async def last_seen(self, worker: str) -> datetime | None:
        """When *worker* last said so. None: it was removed, by itself or long after all its leases were over."""
        ...

    async def remove(self, worker: str) -> None:
        """*worker* has stopped and has no lease any more, so others need not wait for it."""
        ...


class Outcomes(Protocol):
    """What became of each letter, with the event that publishes it. Raises `Unavailable`."""

    async def add(self, letter: Letter, end: Ended) -> bool:
        """Keep how *letter* ended, once. False: it was kept before."""
        ...

    async def add_unmade(self, head: LetterHead, reason: str, at: datetime) -> bool:
        """Keep that this letter could not be made, once. False: an outcome was kept before.

        If it may be made later, that is no failure yet, and another outcome may follow (`MAY_BE_MADE_LATER`).
        """
        ...


class Bounces(Protocol):
    """Letters that came back, each with the event that publishes it. Every method raises `Unavailable`."""

    async def letter(self, letter_id: str) -> Letter | None:
        """The letter with that id, if it was ever written."""
        ...

    async def add(self, letter: Letter, bounce: Bounce, at: datetime) -> bool:
        """Keep that *letter* did not arrive, once. False: it was kept before, and stays as it is."""
        ...


class DeadAddresses(Protocol):
    """What reports and staff have said of addresses, for some time. Every method raises `Unavailable`."""

    async def add(self, said_by: str, address: str, at: datetime, *, is_dead: bool) -> None:
        """Keep what the report about the letter *said_by*, or the correction *said_by*, has said of it, once."""
        ...

    async def is_dead(self, address: str) -> bool:
        """Whether no mail to it can arrive, by what was said last."""
        ...


class NewsChoices(Protocol):
    """Who wants news and who wants none any more, for good. Every method raises `Unavailable`."""

    async def add(self, choice: NewsChoice) -> bool:
        """Keep it, once; the end of an opt-in with the event that publishes it. False: its id was kept before."""
        ...

    async def of(self, mailbox: str) -> Sequence[NewsChoice]:
        """Everything that is known of a mailbox, by one of its hashes; in the order in which it was chosen."""
        ...


class Copies(Protocol):
    """Copies of letters for the desk, each with the event that publishes it. Raises `Unavailable`."""

    async def add(self, copied: LetterCopied) -> bool:
        """Keep it for some days, once. False: one with its `copy_id` was kept before."""
        ...


class MailConnection(Protocol):
    """A connection to the mail server, for one letter at a time. It reconnects by itself."""

    async def ensure_ready(self) -> None:
        """Make sure that the server answers, and that no other letter is in progress.

        Raises `Unavailable`; of these, `MailServerRefuses` when it answers and does not let us in.
        """
        ...

    async def send_envelope(self, letter: Letter, size: int) -> Reply:
        """Send everything before the content. Returns the reply to DATA, or the first that refuses.

        Raises `ConnectionLost`.
        """
        ...

    async def send_content(self, content: bytes) -> Reply:
        """Send the letter. Returns the reply to the final dot.

        Raises `ConnectionLost` when the server may have taken it.
        """
        ...

    async def close(self) -> None:
        """End the connection."""
        ...


class Papers(Protocol):
    """The documents that go with letters, as checked PDFs. Raises `Invalid` when one cannot be made, or is broken."""

    async def quote(self, product: Product, document: QuoteDocument, made_at: datetime) -> bytes:
        """The 見積書. The same arguments give the same bytes."""
        ...

    def can_print(self, text: str) -> bool:
        """Whether the 見積書 shows *text* as it is, and nothing in it as 〓."""
        ...

    async def brochures(self, product: Product) -> tuple[Brochure, ...]:
        """All brochures of *product*, in a fixed order."""
        ...


class Brochures(Protocol):
    """Brochures that mails link to, each in every version that was ever linked. Every method raises `Unavailable`."""

    async def add(self, product: str, brochure: Brochure) -> None:
        """Keep it for good; one that was kept before stays as it is."""
        ...

    async def file(self, product: str, version: str) -> BrochureFile | None:
        """The one of that version (`Brochure.version`), if *product* ever had it."""
        ...


class MailDns(Protocol):
    """What the DNS says of mail. A name that does not exist has nothing. All raise `Unavailable`: no answer."""

    async def texts(self, name: str) -> tuple[str, ...]:
        """Its TXT records, the parts of each joined."""
        ...

    async def mail_hosts(self, domain: str) -> tuple[str, ...]:
        """The hosts that take mail for *domain*; "" is the host of a domain that takes none (RFC 7505)."""
        ...

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Its addresses, IPv4 and IPv6."""
        ...

    async def names_of(self, address: str) -> tuple[str, ...]:
        """The names that an IP address is said to have."""
        ...
