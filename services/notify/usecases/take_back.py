"""Takes back a letter that did not arrive: a mail that came in is read, and its letter becomes `bounced`, once.

A letter is found by its return path, which nobody else can make. Only one that was sent with a plain one is found by
its Message-ID, which strangers can know, so such a report never makes an address dead: docs/adr/0023-bounces.md.
"""

import asyncio
from dataclasses import dataclass
from typing import Literal

import structlog

from services.notify.domain.bounce import Bounce, NoBounce, meaning
from services.notify.domain.dead_address import STRANGERS
from services.notify.domain.inbound_mail import InboundMail, taken_apart
from services.notify.domain.letter import Letter
from services.notify.domain.letters import LETTERS
from services.notify.domain.return_path import ReturnPath, names_a_letter
from services.notify.ports import Bounces, DeadAddresses
from services.notify.usecases.finish import OnFailed, report_failure
from services.notify.usecases.metrics import count_bounce
from shared.clock import Clock

log = structlog.get_logger(__name__)

Taken = Literal["bounced", "not-ours"] | NoBounce
"""What a mail turned out to be. `not-ours`: a report about no letter of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackLetter:
    """Read what came in, and act on it. Safe to repeat: whatever was kept before stays, and the desk is told once."""

    return_path: ReturnPath | None
    own_domain: str
    """Of the Message-IDs of our letters."""
    bounces: Bounces
    dead_addresses: DeadAddresses
    on_failed: OnFailed
    now: Clock

    async def __call__(self, content: bytes) -> Taken:
        """*content*: the mail, or its beginning. Raises `Unavailable`."""
        mail = await asyncio.to_thread(taken_apart, content)
        has_tag = any(map(names_a_letter, mail.addressed_to))
        letter = await (self._tagged(mail) if has_tag else self._named(mail))
        meant = meaning(mail, letter)
        if not isinstance(meant, Bounce):
            return meant
        if letter is None:
            return "not-ours"
        now = self.now()
        # Nothing is learnt of an address that is erased.
        if meant.type == "hard" and has_tag and letter.recipient and LETTERS[letter.kind].reader in STRANGERS:
            # Of the time of the letter: staff who have said since then that the address is right knew more.
            await self.dead_addresses.add(letter.id, letter.recipient, letter.created_at, is_dead=True)
        if await self.bounces.add(letter, meant, now):
            count_bounce(letter.kind, meant.type)
            facts = {"letter_id": letter.id, "request_id": letter.request_id, "kind": letter.kind}
            log.warning("letter bounced", type=meant.type, reason=meant.reason, code=meant.reply_code, **facts)
        await report_failure(self.on_failed, letter)
        return "bounced"

    async def _tagged(self, mail: InboundMail) -> Letter | None:
        """The letter to whose own return path it came."""
        for address in filter(names_a_letter, mail.addressed_to):
            letter_id = self.return_path.letter_of(address) if self.return_path else None
            # An address that somebody made up speaks against the whole mail.
            return await self.bounces.letter(letter_id) if letter_id else None
        return None

    async def _named(self, mail: InboundMail) -> Letter | None:
        """The letter with a plain return path that it names, together with whom the letter went to."""
        for letter_id in mail.letter_ids(self.own_domain)[:1]:
            letter = await self.bounces.letter(letter_id)
            is_plain = letter is not None and not names_a_letter(letter.sender)
            return letter if letter and is_plain and letter.recipient and mail.names(letter.recipient) else None
        return None
