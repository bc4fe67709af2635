"""The mail server, spoken to one command at a time: each reply decides what may be recorded about a letter."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from services.notify.domain.mail_server import MailServer
from services.notify.ports import Letter, LineLost
from shared.errors import Unavailable

CONNECT_S: Final = 10.0
COMMAND_S: Final = 40.0
"""Address and envelope together must fit into the lease of a claim."""
DATA_S: Final = 600.0
"""RFC 5321, 4.5.3.2.6: to give up on the final dot any sooner is to make copies."""
LETTERS_A_LINE: Final = 50
IDLE_S: Final = 30.0
_POSITIVE: Final = 200


class SmtpPost:
    """`Post` over SMTP. A line is used for at most 50 letters, and not after 30 idle seconds."""

    def __init__(self, server: MailServer, hello: str, seconds: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._hello = hello
        self._seconds = seconds
        self._line: SMTP | None = None
        self._letters = 0
        self._last_used = 0.0

    async def ready(self) -> None:
        """A clear line: the one we have if it still answers, else a new one."""
        if await self._still_good():
            return
        await self.hang_up()
        server = self._server
        line = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            # The default asks the DNS for our own name, which may take seconds.
            local_hostname=self._hello,
            timeout=CONNECT_S,
        )
        try:
            await line.connect()
            # Says hello before the envelope is written, which depends on the extensions in the answer.
            await line.ehlo()
        except (SMTPException, OSError) as error:
            # A wrong password as much as a refused connection: no letter is at fault.
            line.close()
            raise Unavailable("smtp") from error
        self._line, self._letters = line, 0

    async def address(self, letter: Letter, size: int) -> int:
        """MAIL, with the size where the server cares for it, and RCPT."""
        line = self._open_line()
        options = [f"SIZE={size}"] if line.supports_extension("size") else []
        code = await _reply(line.mail(letter.sender, options=options, timeout=COMMAND_S / 2))
        if code // 100 != _POSITIVE // 100:
            return code
        return await _reply(line.rcpt(letter.recipient, timeout=COMMAND_S / 2))

    async def transmit(self, content: bytes) -> int:
        """DATA."""
        self._letters += 1
        code = await _reply(self._open_line().data(content, timeout=DATA_S))
        self._last_used = self._seconds()
        return code

    async def hang_up(self) -> None:
        """QUIT, if anybody is still listening."""
        line, self._line = self._line, None
        if line is not None and line.is_connected:
            with suppress(SMTPException, OSError):
                await line.quit(timeout=1.0)
            line.close()

    async def _still_good(self) -> bool:
        line = self._line
        if line is None or not line.is_connected or self._letters >= LETTERS_A_LINE:
            return False
        if self._letters and self._seconds() - self._last_used > IDLE_S:
            return False
        try:
            await line.rset(timeout=CONNECT_S)
        except (SMTPException, OSError):
            return False
        return True

    def _open_line(self) -> SMTP:
        if self._line is None:
            raise LineLost
        return self._line


async def _reply(command: Awaitable[object]) -> int:
    """The reply code of *command*. Only a code that SMTP knows is a reply; anything else is a lost line."""
    try:
        await command
    except SMTPResponseException as error:
        if error.code < _POSITIVE:
            raise LineLost from error
        return error.code
    except (SMTPException, OSError) as error:
        raise LineLost from error
    return 250
