"""The mail server, over SMTP, one command at a time: each reply decides what may be recorded about a letter."""

import time
from collections.abc import Callable
from contextlib import suppress
from ssl import SSLCertVerificationError, SSLEOFError, SSLError, SSLZeroReturnError
from typing import TYPE_CHECKING, Final, cast

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException

from services.notify.adapters.smtp_dialogue import SmtpDialogue
from services.notify.domain.letter import Letter
from services.notify.domain.mail_header import quoted_address
from services.notify.domain.mail_server import MailServer
from services.notify.domain.refusals import Place
from services.notify.domain.replies import Reply
from services.notify.ports import ConnectionLost, MailServerRefuses
from shared.errors import Unavailable

if TYPE_CHECKING:
    import asyncio

# How long a server may take (RFC 5321, 4.5.3.2). Whoever waits less long never gets a letter through to a slow one.
GREETING_S: Final = 300.0
COMMAND_S: Final = 300.0
"""For MAIL and for RCPT."""
DATA_S: Final = 120.0
FINAL_DOT_S: Final = 600.0
"""To wait less long for the answer to the final dot would make duplicates."""
RESET_S: Final = 30.0
QUIT_S: Final = 1.0
MAX_LETTERS: Final = 50
MAX_IDLE_S: Final = 30.0
_NO_EHLO: Final = frozenset({500, 502, 504})
_DONE: Final = 2
_NOT_NOW: Final = 400
_CLOSING: Final = 421
_REFUSED: Final = 500


class SmtpConnection:
    """`MailConnection` over SMTP: a new connection after 50 letters, and after 30 idle seconds."""

    def __init__(self, server: MailServer, own_name: str, seconds: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._own_name = own_name
        self._seconds = seconds
        self._dialogue: SmtpDialogue | None = None
        self._takes_size = False
        self._awaits_content = False
        self._letters = 0
        self._last_used = 0.0

    async def ensure_ready(self) -> None:
        """Uses the open connection if it still answers, else a new one."""
        if await self._still_answers():
            return
        await self.close()
        smtp = await self.connected()
        if smtp.transport is None:
            raise Unavailable("smtp")
        # uvloop's transports can do what an `asyncio.Transport` can, but are no instances of it.
        transport = cast("asyncio.Transport", smtp.transport)
        self._dialogue = SmtpDialogue(transport)
        transport.set_protocol(self._dialogue)
        self._takes_size, self._letters = smtp.supports_extension("size"), 0

    async def send_envelope(self, letter: Letter, size: int) -> Reply:
        """MAIL, with the size where the server supports that, RCPT and DATA."""
        dialogue = self._open_dialogue()
        options = f" SIZE={size}" if self._takes_size else ""
        reply = await dialogue.command("MAIL", f"MAIL FROM:<{quoted_address(letter.sender)}>{options}", COMMAND_S)
        if reply.code // 100 == _DONE:
            reply = await dialogue.command("RCPT", f"RCPT TO:<{quoted_address(letter.recipient)}>", COMMAND_S)
        if reply.code // 100 == _DONE:
            reply = await dialogue.command("DATA", "DATA", DATA_S)
            # Whatever it answers, what it expects now is only certain after a 4xx or 5xx.
            self._awaits_content = reply.code < 400  # noqa: PLR2004  # RFC 5321: refused
        return reply

    async def send_content(self, content: bytes) -> Reply:
        """The letter and the final dot."""
        self._letters += 1
        reply = await self._open_dialogue().content(content, FINAL_DOT_S)
        self._awaits_content, self._last_used = False, self._seconds()
        return reply

    async def close(self) -> None:
        """QUIT, if the server is still there and expects a command."""
        dialogue, self._dialogue = self._dialogue, None
        awaits_content, self._awaits_content = self._awaits_content, False
        if dialogue is None:
            return
        if dialogue.is_open and not awaits_content:
            with suppress(ConnectionLost):
                await dialogue.quit(QUIT_S)
        dialogue.abort()

    async def _still_answers(self) -> bool:
        dialogue = self._dialogue
        if dialogue is None or self._awaits_content or self._letters >= MAX_LETTERS:
            return False
        if self._letters and self._seconds() - self._last_used > MAX_IDLE_S:
            return False
        try:
            return await dialogue.reset(RESET_S)
        except ConnectionLost:
            return False

    async def connected(self) -> SMTP:
        """A new one, greeted, encrypted and logged in as we ask. Raises `Unavailable`, or `MailServerRefuses`."""
        server = self._server
        smtp = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=False,
            # The default asks the DNS for our own name, which may take seconds.
            local_hostname=self._own_name,
            timeout=GREETING_S,
        )
        place: Place = "greeting"
        try:
            await smtp.connect()
            # EHLO comes before the envelope is written, which depends on the extensions in the answer.
            await _greet(smtp)
            if server.starttls:
                place = "encryption"
                await smtp.starttls()
                place = "greeting"
                # What was said before the encryption does not count any more (RFC 3207, 4.2).
                await _greet(smtp)
            if server.user is not None:
                place = "log-in"
                await smtp.login(server.user, server.password or "")
        except (SMTPException, OSError) as error:
            # As with a connection that cannot be made, no letter is at fault.
            smtp.close()
            raise _refusal(error, place) or Unavailable("smtp") from error
        return smtp

    def _open_dialogue(self) -> SmtpDialogue:
        if self._dialogue is None:
            raise ConnectionLost
        return self._dialogue


def _refusal(error: SMTPException | OSError, place: Place) -> MailServerRefuses | None:
    """What *error* at *place* means if the server is there and refuses us; None if it is away."""
    if isinstance(error, SMTPResponseException):
        # 4xx to a log-in is no busy hour: SendGrid says `451 Maximum credits exceeded` when the plan is used up.
        refuses = error.code >= _REFUSED or (place != "greeting" and error.code >= _NOT_NOW and error.code != _CLOSING)
        return MailServerRefuses(place, error.code) if refuses else None
    tls_error = error if isinstance(error, SSLError) else error.__cause__
    match tls_error:
        case SSLCertVerificationError():
            return MailServerRefuses("certificate")
        case SSLEOFError() | SSLZeroReturnError():
            return None
        case SSLError():
            return MailServerRefuses("encryption")
    # What is left of aiosmtplib's errors says that the server does not offer what we ask for.
    return None if isinstance(error, OSError) else MailServerRefuses(place)


async def _greet(smtp: SMTP) -> None:
    """EHLO; HELO where the server does not know that (RFC 5321, 3.2)."""
    try:
        await smtp.ehlo()
    except SMTPHeloError as error:
        if error.code not in _NO_EHLO:
            raise
        await smtp.helo()
