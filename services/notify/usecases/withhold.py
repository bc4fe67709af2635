"""Whether a letter that waits must not be sent any more: its address may have been found dead since it was written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.notify.domain.dead_address import STRANGERS
from services.notify.domain.letter import Letter
from services.notify.domain.letters import LETTERS
from services.notify.ports import DeadAddresses
from shared.events import AddressCorrected

IsWithheld = Callable[[Letter], Awaitable[bool]]
"""Raises `Unavailable`."""


@dataclass(frozen=True, slots=True)
class WithholdLetter:
    """Withhold whatever would go to an address to which no mail arrives."""

    dead_addresses: DeadAddresses

    async def __call__(self, letter: Letter) -> bool:
        """Letters to the desk and to staff are never withheld. Raises `Unavailable`."""
        return LETTERS[letter.kind].reader in STRANGERS and await self.dead_addresses.is_dead(letter.recipient)

    async def lift(self, correction: AddressCorrected, address: str) -> None:
        """Whoever corrects an *address* says that mails arrive there. Safe to repeat. Raises `Unavailable`."""
        await self.dead_addresses.add(correction.decision_id, address, correction.decided_at, is_dead=False)
