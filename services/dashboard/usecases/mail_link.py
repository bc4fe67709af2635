"""Have a link mailed to the member of staff whom it is for. Notify writes the letter; only it can read the link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.dashboard.ports.staff_mails import StaffAddresses, StaffMails
from shared.events import PasswordResetAsked, StaffInvited
from shared.runtime.parcels import Sealer

KEPT_FOR: Final = timedelta(days=14)
"""Of a mail, longer than its link works: whoever asks what became of a mail finds that it was asked for."""


@dataclass(frozen=True, slots=True)
class Link:
    """What is handed over. It works once, until this moment. *is_mailed*: its account has an address, and gets it."""

    token: str
    until: datetime
    is_mailed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLink:
    """For an account that has a mail address. *origin*: the dashboard's. *product*: whose letters it is written as."""

    addresses: StaffAddresses
    staff_mails: StaffMails
    sealer: Sealer
    product: str
    origin: str
    new_id: Callable[[], str]

    def address_of(self, token: str) -> str:
        """Where a link with *token* leads."""
        return f"{self.origin}/reset/{token}"

    async def __call__(self, account: str, link: Link, at: datetime, *, is_reset: bool = False) -> bool:
        """False: *account* has no address that can be read. *is_reset*: its owner has asked for it, not an admin."""
        email = await self.addresses.of(account)
        if email is None:
            return False
        parcel = self.sealer.seal("notify", {"email": email, "url": self.address_of(link.token)})
        mail: StaffInvited | PasswordResetAsked
        head, parcels = {"request_id": self.new_id(), "product": self.product}, {"notify": parcel}
        if is_reset:
            mail = PasswordResetAsked(**head, asked_at=at, expires_at=link.until, parcels=parcels)
        else:
            mail = StaffInvited(**head, invited_at=at, expires_at=link.until, parcels=parcels)
        return await self.staff_mails.add(mail, at, until=link.until + KEPT_FOR)
