"""Who did what, noted before it is done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from services.dashboard.domain.visitor import Visitor

Act = Literal[
    "logged-in",
    "logged-out",
    "refused",
    "listed-cases",
    "exported-cases",
    "exported-figures",
    "handed-over-case",
    "printed-post",
    "opened-case",
    "asked-for-letter",
    "opened-letter",
    "opened-document",
    "released-quote",
    "released-mails",
    "decided-on-quote",
    "took-back",
    "worked-on-case",
    "proposed-many",
    "worked-on-many",
    "stopped-many",
    "saved-view",
    "shared-view",
    "removed-view",
    "dead-letter-retried",
    "dead-letter-discarded",
    "erased-request",
    "restored-backup",
    "disclosed-request",
    "account-added",
    "link-made",
    "reset-asked",
    "address-changed",
    "company-account-linked",
    "company-account-unlinked",
    "two-step-on",
    "two-step-off",
    "passkey-added",
    "passkey-removed",
    "recovery-code-used",
    "recovery-codes-renewed",
    "session-ended",
    "sessions-ended",
    "password-changed",
    "role-changed",
    "account-disabled",
    "account-enabled",
    "account-removed",
    "read-contacts",
    "token-made",
    "token-revoked",
    "webhook-added",
    "webhook-paused",
    "webhook-resumed",
    "webhook-removed",
    "webhook-replayed",
]


class Audit(Protocol):
    """What staff did and when; insert-only, and nothing about customers."""

    async def record(
        self,
        act: Act,
        at: datetime,
        account: str,
        request_id: str | None = None,
        *,
        seen: Sequence[str] = (),
        visitor: Visitor | None = None,
        about: str | None = None,
    ) -> None:
        """*seen*: the ids of the requests on a page of the list, or of a part of an export.

        *visitor*: where a log-in came from.

        *about*: the account, dead letter, bulk run or view that *account* did something to; the kind of work on a case;
        what was refused; or the letter, or document of it, that was opened.
        """
        ...
