"""Looks at a start whether our mails can arrive, so that nobody learns it from customers who wait for them.

It ends the start only where it is certain that they cannot. What cannot be found out, such as a DNS that does not
answer or a signature by the provider, is said in the log at most.
"""

from dataclasses import dataclass
from typing import Final

import structlog

from services.notify.domain.mail_findings import MailCheck, forbids_start
from services.notify.usecases.check_mail_setup import CheckMailSetup
from shared.errors import Invalid

log = structlog.get_logger(__name__)

CHECK_S: Final = 5.0
"""A start waits no longer for the DNS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAtStart:
    """Log what keeps mails from arriving, and end the start if none can arrive and *mode* is `refuse`."""

    check: CheckMailSetup
    mode: MailCheck

    async def __call__(self) -> None:
        """Raises `Invalid`, with a sentence for the operator."""
        if self.mode == "off":
            return
        findings = [finding for finding in await self.check.of_domain() if finding.code != "dmarc-none"]
        for finding in findings:
            log.warning("mails may not arrive", reason=finding.code)
        if self.mode == "refuse" and forbids_start(findings):
            raise Invalid(
                "mails from the domain of MITSUMORI_MAIL_FROM cannot arrive;"
                " `mitsumori doctor mail` says what mends it, and MITSUMORI_MAIL_CHECK=warn starts all the same"
            )
