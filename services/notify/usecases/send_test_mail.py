"""Sends one mail that is no letter, by the same code as letters, so that an operator sees what the server answers."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from services.notify.domain.dkim import Dkim
from services.notify.domain.letter import Letter
from services.notify.domain.mail_findings import Finding, refused_at
from services.notify.domain.message import Email, NamedAddress, encode
from services.notify.domain.pieces import joined
from services.notify.domain.replies import Reply
from services.notify.ports import ConnectionLost, MailConnection, MailServerRefuses
from shared.clock import Clock
from shared.errors import Unavailable

LIMIT_S: Final = 10.0
_SUBJECT: Final = "【テスト】メール送信の確認"
_TEXT: Final = """このメールは、見積りデスクのメール送信を確認するためのものです。ご返信は不要です。

受信したメールのヘッダー (Authentication-Results) に、spf=pass、dkim=pass、dmarc=pass とあれば、
設定は受信側でも有効です。
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTestMail:
    """Send a mail to an address, once, and say what the server answered."""

    connection: MailConnection
    dkim: Dkim
    sender: str
    envelope_sender: str
    host: str
    now: Clock
    limit_s: float = LIMIT_S

    async def __call__(self, recipient: str) -> Reply | Finding:
        """The answer, if the server took it. Raises `Invalid` (bad-address)."""
        letter = self._letter(recipient)
        content = joined(self.dkim.signed(encode(self._email(letter))))
        try:
            async with asyncio.timeout(self.limit_s):
                reply = await self._send(letter, content)
        except MailServerRefuses as refusal:
            return refused_at(refusal.place, self.host)
        except (Unavailable, ConnectionLost, TimeoutError):
            return Finding("smtp-away", self.host)
        finally:
            await self.connection.close()
        is_taken = reply.command == "content" and reply.code // 100 == 2  # noqa: PLR2004  # RFC 5321: accepted
        return reply if is_taken else Finding("mail-refused", f"{reply.command} {reply.code} {reply.text}")

    async def _send(self, letter: Letter, content: bytes) -> Reply:
        await self.connection.ensure_ready()
        reply = await self.connection.send_envelope(letter, len(content))
        if reply.command == "DATA" and reply.code == 354:  # noqa: PLR2004  # RFC 5321: send it
            reply = await self.connection.send_content(content)
        return reply

    def _letter(self, recipient: str) -> Letter:
        """An envelope needs no more; nothing of it is kept."""
        now = self.now()
        return Letter(
            id=str(uuid4()),
            request_id="",
            reception_no="",
            product="",
            kind="receipt",
            sender=self.envelope_sender,
            recipient=recipient,
            since=now,
            created_at=now,
            due=now,
        )

    def _email(self, letter: Letter) -> Email:
        sender = NamedAddress("", self.sender)
        return Email(
            letter_id=letter.id,
            sender=sender,
            reply_to=sender,
            to=NamedAddress("", letter.recipient),
            subject=_SUBJECT,
            text=_TEXT,
            attachments=(),
            created_at=letter.created_at,
        )
