"""The mailbox's SMTP server: aiosmtpd's, but a mail is read in large pieces.

aiosmtpd reads it line by line, and with its brochures a mail has thousands: most of the mailbox's time went there.
"""

import asyncio
from typing import Final

from aiosmtpd.smtp import SMTP

from local.bounces import Bounces
from local.maildir import Maildir

LARGEST_MAIL: Final = 25 * 1024 * 1024
_LONGEST_LINE: Final = SMTP.line_length_limit
"""With its end."""
_END: Final = b"\r\n.\r\n"


class SmtpServer(SMTP):
    """One connection. A mail is on disk before its sender gets the reply 250."""

    line_length_limit = 256 * 1024
    """How many bytes aiosmtpd's stream looks at, at most, to find an end."""

    def __init__(self, maildir: Maildir, bounces: Bounces | None = None) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(None, hostname="mailbox.localhost", data_size_limit=LARGEST_MAIL, loop=loop)
        self._maildir = maildir
        self._bounces = bounces

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # aiosmtpd's name
        """Keep the mail that follows, refuse it (5xx), or ask its sender to try again later (451)."""
        if await self.check_helo_needed():
            return
        if not (self.envelope and self.envelope.rcpt_tos):
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        reply = self._kept(await self._mail())
        self.envelope = self._create_envelope()
        await self.push(reply)

    async def _mail(self) -> bytes | None:
        """The mail as it was sent, with the line end before it and without its end; or `None`: it is too large."""
        mail = bytearray(b"\r\n")
        is_too_large = False
        while not mail.endswith(_END):
            try:
                piece = await self._reader.readuntil(_END[2:])
            except asyncio.LimitOverrunError as error:
                piece = await self._reader.read(error.consumed)
            is_too_large |= len(mail) + len(piece) > LARGEST_MAIL + len(_END)
            if is_too_large:
                # What the end may begin with is enough.
                del mail[:-2]
            mail += piece
        return None if is_too_large else bytes(mail[:-3])

    def _kept(self, mail: bytes | None) -> str:
        """Keep the mail, and what to reply to its sender."""
        if mail is None:
            return "552 Error: Too much mail data"
        if _has_long_line(mail):
            return "500 Line too long (see RFC5321 4.5.3.1.6)"
        try:
            # RFC 5321, section 4.5.2: a dot at the beginning of a line was put there for the transport.
            content = mail.replace(b"\r\n.", b"\r\n")[2:]
            self._maildir.add(content)
            if self._bounces and self.envelope:
                self._bounces.send_back(self.envelope.mail_from or "", self.envelope.rcpt_tos, content)
        except OSError as error:
            return f"451 4.3.0 not kept: {error.strerror}"
        return "250 2.0.0 kept"


def _has_long_line(mail: bytes) -> bool:
    """Whether a line is longer than allowed: from a line end, the next one is looked for no farther than that."""
    at, last = 0, len(mail) - 2
    while at < last:
        farthest = mail.rfind(b"\r\n", at + 2, at + 2 + _LONGEST_LINE)
        if farthest < 0:
            return True
        at = farthest
    return False
