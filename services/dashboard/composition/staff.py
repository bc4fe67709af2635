"""Puts together how staff log in and what they do about accounts."""

from uuid import uuid4

from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.adapters.mongo_accounts import MongoAccounts, MongoInvitations
from services.dashboard.adapters.mongo_addresses import MongoStaffAddresses
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.adapters.mongo_belongings import MongoBelongings
from services.dashboard.adapters.mongo_company import MongoCompanyLogIns, MongoIdentities
from services.dashboard.adapters.mongo_kept_posts import MongoKeptPosts
from services.dashboard.adapters.mongo_passkeys import MongoPasskeys
from services.dashboard.adapters.mongo_second_steps import MongoSecondSteps
from services.dashboard.adapters.mongo_staff import MongoDevices, MongoFailedLogIns, MongoSessions, MongoTries
from services.dashboard.adapters.mongo_staff_mails import MongoStaffMails
from services.dashboard.adapters.webauthn import WebAuthn
from services.dashboard.composition.parts import Parts, provider_of
from services.dashboard.entrypoints.web.staff_use_cases import StaffUseCases
from services.dashboard.settings import Settings
from services.dashboard.usecases.log_in import LogIn
from services.dashboard.usecases.mail_link import MailLink
from shared.clock import utc_now
from shared.runtime.adapters.mongo import Database


async def staff_use_cases(
    settings: Settings,
    parts: Parts,
    database: Database,
    *,
    accounts: MongoAccounts,
    staff_mails: MongoStaffMails,
    audit: MongoAudit,
) -> StaffUseCases:
    """On collections that are ready. Raises `Unavailable`."""
    sessions, devices, tries = MongoSessions(database), MongoDevices(database), MongoTries(database)
    failed, invitations = MongoFailedLogIns(database), MongoInvitations(database)
    kept_posts, passkeys = MongoKeptPosts(database, parts.box), MongoPasskeys(database)
    second_steps = MongoSecondSteps(database, parts.box)
    addresses, journeys = MongoStaffAddresses(database, parts.box), MongoCompanyLogIns(database)
    identities = MongoIdentities(database)
    for each in (sessions, devices, tries, failed, invitations, kept_posts, passkeys, journeys, identities):
        await each.prepare()
    log_in = LogIn(
        accounts=accounts,
        passwords=ArgonPasswords(),
        sessions=sessions,
        devices=devices,
        tries=tries,
        failed=failed,
        second_steps=second_steps,
        audit=audit,
        now=utc_now,
    )
    return StaffUseCases(
        accounts=accounts,
        passwords=ArgonPasswords(),
        sessions=sessions,
        devices=devices,
        tries=tries,
        invitations=invitations,
        second_steps=second_steps,
        kept_posts=kept_posts,
        belongings=MongoBelongings(database),
        passkeys=passkeys,
        passkey_checks=WebAuthn(),
        provider=provider_of(settings),
        journeys=journeys,
        identities=identities,
        log_in=log_in,
        mail_link=MailLink(
            addresses=addresses,
            staff_mails=staff_mails,
            sealer=parts.sealer,
            product=min(parts.products),
            origin=settings.origin,
            new_id=lambda: str(uuid4()),
        ),
        audit=audit,
        now=utc_now,
    )
