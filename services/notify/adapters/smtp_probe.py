"""What the mail server offers to us: for `mitsumori doctor mail`, which sends no letter to find out."""

from services.notify.adapters.smtp import SmtpConnection
from services.notify.domain.mail_server import MailServer, MailServerOffer


async def offer_of(server: MailServer, own_name: str) -> MailServerOffer:
    """What it said to EHLO after the encryption, to the client that sends letters (`AskOffer`)."""
    smtp = await SmtpConnection(server, own_name).connected()
    size = smtp.esmtp_extensions.get("size", "")
    offer = MailServerOffer(
        # 0 is no limit (RFC 1870, 4).
        size=(int(size) or None) if size.isdecimal() else None,
        takes_8bit=smtp.supports_extension("8bitmime"),
    )
    smtp.close()
    return offer
