"""The second step of a log-in: a code of an app that changes every 30 seconds (TOTP), or a recovery code.

RFC 6238 and RFC 4226 are these twenty lines. A library that was looked at says whether a code is right, but not of
which 30 seconds it is, and without that a code could be used twice.
"""

import base64
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote

PERIOD_S: Final = 30
DIGITS: Final = 6
KEY_BYTES: Final = 20
"""As long as what SHA-1 makes (RFC 4226, 4, R6). Apps know no other hash for sure."""
RECOVERY_CODES: Final = 10
_CLOCKS_DIFFER: Final = (0, -1, 1)
_MASK: Final = 0x7FFFFFFF
_CODE: Final = re.compile(rf"[0-9]{{{DIGITS}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStep:
    """What an account must also show. `key` is empty when it cannot be read; recovery codes then still work."""

    key: bytes
    last_step: int
    recovery: frozenset[str]
    """Digests of the codes that are left."""

    def match(self, typed: str, now: datetime) -> int | str | None:
        """What *typed* would use up: the number of a 30-second step, or the digest of a recovery code."""
        plain = re.sub(r"[\s-]", "", typed).lower()
        if _CODE.fullmatch(plain):
            step = matching_step(self.key, plain, now) if self.key else None
            return step if step is not None and step > self.last_step else None
        digest = recovery_digest(plain)
        return digest if digest in self.recovery else None


def matching_step(key: bytes, code: str, now: datetime) -> int | None:
    """The 30-second step that *code* belongs to: this one, or the one before or after, because clocks differ."""
    current = int(now.timestamp()) // PERIOD_S
    steps = (current + difference for difference in _CLOCKS_DIFFER)
    return next((step for step in steps if hmac.compare_digest(code_of(key, step), code)), None)


def code_of(key: bytes, step: int) -> str:
    """The code of one step (RFC 4226, 5.3)."""
    mac = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0xF
    number = int.from_bytes(mac[start : start + 4], "big") & _MASK
    return f"{number % 10**DIGITS:0{DIGITS}}"


def as_text(key: bytes) -> str:
    """*key* as apps take it when somebody types it: base32 (RFC 4648)."""
    return base64.b32encode(key).decode()


def from_text(text: str) -> bytes | None:
    """The opposite of `as_text`; None for what is no key of ours."""
    try:
        key = base64.b32decode(text)
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None


def address_of(key: bytes, account: str) -> str:
    """What the QR code says (the "Key URI Format" that all apps read)."""
    issuer = quote("見積デスク")
    return f"otpauth://totp/{issuer}:{quote(account)}?secret={as_text(key)}&issuer={issuer}"


def recovery_codes(randoms: Iterable[bytes]) -> tuple[str, ...]:
    """A code of each ten random bytes: `abcd-efgh-jklm-nopq`."""
    texts = (base64.b32encode(each).decode().lower() for each in randoms)
    return tuple("-".join(text[start : start + 4] for start in range(0, len(text), 4)) for text in texts)


def recovery_digest(code: str) -> str:
    """A fast hash is enough: 80 random bits cannot be guessed."""
    return sha256(code.replace("-", "").encode()).hexdigest()
