"""Log in with an account of the company's own provider. The roles stay ours, and a password works all the same.

An account is known again by issuer and subject. Who is not known yet gets in only while an admin's invitation is open
for an account with the mail address that the provider has verified (docs/adr/0021-people.md).
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.dashboard.domain.visitor import Visitor
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.company import CompanyLogIns, Identities, Identity, Provider
from services.dashboard.ports.staff import Accounts, Invitations
from services.dashboard.ports.staff_mails import StaffAddresses
from services.dashboard.usecases.log_in import LoggedIn, LogIn, LogOut, Refused, digest_of
from shared.clock import Clock
from shared.errors import Invalid

LASTS: Final = timedelta(minutes=10)
"""For whoever must find their telephone first."""


@dataclass(frozen=True, slots=True)
class Journey:
    """Where the browser goes, and the token that only it has until it comes back."""

    address: str
    token: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A session, and the page that was wanted."""

    session: LoggedIn
    account: str
    page: str


@dataclass(frozen=True, slots=True)
class NotInvited:
    """The provider knows them, and no account is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInByCompany:
    """Raises `Unavailable` when the provider is away."""

    provider: Provider
    journeys: CompanyLogIns
    identities: Identities
    accounts: Accounts
    addresses: StaffAddresses
    invitations: Invitations
    log_in: LogIn
    audit: Audit
    now: Clock

    async def begin(self, page: str) -> Journey:
        """*token* is the secret of this try: what must come back from the provider is derived from it."""
        state, token = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        address = await self.provider.address(state, digest_of(f"nonce:{token}"), token)
        await self.journeys.begin(digest_of(state), digest_of(token), page, self.now() + LASTS)
        return Journey(address, token)

    async def finish(self, state: str, token: str, code: str, visitor: Visitor) -> Entered | NotInvited | Refused:
        """The session is a new one, in place of the one that the browser has. A state works once."""
        page = await self.journeys.take(digest_of(state), digest_of(token), self.now())
        identity = None if page is None else await self._identity(code, token)
        name = await self._owner(identity) if identity else None
        # Also without a name: then it is counted as a log-in that failed.
        session = await self.log_in.by_company(name, visitor)
        match session:
            case LoggedIn() if name and page and identity:
                if await self.identities.owner(identity) == name:
                    return Entered(session, name, page)
                # Unlinked at this very moment: the session began too late to be ended with the others.
                await LogOut(self.log_in.sessions, self.audit, self.now)(session.token, name)
                return Refused()
            case _:
                return NotInvited() if identity and not name else Refused()

    async def _identity(self, code: str, token: str) -> Identity | None:
        try:
            return await self.provider.identity(code, digest_of(f"nonce:{token}"), token)
        except Invalid:
            return None

    async def _owner(self, identity: Identity) -> str | None:
        return await self.identities.owner(identity) or await self._linked(identity)

    async def _linked(self, identity: Identity) -> str | None:
        """The account that is theirs from now on. Of several with that address, none."""
        names = await self.addresses.owners(identity.email) if identity.email else []
        account = await self.accounts.find(names[0]) if len(names) == 1 else None
        if account is None or account.disabled_at or not await self.invitations.invited(account.name, self.now()):
            return None
        await self.audit.record("company-account-linked", self.now(), account.name, about=account.name)
        if not await self.identities.link(account.name, identity):
            return None
        await self.invitations.withdraw(account.name)
        return account.name
