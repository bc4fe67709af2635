"""When a page of the form was opened first, sealed into the page: it comes back with what is typed there.

A browser that has lost its cookie has lost its draft, and with it the moment when it began. With this it is not taken
for a program that never opened the form. It holds no answer and opens nothing.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PageSeal:
    """Seals moments with a secret of the ledger, so that all processes can read them."""

    secret: bytes = field(repr=False)

    def seal(self, product: str, begun_at: datetime) -> str:
        """*begun_at* as text that nobody else can write."""
        moment = begun_at.isoformat()
        return f"{moment} {self._mac(product, moment)}"

    def open(self, product: str, sealed: object) -> datetime | None:
        """The moment; None for anything that `seal` has not written for this product."""
        moment, _, mac = str(sealed).partition(" ")
        if not hmac.compare_digest(mac.encode(), self._mac(product, moment).encode()):
            return None
        return datetime.fromisoformat(moment)

    def _mac(self, product: str, moment: str) -> str:
        return hmac.digest(self.secret, f"page\n{product}\n{moment}".encode(errors="replace"), "sha256").hex()[:32]
