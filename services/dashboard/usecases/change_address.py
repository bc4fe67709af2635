"""Give an account another mail address, or none. An admin does it: whoever reads its mails can get its password."""

from dataclasses import dataclass

from services.dashboard.ports.audit import Audit
from services.dashboard.ports.staff import Invitations
from services.dashboard.ports.staff_mails import StaffAddresses
from shared.clock import Clock
from shared.errors import Invalid
from shared.mail_address import is_mail_address


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAddress:
    """From now on its links are mailed there, and those that went to the one of before no longer work."""

    addresses: StaffAddresses
    invitations: Invitations
    audit: Audit
    now: Clock

    async def __call__(self, name: str, email: str, *, by: str) -> None:
        """Without an *email* it has none any more. Raises `Invalid` (bad-email)."""
        if email and not is_mail_address(email):
            raise Invalid("bad-email")
        await self.audit.record("address-changed", self.now(), by, about=name)
        await self.addresses.keep(name, email or None)
        await self.invitations.withdraw(name)
