"""The mail server, over SMTP, one command at a time: each reply decides what may be recorded about a letter."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from services.notify.domain.mail_server import MailServer
from services.notify.ports import ConnectionLost, Letter
from shared.errors import Unavailable

CONNECT_S: Final = 10.0
COMMAND_S: Final = 40.0
"""For MAIL and RCPT together: both must fit into the lease of a claim."""
DATA_S: Final = 600.0
"""RFC 5321, 4.5.3.2.6: to wait less long for the answer to the final dot would make duplicates."""
MAX_LETTERS: Final = 50
MAX_IDLE_S: Final = 30.0
_POSITIVE: Final = 200


class SmtpConnection:
    """`MailConnection` over SMTP: a new connection after 50 letters, and after 30 idle seconds."""

    def __init__(self, server: MailServer, own_name: str, seconds: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._own_name = own_name
        self._seconds = seconds
        self._smtp: SMTP | None = None
        self._letters = 0
        self._last_used = 0.0

    async def ensure_ready(self) -> None:
        """Uses the open connection if it still answers, else a new one."""
        if await self._still_answers():
            return
        await self.close()
        server = self._server
        smtp = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            # The default asks the DNS for our own name, which may take seconds.
            local_hostname=self._own_name,
            timeout=CONNECT_S,
        )
        try:
            await smtp.connect()
            # EHLO comes before the envelope is written, which depends on the extensions in the answer.
            await smtp.ehlo()
        except (SMTPException, OSError) as error:
            # A wrong password too: as with a refused connection, no letter is at fault.
            smtp.close()
            raise Unavailable("smtp") from error
        self._smtp, self._letters = smtp, 0

    async def send_envelope(self, letter: Letter, size: int) -> int:
        """MAIL, with the size where the server supports that, and RCPT."""
        smtp = self._open_smtp()
        options = [f"SIZE={size}"] if smtp.supports_extension("size") else []
        code = await _reply(smtp.mail(letter.sender, options=options, timeout=COMMAND_S / 2))
        if code // 100 != _POSITIVE // 100:
            return code
        return await _reply(smtp.rcpt(letter.recipient, timeout=COMMAND_S / 2))

    async def send_content(self, content: bytes) -> int:
        """DATA."""
        self._letters += 1
        code = await _reply(self._open_smtp().data(content, timeout=DATA_S))
        self._last_used = self._seconds()
        return code

    async def close(self) -> None:
        """QUIT, if the server is still there."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None and smtp.is_connected:
            with suppress(SMTPException, OSError):
                await smtp.quit(timeout=1.0)
            smtp.close()

    async def _still_answers(self) -> bool:
        smtp = self._smtp
        if smtp is None or not smtp.is_connected or self._letters >= MAX_LETTERS:
            return False
        if self._letters and self._seconds() - self._last_used > MAX_IDLE_S:
            return False
        try:
            await smtp.rset(timeout=CONNECT_S)
        except (SMTPException, OSError):
            return False
        return True

    def _open_smtp(self) -> SMTP:
        if self._smtp is None:
            raise ConnectionLost
        return self._smtp


async def _reply(command: Awaitable[object]) -> int:
    """The reply code of *command*. Only a code that SMTP knows is a reply; anything else is a lost connection."""
    try:
        await command
    except SMTPResponseException as error:
        if error.code < _POSITIVE:
            raise ConnectionLost from error
        return error.code
    except (SMTPException, OSError) as error:
        raise ConnectionLost from error
    return 250
