"""The use cases of the pages about accounts, put together once for the real ports and for those of the tests."""

from dataclasses import dataclass

from services.dashboard.domain.roles import Staff
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.company import CompanyLogIns, Identities, Provider
from services.dashboard.ports.log_in import Devices, Tries
from services.dashboard.ports.passkeys import PasskeyChecks, Passkeys
from services.dashboard.ports.staff import (
    Accounts,
    Belongings,
    Invitations,
    KeptPosts,
    Passwords,
    SecondSteps,
    Sessions,
)
from services.dashboard.usecases.ask_reset import AskReset
from services.dashboard.usecases.change_address import ChangeAddress
from services.dashboard.usecases.change_password import ChangePassword
from services.dashboard.usecases.change_role import ChangeRole
from services.dashboard.usecases.check_password import CheckPassword
from services.dashboard.usecases.close_account import CloseAccount, EnableAccount, EndSession, EndSessions
from services.dashboard.usecases.invite import AcceptInvitation, Invite
from services.dashboard.usecases.keep_post import KeepPost
from services.dashboard.usecases.log_in import LogIn
from services.dashboard.usecases.log_in_by_company import LogInByCompany
from services.dashboard.usecases.mail_link import MailLink
from services.dashboard.usecases.passkeys import OwnPasskeys, RecogniseByPasskey
from services.dashboard.usecases.two_step import TwoStep
from services.dashboard.usecases.unlink_company import UnlinkCompany
from shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffUseCases:
    """On these ports."""

    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    devices: Devices
    tries: Tries
    invitations: Invitations
    second_steps: SecondSteps
    kept_posts: KeptPosts
    belongings: Belongings
    passkeys: Passkeys
    passkey_checks: PasskeyChecks
    provider: Provider | None
    journeys: CompanyLogIns
    identities: Identities
    log_in: LogIn
    mail_link: MailLink
    audit: Audit
    now: Clock

    async def workers(self) -> list[str]:
        """Who may be given a case: every account that can log in and may work on cases."""
        accounts = [one for one in await self.accounts.all() if not (one.disabled_at or one.is_invited)]
        return [one.name for one in accounts if Staff(one.name, one.role).may("work-on-cases")]

    @property
    def invite(self) -> Invite:
        """Make a link with which somebody sets their password."""
        return Invite(
            accounts=self.accounts,
            invitations=self.invitations,
            mail_link=self.mail_link,
            audit=self.audit,
            now=self.now,
        )

    @property
    def ask_reset(self) -> AskReset:
        """Mail such a link to who has forgotten their password."""
        return AskReset(
            accounts=self.accounts,
            invitations=self.invitations,
            tries=self.tries,
            mail_link=self.mail_link,
            audit=self.audit,
            now=self.now,
        )

    @property
    def change_address(self) -> ChangeAddress:
        """Give an account another mail address."""
        return ChangeAddress(
            addresses=self.mail_link.addresses, invitations=self.invitations, audit=self.audit, now=self.now
        )

    @property
    def accept_invitation(self) -> AcceptInvitation:
        """Set a password by such a link."""
        return AcceptInvitation(
            accounts=self.accounts,
            passwords=self.passwords,
            invitations=self.invitations,
            sessions=self.sessions,
            devices=self.devices,
            audit=self.audit,
            now=self.now,
        )

    @property
    def change_password(self) -> ChangePassword:
        """Change one's own password."""
        return ChangePassword(
            check_password=self.check_password,
            accounts=self.accounts,
            passwords=self.passwords,
            invitations=self.invitations,
            sessions=self.sessions,
            devices=self.devices,
            audit=self.audit,
            now=self.now,
        )

    @property
    def check_password(self) -> CheckPassword:
        """Ask for one's own password once more."""
        return CheckPassword(accounts=self.accounts, passwords=self.passwords, tries=self.tries, now=self.now)

    @property
    def two_step(self) -> TwoStep:
        """Turn the second step on and off."""
        return TwoStep(
            check_password=self.check_password, second_steps=self.second_steps, audit=self.audit, now=self.now
        )

    @property
    def own_passkeys(self) -> OwnPasskeys:
        """Make and remove one's own passkeys."""
        return OwnPasskeys(
            check_password=self.check_password,
            passkeys=self.passkeys,
            checks=self.passkey_checks,
            audit=self.audit,
            now=self.now,
        )

    @property
    def recognise_by_passkey(self) -> RecogniseByPasskey:
        """Whose passkey a browser has shown."""
        return RecogniseByPasskey(passkeys=self.passkeys, checks=self.passkey_checks, now=self.now)

    @property
    def log_in_by_company(self) -> LogInByCompany | None:
        """Log in by the company's provider; None without one."""
        if self.provider is None:
            return None
        return LogInByCompany(
            provider=self.provider,
            journeys=self.journeys,
            identities=self.identities,
            accounts=self.accounts,
            addresses=self.mail_link.addresses,
            invitations=self.invitations,
            log_in=self.log_in,
            audit=self.audit,
            now=self.now,
        )

    @property
    def unlink_company(self) -> UnlinkCompany:
        """Let an account no longer be opened by the company's account, also where there is no provider any more."""
        return UnlinkCompany(
            check_password=self.check_password,
            accounts=self.accounts,
            identities=self.identities,
            invitations=self.invitations,
            sessions=self.sessions,
            devices=self.devices,
            audit=self.audit,
            now=self.now,
        )

    @property
    def keep_post(self) -> KeepPost:
        """Keep what was typed after a session had ended."""
        return KeepPost(posts=self.kept_posts, sessions=self.sessions, now=self.now)

    @property
    def end_session(self) -> EndSession:
        """Log oneself out of one browser."""
        return EndSession(sessions=self.sessions, audit=self.audit, now=self.now)

    @property
    def change_role(self) -> ChangeRole:
        """Give an account another role."""
        return ChangeRole(accounts=self.accounts, audit=self.audit, now=self.now)

    @property
    def close_account(self) -> CloseAccount:
        """Disable or remove an account."""
        return CloseAccount(
            accounts=self.accounts,
            sessions=self.sessions,
            devices=self.devices,
            invitations=self.invitations,
            belongings=self.belongings,
            audit=self.audit,
            now=self.now,
        )

    @property
    def enable_account(self) -> EnableAccount:
        """Let a disabled account log in again."""
        return EnableAccount(accounts=self.accounts, audit=self.audit, now=self.now)

    @property
    def end_sessions(self) -> EndSessions:
        """Log an account out everywhere."""
        return EndSessions(
            invitations=self.invitations,
            sessions=self.sessions,
            devices=self.devices,
            audit=self.audit,
            now=self.now,
        )
