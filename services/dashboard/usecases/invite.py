"""Let somebody give themselves a password, by a link that an admin hands over or that is mailed.

Nobody else ever knows the password.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from services.dashboard.domain.passwords import Weakness, weakness
from services.dashboard.domain.roles import Role
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.log_in import Devices
from services.dashboard.ports.staff import Accounts, Invitations, Passwords, Sessions
from services.dashboard.usecases.create_account import NAME
from services.dashboard.usecases.log_in import digest_of
from services.dashboard.usecases.mail_link import Link, MailLink
from shared.clock import Clock
from shared.errors import Invalid
from shared.mail_address import is_mail_address

INVITATION_LASTS: Final = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Make a link: for a new account, which has no password yet, or for one that needs another."""

    accounts: Accounts
    invitations: Invitations
    mail_link: MailLink
    audit: Audit
    now: Clock

    async def new(self, name: str, role: Role, *, by: str, email: str = "") -> Link:
        """With an *email* the link is mailed too. Raises `Invalid`: bad-name, bad-email, name-taken."""
        if not NAME.fullmatch(name):
            raise Invalid("bad-name")
        if email and not is_mail_address(email):
            raise Invalid("bad-email")
        if not await self.accounts.is_free(name):
            raise Invalid("name-taken")
        await self.audit.record("account-added", self.now(), by, about=f"{name}={role}")
        if not await self.accounts.add(name, None, self.now(), role):
            raise Invalid("name-taken")  # By somebody else, at this moment.
        if email:
            await self.mail_link.addresses.keep(name, email)
        return await self.again(name, by=by)

    async def again(self, name: str, *, by: str) -> Link:
        """The password of before works until the link is used. Raises `Invalid`: no-such-account, disabled."""
        account = await self.accounts.find(name)
        if account is None:
            raise Invalid("no-such-account")
        if account.disabled_at:
            raise Invalid("disabled")
        now = self.now()
        link = Link(secrets.token_urlsafe(32), now + INVITATION_LASTS)
        await self.audit.record("link-made", now, by, about=name)
        await self.invitations.add(digest_of(link.token), name, link.until, is_invitation=True)
        return replace(link, is_mailed=await self.mail_link(name, link, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptInvitation:
    """Set the password of whoever has the link. Every session of the account ends; nobody is logged in by this."""

    accounts: Accounts
    passwords: Passwords
    invitations: Invitations
    sessions: Sessions
    devices: Devices
    audit: Audit
    now: Clock

    async def account(self, token: str) -> str | None:
        """Whose link it is; None for one that does not work (any more)."""
        return await self.invitations.account(digest_of(token), self.now())

    async def __call__(self, token: str, password: str) -> Weakness | None:
        """Why the password is refused, and then the link still works. Raises `Invalid` (no-such-link)."""
        name = await self.account(token)
        if name is None:
            raise Invalid("no-such-link")
        if weak := weakness(password, name):
            return weak
        password_hash = await self.passwords.hash(password)
        await self.audit.record("password-changed", self.now(), name, about=name)
        if await self.invitations.take(digest_of(token), self.now()) is None:
            raise Invalid("no-such-link")  # Used or withdrawn at this moment.
        await self.accounts.set_password(name, password_hash)
        await self.sessions.end_all(name, self.now())
        await self.devices.forget(name)
        return None
