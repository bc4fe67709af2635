"""The cookie with the key of a draft. It outlives the draft, so that a customer who comes back too late is told so.

Over https its name begins with `__Host-`: no other site of the same domain can set it, so nobody can make a customer
type into a draft that somebody else reads. Such a cookie is for all paths, so its name says for which product it is.
The cookie of the version before still opens a draft of that version; whatever is saved then has a new key. Another
site of the domain can plant such a cookie, but not with a draft of this version: its key says so (`new_host_key`). When
the drafts of the version before are over, after 14 days, it opens nothing any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from fastapi import Response

from services.intake.domain.draft_encryption import is_host_key, new_host_key, new_key
from shared.products import Product

OLDER: Final = "mitsumori_draft"
"""Over http, and over https in the version before: a cookie for the product's paths only."""
_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DraftCookie:
    """The cookie for one product. `is_secure`: browsers find us by https."""

    product: Product
    is_secure: bool

    @property
    def name(self) -> str:
        """Its name, now."""
        return f"__Host-{OLDER}.{self.product.slug}" if self.is_secure else OLDER

    def read(self, cookies: Mapping[str, str]) -> tuple[str, bool]:
        """The key that the browser sent, or nothing; and whether it is that of the version before."""
        if self.name in cookies:
            return cookies[self.name], False
        older = cookies.get(OLDER, "")
        return ("", False) if is_host_key(older) else (older, bool(older))

    def new_key(self) -> str:
        """The key of a draft that is kept from now on."""
        return new_host_key() if self.is_secure else new_key()

    def set(self, response: Response, key: str) -> None:
        """Let *response* give the browser this key."""
        response.set_cookie(
            self.name,
            key,
            max_age=int(_KEPT.total_seconds()),
            path="/" if self.is_secure else self._path,
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )
        if self.is_secure:
            response.delete_cookie(OLDER, path=self._path, secure=True, httponly=True, samesite="lax")

    def delete(self, response: Response) -> None:
        """Let *response* take the key away from the browser."""
        response.delete_cookie(OLDER, path=self._path, secure=self.is_secure, httponly=True, samesite="lax")
        if self.is_secure:
            response.delete_cookie(self.name, path="/", secure=True, httponly=True, samesite="lax")

    @property
    def _path(self) -> str:
        return f"/{self.product.slug}/"
